/** As whom the server runs: PostgreSQL refuses root, so root hands it to the data folder's owner or to user `postgres`. */
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseFault } from '../fault.ts';

export type Owner = {
  uid: number;
  gid: number /** False: we run as ourselves and change nothing. */;
  drop: boolean;
};

function findUser(name: string): { uid: number; gid: number } | null {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const fields = line?.split(':');
  return fields ? { uid: Number(fields[2]), gid: Number(fields[3]) } : null;
}

/** Decide who owns and runs the data folder `data` (which may not exist yet). */
export function chooseOwner(data: string): Owner {
  const uid = process.getuid?.();
  if (uid === undefined) return { uid: -1, gid: -1, drop: false };
  if (uid !== 0) {
    if (existsSync(data) && statSync(data).uid !== uid) {
      throw new DatabaseFault(
        'setup',
        `The data folder ${data} belongs to user ${statSync(data).uid}, not to you (${uid}). Run "chown -R ${uid} ${data}" as root, or start Herald as its owner.`,
      );
    }
    return { uid, gid: process.getgid?.() ?? uid, drop: false };
  }
  if (existsSync(data)) {
    const { uid: owner, gid } = statSync(data);
    if (owner !== 0) return { uid: owner, gid, drop: true };
  }
  let user = findUser('postgres');
  if (!user) {
    try {
      execFileSync(
        'useradd',
        ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'],
        { stdio: 'ignore' },
      );
    } catch (cause) {
      throw new DatabaseFault(
        'setup',
        'PostgreSQL cannot run as root and no user "postgres" could be made. Start Herald as an ordinary user, or set DATABASE_URL.',
        cause,
      );
    }
    user = findUser('postgres');
  }
  if (!user)
    throw new DatabaseFault(
      'setup',
      'PostgreSQL cannot run as root: start Herald as an ordinary user, or set DATABASE_URL.',
    );
  return { ...user, drop: true };
}

/** Can that user walk down to `folder`? A checkout under a 0700 home is closed to everybody but its owner. */
export function canReach(folder: string, owner: Owner): boolean {
  if (!owner.drop) {
    try {
      accessSync(path.dirname(folder), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }
  for (let at = path.dirname(path.resolve(folder)); ; at = path.dirname(at)) {
    if (existsSync(at)) {
      const { mode, uid, gid } = statSync(at);
      const open = uid === owner.uid ? mode & 0o100 : gid === owner.gid ? mode & 0o010 : mode & 0o001;
      if (!open) return false;
    }
    if (at === path.dirname(at)) return true;
  }
}
