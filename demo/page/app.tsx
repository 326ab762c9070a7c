/** The page: workspaces and channels left, messages in the middle, a thread, the wire or the faults right. */

import InboxPane from 'pane:inbox';
import TeamsPane from 'pane:teams';
import { useEffect, useState } from 'react';
import { Conversation } from './conversation.tsx';
import { FaultsDrawer } from './faults-drawer.tsx';
import { Home } from './home.tsx';
import { useRemembered } from './remembered.ts';
import { Sidebar } from './sidebar.tsx';
import { useTheme } from './theme.ts';
import { Thread } from './thread.tsx';
import { useFaults } from './use-faults.ts';
import { useActs, useWorkspace } from './use-workspace.ts';
import { Wire } from './wire.tsx';

export type Room = 'slack' | 'teams' | 'inbox';

const rooms: { id: Room; label: string }[] = [
  { id: 'slack', label: 'Slack' },
  ...(TeamsPane ? [{ id: 'teams' as const, label: 'Teams' }] : []),
  ...(InboxPane ? [{ id: 'inbox' as const, label: 'Inbox' }] : []),
];

export function App() {
  const [personId, setPersonId] = useRemembered<string>('person', 'U0ANNEXEC1');
  const [chosen, setChannel] = useRemembered<string>('channel', 'C0EXECUTI1');
  const [room, setRoom] = useState<Room>('slack');
  const [drawer, setDrawer] = useState<{ kind: 'thread'; ts: string } | { kind: 'wire' | 'faults' } | null>(
    null,
  );
  const faults = useFaults(drawer?.kind === 'faults');
  const [menuOpen, setMenuOpen] = useState(false);
  const [theme, toggleTheme] = useTheme();
  const workspace = useWorkspace(personId);
  const acts = useActs(personId);
  const person = workspace.people.find(({ id }) => id === personId) ?? null;
  const reachable = [...workspace.channels.map(({ id }) => id), person?.dm, 'home'];
  const channel = reachable.includes(chosen) ? chosen : (workspace.channels[0]?.id ?? chosen);

  useEffect(() => {
    const close = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && !event.defaultPrevented) {
        setDrawer(null);
        setMenuOpen(false);
      }
    };
    window.addEventListener('keydown', close);
    return () => window.removeEventListener('keydown', close);
  }, []);

  const go = (next: string) => {
    setChannel(next);
    setRoom('slack');
    setDrawer(null);
    setMenuOpen(false);
    if (next === 'home') void acts.openHome();
  };
  const openMenu = () => setMenuOpen(true);
  const toggleWire = () => setDrawer(drawer?.kind === 'wire' ? null : { kind: 'wire' });

  return (
    <div
      className="page"
      data-drawer={drawer && (room === 'slack' || drawer.kind === 'faults') ? '' : undefined}
      data-menu={menuOpen ? '' : undefined}
    >
      <Sidebar
        {...{ workspace, person, channel, room, rooms, theme, toggleTheme }}
        onChannel={go}
        onRoom={(next) => {
          setRoom(next);
          setMenuOpen(false);
        }}
        onPerson={(id) => {
          setPersonId(id);
          setDrawer(null);
        }}
        faultsOn={faults.board?.reduce((sum, { on }) => sum + Object.keys(on).length, 0) ?? 0}
        onFaults={() => {
          setDrawer(drawer?.kind === 'faults' ? null : { kind: 'faults' });
          setMenuOpen(false);
        }}
      />
      <button
        type="button"
        className="scrim"
        aria-label="Close the menu"
        tabIndex={menuOpen ? 0 : -1}
        onClick={() => setMenuOpen(false)}
      />
      {room === 'teams' && TeamsPane && person && (
        <main className="pane">
          <PaneBar title="Teams" onMenu={openMenu} />
          <TeamsPane person={person} />
        </main>
      )}
      {room === 'inbox' && InboxPane && (
        <main className="pane">
          <PaneBar title="Inbox" onMenu={openMenu} />
          <InboxPane />
        </main>
      )}
      {room === 'slack' && channel === 'home' && (
        <Home {...{ workspace, acts, theme, openMenu, toggleWire }} />
      )}
      {room === 'slack' && channel !== 'home' && (
        <Conversation
          {...{ workspace, acts, theme, channel, person, openMenu, toggleWire }}
          key={`${personId}${channel}`}
          onThread={(ts) => setDrawer({ kind: 'thread', ts })}
        />
      )}
      {room === 'slack' && drawer?.kind === 'thread' && (
        <Thread
          {...{ workspace, acts, theme, channel, person }}
          ts={drawer.ts}
          onClose={() => setDrawer(null)}
        />
      )}
      {room === 'slack' && drawer?.kind === 'wire' && (
        <Wire entries={workspace.wire} onClose={() => setDrawer(null)} />
      )}
      {drawer?.kind === 'faults' && <FaultsDrawer {...{ faults }} onClose={() => setDrawer(null)} />}
    </div>
  );
}

/** On narrow screens every pane needs the way back to the menu. */
function PaneBar({ title, onMenu }: { title: string; onMenu: () => void }) {
  return (
    <header className="bar only-narrow">
      <button type="button" className="icon-button menu-button" aria-label="Open the menu" onClick={onMenu}>
        ☰
      </button>
      <h1>{title}</h1>
    </header>
  );
}
