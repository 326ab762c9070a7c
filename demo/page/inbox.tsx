/** The demo's mail box: mails left, the chosen one right, in a frame that can run nothing. */
import { useCallback, useEffect, useState } from 'react';
import './inbox.css';

type Attachment = { index: number; name: string; mime: string; size: number };
type MailSummary = {
  id: string;
  from: string;
  to: string[];
  subject: string;
  preview: string;
  at: string;
  attachments: Attachment[];
};

const base = '/demo/mail/ui';

export default function Inbox() {
  const [mails, setMails] = useState<MailSummary[] | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const load = useCallback(async () => {
    const response = await fetch(`${base}/mails`);
    if (response.ok) setMails((await response.json()) as MailSummary[]);
  }, []);
  useEffect(() => {
    void load();
    const source = new EventSource(`${base}/events`);
    source.onmessage = () => void load();
    return () => source.close();
  }, [load]);

  const mail = mails?.find(({ id }) => id === chosen) ?? mails?.[0];
  return (
    <section className="in" aria-label="Mail (demo)">
      <nav className="in-list" aria-label="Mails">
        {mails?.map((one) => (
          <button
            key={one.id}
            type="button"
            aria-current={one.id === mail?.id}
            onClick={() => setChosen(one.id)}
          >
            <span className="in-row">
              <b>{nameOf(one.from)}</b>
              <time dateTime={one.at}>{day(one.at)}</time>
            </span>
            <span className="in-subject">{one.subject}</span>
            <span className="in-preview">{one.preview}</span>
          </button>
        ))}
      </nav>
      {mail ? (
        <Reader mail={mail} />
      ) : (
        <p className="in-empty">{mails ? 'No mail yet. The board report comes here.' : ''}</p>
      )}
    </section>
  );
}

function Reader({ mail }: { mail: MailSummary }) {
  return (
    <article className="in-mail">
      <header>
        <h1>{mail.subject}</h1>
        <p>
          {mail.from} to {mail.to.join(', ')} · <time dateTime={mail.at}>{day(mail.at)}</time>
        </p>
        {mail.attachments.length > 0 ? (
          <ul aria-label="Attachments">
            {mail.attachments.map(({ index, name, size }) => (
              <li key={index}>
                <a href={`${base}/mails/${mail.id}/attachments/${index}`} download={name}>
                  {name} <span>{kilobytes(size)}</span>
                </a>
              </li>
            ))}
          </ul>
        ) : null}
      </header>
      <iframe key={mail.id} title={mail.subject} sandbox="" src={`${base}/mails/${mail.id}/html`} />
    </article>
  );
}

const nameOf = (from: string): string => /^"?([^"<]+?)"?\s*</.exec(from)?.[1] ?? from;

const day = (at: string): string =>
  new Date(at).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });

const kilobytes = (bytes: number): string =>
  bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
