/** The message box: Enter sends, arrows choose a completion, Esc closes them. */
import { useEffect, useId, useRef, useState } from 'react';

type ComposerProps = {
  person: string;
  placeholder: string;
  initial?: string;
  onSend: (text: string) => void;
  /** Whether slash commands work here; in threads they do not. */
  commands?: boolean;
};

export function Composer({ person, placeholder, initial = '', onSend, commands = false }: ComposerProps) {
  const [text, setText] = useState(initial);
  const [dismissed, setDismissed] = useState(initial !== '');
  const [active, setActive] = useState(-1);
  const box = useRef<HTMLTextAreaElement>(null);
  const listId = useId();
  const found = useCompletions(person, commands ? text : '');
  const open = !dismissed && found.length > 0;

  // Where there is a keyboard, the suggested question is one Enter away; on a phone it would open the keyboard.
  useEffect(() => {
    if (commands && matchMedia('(hover: hover)').matches) box.current?.focus();
  }, [commands]);

  useEffect(() => {
    const area = box.current;
    if (!area) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, 180)}px`;
  }, []);

  const change = (next: string) => {
    setText(next);
    setDismissed(false);
    setActive(-1);
  };
  const take = (completion: string) => {
    setText(completion);
    setDismissed(true);
    box.current?.focus();
  };
  const send = () => {
    const line = text.trim();
    if (line === '') return;
    onSend(line);
    change('');
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (open && step !== 0)
      setActive((active + step + found.length + (active < 0 && step < 0 ? 1 : 0)) % found.length);
    else if (open && event.key === 'Escape') setDismissed(true);
    else if (open && event.key === 'Tab') take(found[Math.max(active, 0)]!);
    else if (open && event.key === 'Enter' && active >= 0) take(found[active]!);
    else if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) send();
    else return;
    event.preventDefault();
  };

  return (
    <div className="composer">
      {open && (
        <div className="completions" id={listId} role="listbox" aria-label="Completions" tabIndex={-1}>
          {found.map((completion, index) => (
            <div
              key={completion}
              id={`${listId}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              onMouseDown={(event) => {
                event.preventDefault();
                take(completion);
              }}
            >
              {completion}
            </div>
          ))}
        </div>
      )}
      <div className="box">
        <textarea
          ref={box}
          rows={1}
          value={text}
          placeholder={placeholder}
          aria-label={placeholder}
          role="combobox"
          aria-expanded={open}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={open && active >= 0 ? `${listId}-${active}` : undefined}
          onChange={({ target }) => change(target.value)}
          onKeyDown={onKeyDown}
        />
        <button type="button" className="send" aria-label="Send" disabled={text.trim() === ''} onClick={send}>
          <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
            <path d="M1.8 2.2 14.5 8 1.8 13.8 3.6 8.6 9 8 3.6 7.4z" fill="currentColor" />
          </svg>
        </button>
      </div>
      <p className="hint" aria-hidden="true">
        {commands ? (
          <>
            <kbd>Enter</kbd> sends · <kbd>/kpi</kbd> asks Herald
          </>
        ) : (
          <>
            Mention <kbd>@Herald</kbd> to ask in this thread
          </>
        )}
      </p>
    </div>
  );
}

/** `/k` completes the command; after it, whatever this person may ask. */
function useCompletions(person: string, text: string): readonly string[] {
  const [found, setFound] = useState<readonly string[]>([]);
  useEffect(() => {
    const asked = person === '' ? null : /^\/kpi\s(.*)$/s.exec(text);
    if (!asked) {
      setFound(text !== '' && '/kpi'.startsWith(text) ? ['/kpi '] : []);
      return;
    }
    const stopped = new AbortController();
    fetch(`/demo/page/complete?person=${person}&q=${encodeURIComponent(asked[1] ?? '')}`, {
      signal: stopped.signal,
    })
      .then((answer) => (answer.ok ? answer.json() : []))
      .then((list: string[]) =>
        setFound(
          list
            .slice(0, 7)
            .map((item) => `/kpi ${item}`)
            .filter((item) => item !== text),
        ),
      )
      .catch(() => setFound([]));
    return () => stopped.abort();
  }, [person, text]);
  return found;
}
