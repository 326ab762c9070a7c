/** The rows of deals' histories behind a figure of kpi/stages/stage-figures.ts: those that it counts, each once. */
import type { Queryable } from '../../db/client.ts';
import type { StageFigure } from '../definition.ts';
import { filterConditions } from '../read/filter-conditions.ts';
import type { LineageInput, LineagePart } from '../read/lineage.ts';
import { countedStages, stageComponents } from './stage-figures.ts';

type Row = { system: string; id: string; deal: string; day: string; value: number; count: number };

export async function readStageLineage(
  sql: Queryable,
  of: StageFigure,
  { period, filters, timeZone, most }: LineageInput,
): Promise<LineagePart[]> {
  const components = stageComponents[of];
  const isMedian = of === 'time_in_stage';
  const parts: LineagePart[] = [];
  for (const [at, { name, label }] of components.entries()) {
    const values: unknown[] = [[0], timeZone, [period.from], [period.to], most];
    const conditions = filterConditions(filters, 'd', values);
    // The last component is all that is counted; one before it is a part.
    const within = at < components.length - 1 ? 'where is_part' : '';
    const rows = await sql.unsafe<Row[]>(
      `${countedStages(of, { part: `''`, conditions })}
       select system, id, deal_id as deal, day, ${isMedian ? 'days' : '1::double precision'} as value, count(*) over ()::int as count
       from counted ${within} order by value desc, day desc, system, id limit $5`,
      values as never[],
    );
    const count = rows[0]?.count ?? 0;
    parts.push({
      name,
      label,
      unit: isMedian ? 'value' : 'count',
      total: isMedian ? null : count,
      count,
      records: rows.map(({ system, id, deal, day, value }) => ({
        day,
        value,
        name: null,
        origins: [{ system, table: 'deal_stage', id, parent: deal }],
      })),
    });
  }
  return parts;
}
