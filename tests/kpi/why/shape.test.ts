import { expect, test } from 'vitest';
import { builtIn } from '../../../kpi/catalogue.ts';
import { kpis } from '../../../kpi/definitions/index.ts';
import { isAdditive } from '../../../kpi/engine.ts';
import { shapeOf } from '../../../kpi/why/shape.ts';

test('every KPI but a percentile has a shape that can be explained', () => {
  const none = kpis.filter((kpi) => shapeOf(kpi, builtIn).kind === 'none');
  expect(none.map((kpi) => kpi.formula.kind)).toEqual(none.map(() => 'percentile'));
});

test('what adds up over parts is what the engine sums up', () => {
  for (const kpi of kpis)
    expect([kpi.name, shapeOf(kpi, builtIn).kind === 'additive']).toEqual([kpi.name, isAdditive(kpi)]);
});

test('only products of rates are told by factors', () => {
  expect(kpis.filter((kpi) => shapeOf(kpi, builtIn).kind === 'product').map((kpi) => kpi.name)).toEqual([
    'sales_velocity',
  ]);
});
