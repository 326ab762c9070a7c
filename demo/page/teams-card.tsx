/** One Adaptive Card, drawn by Microsoft's own renderer. */
import {
  AdaptiveCard,
  type ExecuteAction,
  HostConfig,
  type SubmitAction,
} from 'adaptivecards/dist/adaptivecards.js';
import { useEffect, useRef } from 'react';
import { cardMarkdown } from './card-markdown.ts';

export type CardPress = { type: 'Action.Execute' | 'Action.Submit'; verb?: string; data: unknown };

AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = cardMarkdown(text);
  result.didProcess = true;
};

const tone = (name: string) => ({ default: `var(--tp-${name})`, subtle: 'var(--tp-quiet)' });
const colours = {
  default: tone('ink'),
  accent: tone('brand'),
  good: tone('good'),
  attention: tone('bad'),
  warning: tone('warn'),
};

const hostConfig = new HostConfig({
  fontFamily: 'inherit',
  fontSizes: { small: 12, default: 14, medium: 16, large: 18, extraLarge: 24 },
  fontWeights: { lighter: 400, default: 400, bolder: 600 },
  spacing: { small: 6, default: 10, medium: 14, large: 20, extraLarge: 28, padding: 0 },
  containerStyles: {
    default: { backgroundColor: 'transparent', foregroundColors: colours },
    emphasis: { backgroundColor: 'var(--tp-hover)', foregroundColors: colours },
  },
  factSet: {
    title: { color: 'default', isSubtle: true, weight: 'default', wrap: true, maxWidth: 220 },
    value: { color: 'default', weight: 'bolder', wrap: true },
    spacing: 20,
  },
  actions: {
    maxActions: 6,
    spacing: 'medium',
    buttonSpacing: 8,
    actionsOrientation: 'horizontal',
    actionAlignment: 'left',
  },
  supportsInteractivity: true,
});

/** `card` is what the bot sent; presses go back through `onPress`. */
export function TeamsCard({ card, onPress }: { card: unknown; onPress: (press: CardPress) => void }) {
  const place = useRef<HTMLDivElement>(null);
  const pressed = useRef(onPress);
  pressed.current = onPress;
  const source = JSON.stringify(card);
  useEffect(() => {
    const drawn = new AdaptiveCard();
    drawn.hostConfig = hostConfig;
    drawn.onExecuteAction = (action) => {
      const type = action.getJsonTypeName();
      if (type === 'Action.OpenUrl') {
        const url = (action as unknown as { url?: string }).url ?? '';
        if (/^https?:/.test(url)) window.open(url, '_blank', 'noopener');
      } else if (type === 'Action.Execute') {
        const { verb, data } = action as ExecuteAction;
        pressed.current({ type, verb, data });
      } else if (type === 'Action.Submit') pressed.current({ type, data: (action as SubmitAction).data });
    };
    drawn.parse(JSON.parse(source));
    const element = drawn.render();
    if (element) place.current?.replaceChildren(element);
  }, [source]);
  return <div className="tp-card" ref={place} />;
}
