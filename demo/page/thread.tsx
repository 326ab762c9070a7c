/** A thread beside the conversation. */
import { useState } from 'react';
import type { DemoPerson } from '../slack/workspace.ts';
import { Composer } from './composer.tsx';
import { Drawer } from './drawer.tsx';
import { MessageList } from './message-list.tsx';
import type { Theme } from './theme.ts';
import type { Acts, Workspace } from './use-workspace.ts';

type ThreadProps = {
  workspace: Workspace;
  acts: Acts;
  theme: Theme;
  channel: string;
  person: DemoPerson | null;
  ts: string;
  onClose: () => void;
};

export function Thread({ workspace, acts, theme, channel, person, ts, onClose }: ThreadProps) {
  const [sent, setSent] = useState(0);
  const messages = workspace.messages.filter(
    (message) => message.channel === channel && (message.ts === ts || message.threadTs === ts),
  );
  return (
    <Drawer title="Thread" onClose={onClose}>
      <MessageList
        {...{ workspace, theme, acts, messages, sent }}
        repliesTo={() => []}
        onThread={null}
        label="Thread"
        empty={null}
      />
      <Composer
        person={person?.id ?? ''}
        placeholder="Reply…"
        onSend={(text) => {
          setSent((count) => count + 1);
          void acts.say(channel, text, ts);
        }}
      />
    </Drawer>
  );
}
