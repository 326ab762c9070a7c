import { createHash } from 'node:crypto';
import type { Directory } from '../access/directory.ts';
import { type Area, may, type Rights, rightsOf } from '../access/roles.ts';
import type { Role } from '../commands/command.ts';

/** Where a delivery goes: a Slack channel or person id, a Teams conversation or `dm:<person>`, a mail address. */
export type Target = { kind: 'slack' | 'teams' | 'mail'; to: string };

export type SlotParts = { topic: string; slot: string; target: Target; part?: string };

/** The identity of one delivery: the same on every replica and every try, and opaque to who sees it. */
export function slotKey({ topic, slot, target, part = 'main' }: SlotParts): string {
  return createHash('sha256').update([topic, slot, target.kind, target.to, part].join('\n')).digest('hex');
}

/** What the readers of a delivery must be allowed to see, and the role that its operator gave to mail readers. */
export type Audience = { areas: readonly Area[]; role: Role | null };

/**
 * What everybody who reads there may see. A channel has the class that it was given, a person their own rights. A mail
 * address that the directory does not know has `role`: who wrote the address into the configuration wrote the role
 * beside it.
 */
export function targetRights(directory: Directory, target: Target, role: Role | null): Rights {
  const person = { platform: target.kind, id: target.to.replace(/^dm:/, ''), name: target.to };
  if (target.kind === 'mail') {
    const known = directory.person(person);
    return known.role === 'none' && role !== null ? rightsOf({ role }) : known;
  }
  if (isPerson(target)) return directory.person(person);
  return directory.audience({ platform: target.kind, channel: target.to, kind: 'channel' }, person);
}

/** Slack's people are U… (W… on Enterprise Grid); Teams' are written `dm:<id>`. */
export function isPerson({ kind, to }: Target): boolean {
  return kind === 'slack' ? /^[UW][A-Z0-9]+$/.test(to) : kind === 'teams' ? to.startsWith('dm:') : true;
}

/** Areas that these rights do not reach. */
export function missingAreas(rights: Rights, areas: readonly Area[]): Area[] {
  return areas.filter((area) => !may(rights, `read:${area}`));
}
