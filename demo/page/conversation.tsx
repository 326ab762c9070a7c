/** A channel or the direct message with Herald. */
import { useState } from 'react';
import type { DemoPerson } from '../slack/workspace.ts';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { useRemembered } from './remembered.ts';
import type { Theme } from './theme.ts';
import type { Acts, Workspace } from './use-workspace.ts';

type ConversationProps = {
  workspace: Workspace;
  acts: Acts;
  theme: Theme;
  channel: string;
  person: DemoPerson | null;
  openMenu: () => void;
  toggleWire: () => void;
  onThread: (ts: string) => void;
};

/** Lines on their way: Slack has not acknowledged them yet, or never will. */
type Underway = { id: number; text: string; failed: boolean };

const suggestion = '/kpi churn last quarter';

export function Conversation({
  workspace,
  acts,
  theme,
  channel,
  person,
  openMenu,
  toggleWire,
  onThread,
}: ConversationProps) {
  const [underway, setUnderway] = useState<readonly Underway[]>([]);
  const [visited, setVisited] = useRemembered<'yes' | 'no'>('visited', 'no');
  const [sent, setSent] = useState(0);
  const here = workspace.channels.find(({ id }) => id === channel);
  const direct = channel === person?.dm;
  const title = direct ? 'Herald' : `#${here?.name ?? ''}`;
  const all = workspace.messages.filter((message) => message.channel === channel);
  const repliesTo = (ts: string) => all.filter(({ threadTs }) => threadTs === ts);

  const send = async (text: string, id = performance.now()) => {
    setVisited('yes');
    setSent((count) => count + 1);
    setUnderway((lines) => [...lines.filter((line) => line.id !== id), { id, text, failed: false }]);
    const taken = await acts.say(channel, text, null);
    setUnderway((lines) =>
      taken
        ? lines.filter((line) => line.id !== id)
        : lines.map((line) => (line.id === id ? { ...line, failed: true } : line)),
    );
  };

  return (
    <main className="conversation">
      <header className="bar">
        <button
          type="button"
          className="icon-button menu-button"
          aria-label="Open the menu"
          onClick={openMenu}
        >
          ☰
        </button>
        <h1>{title}</h1>
        <p>{direct ? 'Only you and Herald read this' : here?.topic}</p>
        {here && (
          <span
            className="count"
            title={here.members.map((id) => workspace.people.find((one) => one.id === id)?.name).join(', ')}
          >
            {here.members.length} people
          </span>
        )}
        <button type="button" className="quiet" onClick={toggleWire}>
          Wire
        </button>
      </header>
      <MessageList
        {...{ workspace, theme, acts, onThread, repliesTo, sent }}
        label={`Messages in ${title}`}
        messages={all.filter(({ threadTs }) => threadTs === null)}
        empty={<Empty title={title} direct={direct} ready={workspace.connected} onAsk={send} />}
      >
        {underway
          .filter(({ text, failed }) => failed || text.startsWith('/'))
          .map(({ id, text, failed }) => (
            <p key={id} className="underway" data-failed={failed ? '' : undefined} role="status">
              {failed ? (
                <>
                  Not sent: <code>{text}</code>{' '}
                  <button type="button" onClick={() => send(text, id)}>
                    Try again
                  </button>
                </>
              ) : (
                <>
                  <code>{text}</code> <span className="dots">sending…</span>
                </>
              )}
            </p>
          ))}
      </MessageList>
      <Composer
        person={person?.id ?? ''}
        placeholder={direct ? 'Ask Herald: churn last quarter' : `Message ${title}, or type /kpi`}
        initial={visited === 'no' && !direct ? suggestion : ''}
        onSend={send}
        commands
      />
    </main>
  );
}

function Empty({
  title,
  direct,
  ready,
  onAsk,
}: {
  title: string;
  direct: boolean;
  ready: boolean;
  onAsk: (text: string) => void;
}) {
  if (!ready) return <p className="empty">Connecting…</p>;
  const asks = ['churn last quarter', 'win rate by region', 'help'];
  return (
    <div className="empty">
      <h2>{direct ? 'Ask Herald anything you may see' : `This is the start of ${title}`}</h2>
      <p>Ask for a number and it arrives here, as it would in your own workspace.</p>
      <div className="row">
        {asks.map((ask) => (
          <button key={ask} type="button" onClick={() => onAsk(direct ? ask : `/kpi ${ask}`)}>
            {direct ? ask : `/kpi ${ask}`}
          </button>
        ))}
      </div>
    </div>
  );
}
