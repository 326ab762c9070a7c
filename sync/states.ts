/** The life of a run: one table of legal steps, enforced here and by a trigger in the database. */
import type { Queryable } from '../db/client.ts';
import { HeraldError } from '../platform/errors.ts';

export const runStates = [
  'IDLE',
  'RUNNING',
  'VALIDATING',
  'LOADING',
  'SUCCESS',
  'FAILED',
  'RETRYING',
] as const;
export type RunState = (typeof runStates)[number];

export const legalSteps: Record<RunState, readonly RunState[]> = {
  IDLE: ['RUNNING'],
  RUNNING: ['VALIDATING', 'RETRYING', 'FAILED'],
  VALIDATING: ['LOADING', 'FAILED'],
  LOADING: ['RUNNING', 'SUCCESS', 'RETRYING', 'FAILED'],
  RETRYING: ['RUNNING', 'FAILED'],
  SUCCESS: ['IDLE'],
  FAILED: ['IDLE'],
};

export function isLegal(from: RunState, to: RunState): boolean {
  return legalSteps[from].includes(to);
}

/** A run as it is being made: every step is stored with its time and detail. */
export class Run {
  readonly id: number;
  readonly source: string;
  #state: RunState = 'IDLE';

  private constructor(id: number, source: string) {
    this.id = id;
    this.source = source;
  }

  /**
   * Begin a run, or the one that was asked for. Call it under the source's lease: what is still under way here then
   * lost its worker, and is ended as failed.
   */
  static async open(sql: Queryable, source: string, cause: string, asked?: number): Promise<Run> {
    await endOrphans(sql, source);
    if (asked !== undefined) {
      const [row] = await sql<{ id: number }[]>`
        update sync_run set started_at = clock_timestamp() where id = ${asked} and source = ${source} and state = 'IDLE' returning id`;
      if (row) return new Run(row.id, source);
      // It was begun, and its worker died: begin anew.
    }
    const [row] = await sql<
      { id: number }[]
    >`insert into sync_run (source, state, cause) values (${source}, 'IDLE', ${cause}) returning id`;
    return new Run(row!.id, source);
  }

  get state(): RunState {
    return this.#state;
  }

  async step(
    sql: Queryable,
    to: RunState,
    detail: Record<string, string | number | null> = {},
  ): Promise<void> {
    const from = this.#state;
    if (!isLegal(from, to))
      throw new HeraldError('bug', `A run cannot go from ${from} to ${to}.`, {
        note: `run ${this.id} of ${this.source}`,
      });
    const [kept] = await sql`
      with moved as (
        update sync_run set state = ${to}, finished_at = case when ${to} in ('SUCCESS', 'FAILED') then clock_timestamp() else finished_at end
        where id = ${this.id} returning id)
      insert into sync_transition (run_id, from_state, to_state, at, detail)
      select id, ${from}, ${to}, clock_timestamp(), ${JSON.stringify(detail)}::text::jsonb from moved returning id`;
    if (!kept)
      throw new HeraldError(
        'bug',
        `Run ${this.id} of ${this.source} is gone; its step to ${to} was not kept.`,
      );
    this.#state = to;
  }
}

async function endOrphans(sql: Queryable, source: string): Promise<void> {
  const reason = 'its worker ended before it';
  await sql`
    with lost as (
      update sync_run set state = 'FAILED', finished_at = clock_timestamp(), error = ${reason}
      where source = ${source} and state in ('RUNNING', 'VALIDATING', 'LOADING', 'RETRYING')
      returning id, old.state as was)
    insert into sync_transition (run_id, from_state, to_state, at, detail)
    select id, was, 'FAILED', clock_timestamp(), jsonb_build_object('reason', ${reason}::text) from lost`;
}
