/** Who saw what, when, from where, on which data: one append-only row per answer, refusals included. */
import type { Database } from '../../db/client.ts';
import type { Person, Place } from '../commands/command.ts';

export type AuditEntry = {
  person: Person;
  role: string;
  place: Place;
  action: string;
  kpi: string | null;
  text: string;
  outcome: 'answered' | 'refused' | 'not_understood' | 'failed';
  dataVersion: number | null;
  trace: string;
};

export type Audit = (entry: AuditEntry) => Promise<void>;

export function createAudit(db: Database): Audit {
  return async (entry) => {
    await db.sql`
      insert into audit (at, platform, asker, role, place, action, kpi, text, outcome, data_version, trace)
      values (clock_timestamp(), ${entry.person.platform}, ${entry.person.id}, ${entry.role}, ${`${entry.place.kind}:${entry.place.channel}`}, ${entry.action},
        ${entry.kpi}, ${entry.text.slice(0, 500)}, ${entry.outcome}, ${entry.dataVersion}, ${entry.trace})`;
  };
}
