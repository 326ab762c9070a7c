/** Messages with their days, grouped by author, kept at the end while one is there. */
import { Fragment, type ReactNode, type UIEvent, useLayoutEffect, useRef } from 'react';
import type { StoredMessage } from '../slack/state.ts';
import { Message, type MessageProps } from './message.tsx';
import { dayOf } from './time-words.ts';

type ListProps = Pick<MessageProps, 'workspace' | 'theme' | 'acts' | 'onThread'> & {
  messages: readonly StoredMessage[];
  repliesTo: (ts: string) => readonly StoredMessage[];
  label: string;
  empty: ReactNode;
  /** How many lines this person has sent from here. */
  sent: number;
  children?: ReactNode;
};

const groupSeconds = 5 * 60;
/** Closer to the end than this, the list follows what is new. */
const stickPixels = 120;

export function MessageList({ messages, repliesTo, label, empty, sent, children, ...rest }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const lastTop = useRef(0);
  useLayoutEffect(() => {
    // Whoever says something wants to see what comes of it.
    if (sent > 0) atEnd.current = true;
  }, [sent]);
  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    const follow = () => {
      if (atEnd.current) list.scrollTop = list.scrollHeight;
    };
    follow();
    // Pictures grow after they were placed, and a drawer makes the lines longer: follow those too.
    const observer = new ResizeObserver(follow);
    observer.observe(list);
    if (list.firstElementChild) observer.observe(list.firstElementChild);
    return () => observer.disconnect();
  }, []);
  const onScroll = ({
    currentTarget: { scrollTop, scrollHeight, clientHeight },
  }: UIEvent<HTMLDivElement>) => {
    // Only a person scrolls up; what grows below does not move the top.
    if (scrollHeight - scrollTop - clientHeight < stickPixels) atEnd.current = true;
    else if (scrollTop < lastTop.current) atEnd.current = false;
    lastTop.current = scrollTop;
  };
  return (
    <div ref={box} className="messages" onScroll={onScroll}>
      <div role="log" aria-label={label} aria-live="polite">
        {messages.length === 0 && empty}
        {messages.map((message, index) => {
          const before = messages[index - 1];
          const newDay = !before || dayOf(before.ts) !== dayOf(message.ts);
          const continued =
            !newDay &&
            before.author === message.author &&
            before.onlyFor === message.onlyFor &&
            Number(message.ts) - Number(before.ts) < groupSeconds;
          return (
            <Fragment key={message.ts}>
              {newDay && (
                <div className="day">
                  <span>{dayOf(message.ts)}</span>
                </div>
              )}
              <Message {...rest} {...{ message, continued }} replies={repliesTo(message.ts)} />
            </Fragment>
          );
        })}
        {children}
      </div>
    </div>
  );
}
