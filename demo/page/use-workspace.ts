/** What the stand-in says, kept up to date; and the three things a person can do. */
import { useCallback, useEffect, useState } from 'react';
import type { PressedElement } from '../slack/act.ts';
import type { Change, StoredMessage, WireEntry } from '../slack/state.ts';
import type { bot, DemoChannel, DemoPerson } from '../slack/workspace.ts';

export type FileInfo = { name: string; size: number };

export type Workspace = {
  connected: boolean;
  people: readonly DemoPerson[];
  channels: readonly DemoChannel[];
  bot: typeof bot | null;
  messages: readonly StoredMessage[];
  files: Readonly<Record<string, FileInfo>>;
  home: readonly unknown[] | null;
  wire: readonly WireEntry[];
};

type Snapshot = { kind: 'snapshot'; workspace: Pick<Workspace, 'people' | 'channels' | 'bot'> } & Omit<
  Workspace,
  'connected' | 'people' | 'channels' | 'bot'
>;

const nothing: Workspace = {
  connected: false,
  people: [],
  channels: [],
  bot: null,
  messages: [],
  files: {},
  home: null,
  wire: [],
};

export function useWorkspace(person: string): Workspace {
  const [workspace, setWorkspace] = useState(nothing);
  useEffect(() => {
    const source = new EventSource(`/demo/page/stream?person=${person}`);
    source.onmessage = ({ data }) => setWorkspace((before) => apply(before, JSON.parse(data)));
    source.onerror = () => setWorkspace((before) => ({ ...before, connected: false }));
    return () => source.close();
  }, [person]);
  return workspace;
}

function apply(
  before: Workspace,
  change: Snapshot | (Change & { files: Record<string, FileInfo> }),
): Workspace {
  switch (change.kind) {
    case 'snapshot': {
      const { kind: _kind, workspace, ...rest } = change;
      return { ...workspace, ...rest, connected: true };
    }
    case 'message': {
      const { message } = change;
      const others = before.messages.filter(
        ({ channel, ts }) => channel !== message.channel || ts !== message.ts,
      );
      const messages = [...others, message].sort((a, b) => a.ts.localeCompare(b.ts));
      return { ...before, messages, files: { ...before.files, ...change.files } };
    }
    case 'gone':
      return {
        ...before,
        messages: before.messages.filter(({ channel, ts }) => channel !== change.channel || ts !== change.ts),
      };
    case 'home':
      return { ...before, home: change.blocks };
    case 'wire':
      return { ...before, wire: [...before.wire, change.entry].slice(-200) };
    default:
      change satisfies never;
      return before;
  }
}

async function post(path: string, body: object): Promise<boolean> {
  try {
    const answer = await fetch(`/demo/page/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return answer.ok;
  } catch (_offline) {
    // The page shows that the line was not sent, with a way to try again.
    return false;
  }
}

export type Acts = {
  say(channel: string, text: string, threadTs: string | null): Promise<boolean>;
  press(message: StoredMessage | null, element: PressedElement): Promise<boolean>;
  openHome(): Promise<boolean>;
};

export function useActs(person: string): Acts {
  const say = useCallback<Acts['say']>(
    (channel, text, threadTs) => post('say', { person, channel, text, threadTs }),
    [person],
  );
  const press = useCallback<Acts['press']>(
    (message, element) =>
      post('press', { person, message: message && { channel: message.channel, ts: message.ts }, element }),
    [person],
  );
  const openHome = useCallback<Acts['openHome']>(() => post('home', { person }), [person]);
  return { say, press, openHome };
}
