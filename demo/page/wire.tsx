/** What went between Slack and Herald: every request, signed or not, with its answer and its time. */
import type { WireEntry } from '../slack/state.ts';
import { Drawer } from './drawer.tsx';

export function Wire({ entries, onClose }: { entries: readonly WireEntry[]; onClose: () => void }) {
  return (
    <Drawer title="Wire" onClose={onClose}>
      <p className="wire-note">
        The page plays Slack: it signs requests to the real receiver, and Herald answers through Slack’s real
        SDK.
      </p>
      {entries.length === 0 && <p className="empty">Nothing yet. Ask something.</p>}
      <ol className="wire">
        {[...entries].reverse().map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
    </Drawer>
  );
}

function Entry({ entry }: { entry: WireEntry }) {
  const good = entry.status === 200 && ['ok', 'acknowledged'].includes(entry.outcome);
  const toHerald = entry.direction === 'to Herald';
  return (
    <li>
      <details>
        <summary>
          <span className="way" data-to={toHerald ? 'herald' : 'slack'} title={entry.direction}>
            {toHerald ? '→' : '←'}
            <span className="sr-only">{entry.direction}</span>
          </span>
          <span className="what">{entry.what}</span>
          <span className="outcome" data-good={good ? '' : undefined}>
            {entry.outcome}
          </span>
          <span className="ms">{entry.ms < 1 ? '<1' : Math.round(entry.ms)} ms</span>
        </summary>
        <dl>
          <dt>Time</dt>
          <dd>{entry.at.slice(11, 23)}</dd>
          <dt>HTTP</dt>
          <dd>{entry.status === 0 ? 'no answer' : entry.status}</dd>
          {entry.signature && (
            <>
              <dt>Signature</dt>
              <dd>
                <code>{entry.signature}</code>
              </dd>
            </>
          )}
        </dl>
        <h3>Request</h3>
        <pre>{entry.request || '(empty)'}</pre>
        <h3>Response</h3>
        <pre>{entry.response || '(empty)'}</pre>
      </details>
    </li>
  );
}
