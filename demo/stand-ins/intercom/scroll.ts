/** The one scroll over companies that a workspace may have open at a time. */
import { randomUUID } from 'node:crypto';
import { refuse } from './refuse.ts';

const idleMs = 60_000;
const pageSize = 100;

type Open = { param: string; items: readonly Record<string, unknown>[]; at: number; usedAt: number };

export function createScroll(options: {
  items: () => readonly Record<string, unknown>[];
  now: () => number;
}) {
  let open: Open | null = null;

  function start(now: number): Open {
    if (open && now - open.usedAt < idleMs)
      throw refuse(400, 'scroll_exists', 'scroll already exists for this workspace');
    return { param: randomUUID(), items: options.items(), at: 0, usedAt: now };
  }

  function resume(param: string, now: number): Open {
    if (open?.param === param && now - open.usedAt < idleMs) return open;
    throw refuse(404, 'not_found', 'scroll parameter not found');
  }

  return (param: string | null): Record<string, unknown> => {
    const now = options.now();
    const scroll = param === null ? start(now) : resume(param, now);
    const data = scroll.items.slice(scroll.at, scroll.at + pageSize);
    // The end is an empty page; the scroll is gone with it, but the parameter is still named: followed blindly it never ends.
    open = data.length === 0 ? null : { ...scroll, at: scroll.at + data.length, usedAt: now };
    return { type: 'list', data, pages: null, total_count: null, scroll_param: scroll.param };
  };
}
