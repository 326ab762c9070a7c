/** Who may do what: deny by default. Executives and analysts read all areas; managers and viewers those granted. */
import type { Role } from '../commands/command.ts';

export const areas = ['sales', 'marketing', 'success', 'support', 'operations', 'finance'] as const;
export type Area = (typeof areas)[number];
export type Permission =
  | `read:${Area}`
  | 'export'
  | 'write:digest'
  | 'write:alert'
  | 'write:config'
  | 'admin';

/** What somebody, or everybody in a channel, may see and do. */
export type Rights = { role: Role | 'none'; permissions: ReadonlySet<Permission> };

export type Grant = { role: Role; areas?: readonly Area[] | undefined };

const readAll = areas.map((area): Permission => `read:${area}`);

const byRole: Record<Role, { reads: 'all' | 'granted'; more: readonly Permission[] }> = {
  executive: { reads: 'all', more: ['export', 'write:digest', 'write:alert'] },
  manager: { reads: 'granted', more: ['export', 'write:digest', 'write:alert'] },
  analyst: { reads: 'all', more: ['export'] },
  viewer: { reads: 'granted', more: [] },
};

export const noRights: Rights = { role: 'none', permissions: new Set() };

export function rightsOf(grant: Grant | undefined): Rights {
  if (!grant) return noRights;
  const { reads, more } = byRole[grant.role];
  const granted =
    reads === 'all' && !grant.areas ? readAll : (grant.areas ?? []).map((area): Permission => `read:${area}`);
  return { role: grant.role, permissions: new Set([...granted, ...more]) };
}

export function may(rights: Rights, permission: Permission): boolean {
  return rights.permissions.has(permission) || rights.permissions.has('admin');
}
