/** Workspaces, channels, apps, and who is looking. */
import { type ReactNode, useEffect, useState } from 'react';
import type { DemoPerson } from '../slack/workspace.ts';
import type { Room } from './app.tsx';
import { Avatar } from './avatar.tsx';
import type { Theme } from './theme.ts';
import type { Workspace } from './use-workspace.ts';

type SidebarProps = {
  workspace: Workspace;
  person: DemoPerson | null;
  channel: string;
  room: Room;
  rooms: readonly { id: Room; label: string }[];
  theme: Theme;
  toggleTheme: () => void;
  onChannel: (id: string) => void;
  onRoom: (room: Room) => void;
  onPerson: (id: string) => void;
  /** How many faults of the platforms are on. */
  faultsOn: number;
  onFaults: () => void;
};

export function Sidebar({
  workspace,
  person,
  channel,
  room,
  rooms,
  theme,
  toggleTheme,
  onChannel,
  onRoom,
  onPerson,
  faultsOn,
  onFaults,
}: SidebarProps) {
  const unread = useUnread(workspace, channel, person?.id ?? '');
  const link = (id: string, label: string, sign: ReactNode) => (
    <li key={id}>
      <button
        type="button"
        className="channel"
        data-unread={unread.has(id) && id !== channel ? '' : undefined}
        aria-current={room === 'slack' && id === channel ? 'page' : undefined}
        onClick={() => onChannel(id)}
      >
        <span className="sign" aria-hidden="true">
          {sign}
        </span>
        {label}
        {unread.has(id) && id !== channel && <span className="sr-only">, new messages</span>}
      </button>
    </li>
  );
  return (
    <nav className="sidebar" aria-label="Workspace">
      <div className="brand">
        <Avatar id="" name="Herald" size={28} />
        <span>
          Herald <em>demo</em>
        </span>
      </div>
      {rooms.length > 1 && (
        <div className="rooms" role="tablist" aria-label="Workspaces">
          {rooms.map(({ id, label }) => (
            <button key={id} type="button" role="tab" aria-selected={id === room} onClick={() => onRoom(id)}>
              {label}
            </button>
          ))}
        </div>
      )}
      <div className="lists">
        {room === 'slack' && (
          <>
            <h2>Channels</h2>
            <ul>{workspace.channels.map(({ id, name }) => link(id, name, '#'))}</ul>
            <h2>Herald</h2>
            <ul>
              {link('home', 'Home', '⌂')}
              {person && link(person.dm, 'Messages', '@')}
            </ul>
          </>
        )}
      </div>
      <fieldset className="who">
        <legend>Looking as</legend>
        {workspace.people.map(({ id, name, role }) => (
          <label key={id} data-on={id === person?.id ? '' : undefined}>
            <input
              type="radio"
              name="person"
              value={id}
              checked={id === person?.id}
              onChange={() => onPerson(id)}
            />
            <Avatar id={id} name={name} size={24} />
            <span>
              {name.split(' ')[0]}
              <small>{role}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <div className="foot">
        <span className="status" data-on={workspace.connected ? '' : undefined}>
          {workspace.connected ? 'Connected' : 'Connecting…'}
        </span>
        <button
          type="button"
          className="quiet"
          data-on={faultsOn > 0 ? '' : undefined}
          title="What the platforms do wrong"
          onClick={onFaults}
        >
          {faultsOn > 0 ? `Faults ${faultsOn}` : 'Faults'}
        </button>
        <button type="button" className="quiet" onClick={toggleTheme}>
          {theme === 'dark' ? 'Light' : 'Dark'}
        </button>
      </div>
    </nav>
  );
}

/** Channels with something newer than when they were last looked at; what was there on arrival counts as read. */
function useUnread({ messages, connected }: Workspace, channel: string, person: string): ReadonlySet<string> {
  const [looked, setLooked] = useState<Readonly<Record<string, string>>>({});
  const newest = messages.at(-1)?.ts ?? '0';
  useEffect(() => {
    if (!connected) return;
    setLooked((before) => ({
      ...before,
      [person]: before[person] ?? newest,
      [`${person}${channel}`]: newest,
    }));
  }, [connected, person, channel, newest]);
  const fresh = messages.filter((message) => {
    const since = looked[`${person}${message.channel}`] ?? looked[person] ?? newest;
    return message.ts > since && message.author !== person;
  });
  return new Set(fresh.map((message) => message.channel));
}
