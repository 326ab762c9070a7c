import { describe, expect, test } from 'vitest';
import { createDirectory } from '../../bot/access/directory.ts';
import {
  type Area,
  areas,
  type Grant,
  may,
  noRights,
  type Permission,
  rightsOf,
} from '../../bot/access/roles.ts';

const all = [...areas];
const none: Area[] = [];

/** Grant, areas it reads, what it may do besides. */
const table: [string, Grant | undefined, Area[], Permission[]][] = [
  ['an executive', { role: 'executive' }, all, ['export', 'write:digest', 'write:alert']],
  ['an analyst', { role: 'analyst' }, all, ['export']],
  ['a manager without areas', { role: 'manager' }, none, ['export', 'write:digest', 'write:alert']],
  ['a viewer without areas', { role: 'viewer' }, none, []],
  [
    'a manager of sales',
    { role: 'manager', areas: ['sales'] },
    ['sales'],
    ['export', 'write:digest', 'write:alert'],
  ],
  ['a viewer of support', { role: 'viewer', areas: ['support'] }, ['support'], []],
  [
    'an executive limited to finance',
    { role: 'executive', areas: ['finance'] },
    ['finance'],
    ['export', 'write:digest', 'write:alert'],
  ],
  ['an analyst limited to nothing', { role: 'analyst', areas: [] }, none, ['export']],
  ['nobody in particular', undefined, none, []],
];

describe.each(table)('%s', (_who, grant, reads, does) => {
  const rights = rightsOf(grant);

  test.each(areas)('and %s', (area) => {
    expect(may(rights, `read:${area}`)).toBe(reads.includes(area));
  });

  test.each(['export', 'write:digest', 'write:alert', 'write:config', 'admin'] as const)(
    'and %s',
    (permission) => {
      expect(may(rights, permission)).toBe(does.includes(permission));
    },
  );
});

describe('the directory', () => {
  const directory = createDirectory({
    people: { 'slack:U1': { role: 'executive' }, 'slack:U2': { role: 'viewer', areas: ['support'] } },
    channels: { 'slack:C1': { role: 'viewer', areas: ['support'] } },
    terminal: { role: 'analyst' },
  });
  const boss = { platform: 'slack', id: 'U1', name: 'Boss' } as const;

  test('a person that nobody named has no rights', () => {
    expect(directory.person({ platform: 'slack', id: 'U9', name: 'Stranger' })).toEqual(noRights);
  });

  test('the same id on another platform is another person', () => {
    expect(directory.person({ platform: 'teams', id: 'U1', name: 'Boss' })).toEqual(noRights);
  });

  test('a name that objects are born with is nobody', () => {
    expect(directory.person({ platform: 'slack', id: '__proto__', name: 'x' })).toEqual(noRights);
  });

  test('the terminal has the grant of its own', () => {
    expect(directory.person({ platform: 'terminal', id: 'terminal', name: 'x' }).role).toBe('analyst');
  });

  test('a channel may see what its class may, whoever asks there', () => {
    const audience = directory.audience({ platform: 'slack', channel: 'C1', kind: 'channel' }, boss);
    expect([may(audience, 'read:support'), may(audience, 'read:finance')]).toEqual([true, false]);
  });

  test('a channel without a class may see nothing', () => {
    expect(directory.audience({ platform: 'slack', channel: 'C9', kind: 'channel' }, boss)).toEqual(noRights);
  });

  test('a direct message may see what the asker may', () => {
    const audience = directory.audience({ platform: 'slack', channel: 'D1', kind: 'dm' }, boss);
    expect(may(audience, 'read:finance')).toBe(true);
  });
});
