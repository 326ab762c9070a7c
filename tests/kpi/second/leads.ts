/** How fast sales works on leads, from Salesforce's leads and tasks. */
import type { World } from '../../../demo/company/records.ts';
import {
  dayReader,
  inside,
  live,
  millis,
  type Pick,
  percent,
  percentile,
  type SecondFigures,
  type Span,
} from './raw.ts';

type Lead = { Id: string; OwnerId: string; LeadSource: string | null; CreatedDate: string };
type Task = { WhoId: string | null; TaskSubtype: string; CreatedDate: string };

export function leads(world: World): SecondFigures {
  const { salesforce } = world;
  const dayOf = dayReader(world.options.timeZone);
  const users = new Map(live<{ Id: string; Name: string }>(salesforce, 'User').map((u) => [u.Id, u.Name]));
  const work = Map.groupBy(
    live<Task>(salesforce, 'Task').filter(
      (task) => task.TaskSubtype === 'Call' || task.TaskSubtype === 'Email',
    ),
    (task) => task.WhoId,
  );
  const people = live<Lead>(salesforce, 'Lead').map((lead) => {
    const waits = (work.get(lead.Id) ?? [])
      .map((task) => millis(task.CreatedDate) - millis(lead.CreatedDate))
      .filter((wait) => wait >= 0);
    return {
      day: dayOf(lead.CreatedDate),
      minutes: waits.length === 0 ? null : Math.min(...waits) / 60_000,
      dims: { owner: users.get(lead.OwnerId) ?? null, source: lead.LeadSource },
    };
  });
  const figure = (value: (list: readonly (typeof people)[number][]) => number | null) => ({
    by: ['owner', 'source'] as const,
    records: people,
    value: (span: Span, pick: Pick) => value(pick(people).filter(({ day }) => inside(day, span))),
  });
  return {
    speed_to_lead: figure((list) =>
      percentile(
        list.flatMap(({ minutes }) => minutes ?? []),
        0.5,
      ),
    ),
    lead_response: figure((list) =>
      percent(list.filter(({ minutes }) => minutes !== null && minutes < 24 * 60).length, list.length),
    ),
  };
}
