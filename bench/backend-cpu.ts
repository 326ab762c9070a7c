import { readFileSync } from 'node:fs';
import type { Queryable } from '../db/client.ts';

/** Milliseconds that one backend has worked so far: processor time where /proc tells it, else the clock. */
export type Meter = { kind: 'cpu' | 'wall'; read(): number };

/** Where Linux counts, the finest first: nanoseconds of the scheduler, or ticks of 10 ms (USER_HZ is 100 everywhere). */
const counters = [
  { file: 'schedstat', read: (text: string) => Number(text.split(' ')[0]) / 1e6 },
  {
    file: 'stat',
    read: (text: string) => {
      // Fields after the command's name in parentheses: 14 and 15 of proc(5) are user and system time.
      const fields = text.split(') ')[1]!.split(' ');
      return (Number(fields[11]) + Number(fields[12])) * 10;
    },
  },
] as const;

/** Meters the backend behind a pool of one connection. */
export async function meterBackend(sql: Queryable): Promise<Meter> {
  const [row] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  for (const counter of counters) {
    const read = () => counter.read(readFileSync(`/proc/${row!.pid}/${counter.file}`, 'latin1'));
    try {
      if (read() > 0) return { kind: 'cpu', read };
    } catch {
      // Not on this system: the next one, and the clock in the end.
    }
  }
  return { kind: 'wall', read: () => performance.now() };
}

export type Cost = { cpu: number; wall: number };

/** What some work cost; with no processor time to be had, both are the clock's. */
export async function costOf(meter: Meter, work: () => Promise<unknown>): Promise<Cost> {
  const [cpu, wall] = [meter.read(), performance.now()];
  await work();
  return { cpu: meter.read() - cpu, wall: performance.now() - wall };
}
