/** Messages with their days, grouped by author, kept at the end while one is there. */
import { Fragment, useLayoutEffect, useRef } from 'react';
import type { StoredMessage } from '../slack/state.ts';
import { Message, type MessageProps } from './message.tsx';
import { dayOf } from './time-words.ts';

type ListProps = Pick<MessageProps, 'workspace' | 'theme' | 'acts' | 'onThread'> & {
  messages: readonly StoredMessage[];
  repliesTo: (ts: string) => readonly StoredMessage[];
  label: string;
  empty: React.ReactNode;
  children?: React.ReactNode;
};

const groupSeconds = 5 * 60;
/** Closer to the end than this, the list follows what is new. */
const stickPixels = 120;

export function MessageList({ messages, repliesTo, label, empty, children, ...rest }: ListProps) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const _newest = messages.at(-1)?.ts;
  useLayoutEffect(() => {
    const list = box.current;
    if (!list) return;
    // Pictures grow after they were placed: follow their height too.
    const follow = () => {
      if (atEnd.current) list.scrollTop = list.scrollHeight;
    };
    follow();
    const observer = new ResizeObserver(follow);
    if (list.firstElementChild) observer.observe(list.firstElementChild);
    return () => observer.disconnect();
  }, []);
  return (
    <div
      ref={box}
      className="messages"
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < stickPixels;
      }}
    >
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
