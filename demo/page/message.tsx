/** One message, with or without its author's line. */
import type { StoredMessage } from '../slack/state.ts';
import { Avatar } from './avatar.tsx';
import { Blocks } from './blocks.tsx';
import { asSection } from './mrkdwn.ts';
import type { Theme } from './theme.ts';
import { timeOf } from './time-words.ts';
import type { Acts, Workspace } from './use-workspace.ts';

export type MessageProps = {
  message: StoredMessage;
  /** Follows another message of the same author closely. */
  continued: boolean;
  replies: readonly StoredMessage[];
  workspace: Workspace;
  theme: Theme;
  acts: Acts;
  onThread: ((ts: string) => void) | null;
};

export function nameOf(author: string, { people, bot }: Workspace): string {
  if (author === 'slackbot') return 'Slackbot';
  return author === bot?.userId ? 'Herald' : (people.find(({ id }) => id === author)?.name ?? author);
}

export function Message({ message, continued, replies, workspace, theme, acts, onThread }: MessageProps) {
  const name = nameOf(message.author, workspace);
  const byApp = name === 'Herald' || name === 'Slackbot';
  const command = /^(\/\S+)(.*)$/s.exec(byApp ? '' : message.text);
  const hidden = message.onlyFor !== null;
  const when = <time dateTime={new Date(Number(message.ts) * 1000).toISOString()}>{timeOf(message.ts)}</time>;
  return (
    <article
      className="message"
      data-continued={continued ? '' : undefined}
      data-hidden={hidden ? '' : undefined}
      aria-label={`${name}, ${timeOf(message.ts)}`}
    >
      <div className="gutter">{continued ? when : <Avatar id={message.author} name={name} />}</div>
      <div className="body">
        {hidden && <p className="only-you">Only visible to you</p>}
        {!continued && (
          <header>
            <strong>{name}</strong>
            {byApp && <span className="app">app</span>}
            {when}
          </header>
        )}
        {command ? (
          <p className="typed">
            <code>{command[1]}</code>
            {command[2]}
          </p>
        ) : (
          <Blocks
            blocks={message.blocks.length > 0 ? message.blocks : asSection(message.text)}
            onPress={(element) => acts.press(message, element)}
            {...{ workspace, theme }}
          />
        )}
        {message.files.map((id) => (
          <FileCard key={id} id={id} file={workspace.files[id]} />
        ))}
        {message.edited && !byApp && <small className="edited">(edited)</small>}
        {onThread && replies.length > 0 && (
          <button type="button" className="replies" onClick={() => onThread(message.ts)}>
            <Avatar id={replies.at(-1)!.author} name={nameOf(replies.at(-1)!.author, workspace)} size={20} />
            {replies.length} {replies.length === 1 ? 'reply' : 'replies'}
            <span>last {timeOf(replies.at(-1)!.ts)}</span>
          </button>
        )}
      </div>
      {onThread && !hidden && (
        <button type="button" className="reply-button" onClick={() => onThread(message.ts)}>
          Reply in thread
        </button>
      )}
    </article>
  );
}

function FileCard({ id, file }: { id: string; file: { name: string; size: number } | undefined }) {
  if (!file) return null;
  const kind = file.name.split('.').at(-1)?.toUpperCase();
  return (
    <a className="file" href={`/demo/slack/files/${id}`} download={file.name}>
      <span aria-hidden="true">{kind}</span>
      <span>
        {file.name}
        <small>{Math.max(1, Math.round(file.size / 1024))} KB · download</small>
      </span>
    </a>
  );
}
