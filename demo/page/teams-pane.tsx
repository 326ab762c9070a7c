/** Teams as a small client: chats and channels left, threads in the middle, the message box below. */
import { type FormEvent, useCallback, useEffect, useRef, useState } from 'react';
import { type CardPress, TeamsCard } from './teams-card.tsx';
import {
  type Conversation,
  conversationsOf,
  follow,
  type Message,
  messagesIn,
  press,
  send,
} from './teams-wire.ts';
import './teams-pane.css';

const suggestions = ['churn last quarter', 'win rate by region this year vs last', 'help'];

/** Who is looking, by short name: the same four people as in the Slack pane. */
type Props = { person: string | { handle: string } };

export default function TeamsPane(props: Props) {
  const person = typeof props.person === 'string' ? props.person : props.person.handle;
  const [conversations, setConversations] = useState<Conversation[]>([]);
  const [active, setActive] = useState<Conversation | null>(null);
  const [messages, setMessages] = useState<Message[]>([]);
  const [unread, setUnread] = useState<ReadonlySet<string>>(new Set());
  const [line, setLine] = useState<{ under: string; text: string } | null>(null);
  const open = useRef<string | null>(null);

  const load = useCallback(
    async (conversation: string) => {
      const found = await messagesIn(person, conversation);
      if (open.current === conversation) setMessages(found);
    },
    [person],
  );
  const choose = useCallback(
    (conversation: Conversation) => {
      open.current = conversation.id;
      setActive(conversation);
      setMessages([]);
      setLine(null);
      setUnread((was) => new Set([...was].filter((id) => id !== conversation.id)));
      void load(conversation.id);
    },
    [load],
  );
  useEffect(() => {
    let current = true;
    void conversationsOf(person).then((found) => {
      if (!current) return;
      setConversations(found);
      if (found[0]) choose(found[0]);
    });
    const end = follow(person, (conversation) => {
      if (conversation === open.current) void load(conversation);
      else setUnread((was) => new Set(was).add(conversation));
    });
    return () => {
      current = false;
      end();
    };
  }, [person, choose, load]);

  const onPress = async (message: Message, pressed: CardPress) => {
    if (!active) return;
    setLine({ under: message.id, text: 'Sending …' });
    const text = await press(person, active.id, message.id, pressed).catch(
      () => 'That did not reach the bot.',
    );
    setLine(text ? { under: message.id, text } : null);
  };

  return (
    <section className="tp" aria-label="Microsoft Teams (demo)">
      <nav className="tp-list" aria-label="Chats and channels">
        {(['personal', 'channel'] as const).map((kind) => (
          <div key={kind} className="tp-group">
            <h2>{kind === 'personal' ? 'Chat' : 'Channels'}</h2>
            {conversations
              .filter((one) => one.kind === kind)
              .map((one) => (
                <button
                  key={one.id}
                  type="button"
                  aria-current={one.id === active?.id}
                  className={unread.has(one.id) ? 'tp-unread' : ''}
                  onClick={() => choose(one)}
                >
                  {kind === 'personal' ? <Avatar name={one.name} bot /> : <span aria-hidden="true">#</span>}
                  {one.name}
                  {unread.has(one.id) ? <span className="tp-hidden"> (new messages)</span> : null}
                </button>
              ))}
          </div>
        ))}
      </nav>
      <div className="tp-main">
        <header>
          <h1>{active ? (active.kind === 'channel' ? `# ${active.name}` : active.name) : ''}</h1>
          <span>Teams, played on this machine</span>
        </header>
        <Threads key={`threads of ${active?.id}`} messages={messages} line={line} onPress={onPress} />
        {active ? (
          <Composer
            key={`box of ${active.id}`}
            conversation={active}
            onSend={(text) => send(person, active.id, text)}
          />
        ) : null}
      </div>
    </section>
  );
}

type ThreadsProps = {
  messages: readonly Message[];
  line: { under: string; text: string } | null;
  onPress: (message: Message, pressed: CardPress) => void;
};

function Threads({ messages, line, onPress }: ThreadsProps) {
  const log = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  useEffect(() => keepAtEnd(log.current!, content.current!), []);
  const threads = Map.groupBy(messages, ({ thread }) => thread);
  return (
    <div className="tp-log" role="log" aria-live="polite" ref={log}>
      <div ref={content}>
        {messages.length === 0 ? <p className="tp-empty">Nothing here yet. Ask for a number below.</p> : null}
        {[...threads].map(([thread, within]) => (
          <div key={thread} className={within.length > 1 ? 'tp-thread' : undefined}>
            {within.map((message) => (
              <article key={message.id} className={message.from.startsWith('28:') ? 'tp-bot' : 'tp-own'}>
                <Avatar name={message.fromName} bot={message.from.startsWith('28:')} />
                <div className="tp-body">
                  <p className="tp-who">
                    <b>{message.fromName}</b> <time dateTime={message.at}>{clock(message.at)}</time>
                    {message.edited ? <span> · edited</span> : null}
                  </p>
                  {message.card === null ? (
                    <p className="tp-text">{message.text}</p>
                  ) : (
                    <TeamsCard card={message.card} onPress={(pressed) => onPress(message, pressed)} />
                  )}
                  {line?.under === message.id ? (
                    <p className="tp-line" role="status">
                      {line.text}
                    </p>
                  ) : null}
                </div>
              </article>
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

/** Follow what is new, and pictures that come in late, unless somebody reads further up. */
function keepAtEnd(log: HTMLElement, content: HTMLElement): () => void {
  let following = true;
  const look = () => {
    following = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  };
  const observer = new ResizeObserver(() => {
    if (following) log.scrollTop = log.scrollHeight;
  });
  log.addEventListener('scroll', look);
  observer.observe(content);
  return () => {
    log.removeEventListener('scroll', look);
    observer.disconnect();
  };
}

function Composer(props: { conversation: Conversation; onSend: (text: string) => Promise<unknown> }) {
  const { conversation, onSend } = props;
  const mention = conversation.kind === 'channel' ? '@Herald ' : '';
  const [text, setText] = useState(`${mention}${suggestions[0]}`);
  const [fault, setFault] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const typed = text.trim();
    if (!typed) return;
    setText(mention);
    setFault(null);
    onSend(typed).catch(() => setFault('Not delivered: is Herald still running?'));
  };
  const unheard = mention !== '' && text.trim() !== '' && !text.includes('@Herald');
  return (
    <form className="tp-composer" onSubmit={submit}>
      <div className="tp-chips">
        {suggestions.map((one) => (
          <button key={one} type="button" onClick={() => setText(`${mention}${one}`)}>
            {one}
          </button>
        ))}
      </div>
      <div className="tp-box">
        <input
          aria-label={`Message to ${conversation.name}`}
          placeholder="Type a message"
          value={text}
          maxLength={4000}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit">Send</button>
      </div>
      {unheard ? <p role="status">In a channel, Herald hears only messages that mention @Herald.</p> : null}
      {fault ? <p role="alert">{fault}</p> : null}
    </form>
  );
}

function Avatar({ name, bot = false }: { name: string; bot?: boolean }) {
  const initials = name
    .split(' ')
    .map((word) => word[0])
    .join('')
    .slice(0, 2);
  return (
    <span className={bot ? 'tp-avatar tp-avatar-bot' : 'tp-avatar'} aria-hidden="true">
      {initials}
    </span>
  );
}

function clock(at: string): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}
