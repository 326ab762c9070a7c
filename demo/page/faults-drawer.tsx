/** What goes wrong with the platforms, to be switched on and off: Herald is told nothing of it. */
import { useState } from 'react';
import { type FaultKind, faultKinds, switches } from '../stand-ins/fault-kinds.ts';
import { Drawer } from './drawer.tsx';
import type { FaultySource } from './fault-board.ts';
import type { FaultSwitches } from './use-faults.ts';

const names: Readonly<Record<string, string>> = {
  salesforce: 'Salesforce',
  hubspot: 'HubSpot',
  zendesk: 'Zendesk',
  intercom: 'Intercom',
};

/** Shares of the calls to choose from, the first when it is switched on. */
const shares = [0.25, 0.05, 0.5, 1];
/** These count nothing: they change the order of pushes that come anyway. */
const uncounted: readonly FaultKind[] = ['twice', 'outOfOrder'];

const percent = (share: number) => `${Math.round(share * 100)} %`;

export function FaultsDrawer({ faults, onClose }: { faults: FaultSwitches; onClose: () => void }) {
  const { board, refusal, clear } = faults;
  const count = board?.reduce((sum, { on }) => sum + Object.keys(on).length, 0) ?? 0;
  return (
    <Drawer title="Faults" onClose={onClose}>
      <div className="wire-note faults-note">
        <p>What the platforms do wrong, from their next reply on. Herald is not told: it has to notice.</p>
        <button type="button" className="quiet" disabled={count === 0} onClick={clear}>
          All off
        </button>
      </div>
      {refusal && (
        <p className="faults-refusal" role="alert">
          {refusal}
        </p>
      )}
      {board?.length === 0 && (
        <p className="empty">The platforms run in another process; switch their faults there.</p>
      )}
      <div className="faults">
        {board?.map((one) => (
          <Source key={one.source} {...one} turn={faults.turn} />
        ))}
      </div>
    </Drawer>
  );
}

function Source({ source, kinds, on, happened, turn }: FaultySource & Pick<FaultSwitches, 'turn'>) {
  const count = Object.keys(on).length;
  const [open, setOpen] = useState(count > 0);
  const name = names[source] ?? source;
  return (
    <details open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        <span>{name}</span>
        <small data-on={count > 0 ? '' : undefined}>
          {count === 0 ? 'as usual' : count === 1 ? '1 fault on' : `${count} faults on`}
        </small>
      </summary>
      <ul>
        {kinds.map((kind) => (
          <Fault
            key={kind}
            {...{ kind, name }}
            share={on[kind] ?? 0}
            times={happened[kind] ?? 0}
            onTurn={(share) => turn(source, kind, share)}
          />
        ))}
      </ul>
    </details>
  );
}

function Fault({
  kind,
  name,
  share,
  times,
  onTurn,
}: {
  kind: FaultKind;
  name: string;
  share: number;
  times: number;
  onTurn: (share: number) => void;
}) {
  const whole = switches.includes(kind);
  return (
    <li data-on={share > 0 ? '' : undefined}>
      <label>
        <input
          type="checkbox"
          role="switch"
          checked={share > 0}
          aria-checked={share > 0}
          aria-label={`${name}: ${faultKinds[kind]}`}
          onChange={() => onTurn(share > 0 ? 0 : whole ? 1 : shares[0]!)}
        />
        <span>{faultKinds[kind]}</span>
      </label>
      {share > 0 && !whole && (
        <select
          value={share}
          aria-label={`${name}: ${faultKinds[kind]}: share of the calls`}
          onChange={({ target }) => onTurn(Number(target.value))}
        >
          {[...new Set([...shares, share])]
            .sort((a, b) => a - b)
            .map((one) => (
              <option key={one} value={one}>
                {percent(one)}
              </option>
            ))}
        </select>
      )}
      {!uncounted.includes(kind) && (
        <span className="times" title="How often it has happened since the demo started">
          {times > 0 && `${times.toLocaleString('en')} ×`}
        </span>
      )}
    </li>
  );
}
