/** What the Teams pane and the stand-in say to each other. */
import type { CardPress } from './teams-card.tsx';

export type Conversation = { id: string; name: string; kind: 'personal' | 'channel' };

export type Message = {
  id: string;
  thread: string;
  from: string;
  fromName: string;
  text: string;
  card: unknown;
  at: string;
  edited: boolean;
};

const base = '/demo/teams/ui';

async function read<T>(path: string, query: Record<string, string>): Promise<T> {
  const response = await fetch(`${base}/${path}?${new URLSearchParams(query)}`);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json() as Promise<T>;
}

async function write(path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`${base}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

export const conversationsOf = (person: string) => read<Conversation[]>('conversations', { person });

export const messagesIn = (person: string, conversation: string) =>
  read<Message[]>('messages', { person, conversation });

export const send = (person: string, conversation: string, text: string) =>
  write('send', { person, conversation, text });

/** Resolves with the line that the bot answers to the press, if any. */
export async function press(
  person: string,
  conversation: string,
  activityId: string,
  pressed: CardPress,
): Promise<string | null> {
  const answer = (await write('press', { person, conversation, press: { ...pressed, activityId } })) as {
    body?: { type?: string; value?: unknown } | null;
  } | null;
  const body = answer?.body;
  return body?.type === 'application/vnd.microsoft.activity.message' ? String(body.value) : null;
}

/** Calls `changed` with the id of each conversation in which something happened. */
export function follow(person: string, changed: (conversation: string) => void): () => void {
  const source = new EventSource(`${base}/events?${new URLSearchParams({ person })}`);
  source.onmessage = ({ data }) => changed((JSON.parse(data) as { conversation: string }).conversation);
  return () => source.close();
}
