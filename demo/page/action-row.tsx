import { useState } from 'react';
import type { PressedElement } from '../slack/act.ts';
import type { KitElement } from './kit-block.ts';

type ActionRowProps = {
  elements: readonly KitElement[];
  onPress: (element: PressedElement) => Promise<boolean>;
};

/** Buttons and menus; while Slack waits for the acknowledgement, the pressed one shows it. */
export function ActionRow({ elements, onPress }: ActionRowProps) {
  const [busy, setBusy] = useState<number | null>(null);
  const press = async (index: number, { type, action_id }: KitElement, chosen: Partial<PressedElement>) => {
    setBusy(index);
    await onPress({ type, ...(action_id ? { action_id } : {}), ...chosen });
    setBusy(null);
  };
  return (
    <div className="row">
      {elements.map((element, index) => {
        const key = element.action_id ?? element.value;
        if (!element.options) {
          return (
            <button
              key={key}
              type="button"
              className={element.style ?? ''}
              aria-label={element.accessibility_label}
              aria-busy={busy === index}
              onClick={() =>
                press(index, element, element.value === undefined ? {} : { value: element.value })
              }
            >
              {element.text?.text}
            </button>
          );
        }
        return (
          <select
            key={key}
            aria-label={element.placeholder?.text ?? 'More'}
            value=""
            onChange={({ target }) => press(index, element, { selected_option: { value: target.value } })}
          >
            <option value="" disabled>
              {element.placeholder?.text ?? '⋯'}
            </option>
            {element.options.map(({ text, value }) => (
              <option key={value} value={value}>
                {text.text}
              </option>
            ))}
          </select>
        );
      })}
    </div>
  );
}
