import { expect, test } from 'vitest';
import { builtIn } from '../../../kpi/catalogue.ts';
import { kpis } from '../../../kpi/definitions/index.ts';
import { isAdditive } from '../../../kpi/engine.ts';
import { type Shape, shapeOf } from '../../../kpi/why/shape.ts';

const shaped = (name: string): Shape => shapeOf(builtIn.kpiByName.get(name)!, builtIn);
const factorsOf = (name: string) => {
  const shape = shaped(name);
  return shape.kind === 'product' ? shape.factors.map((factor) => [factor.name, factor.exponent]) : [];
};

test('what is a sum or a quotient of sums has a shape; what is bent at 100 %, or is what another leaves, has none', () => {
  const none = kpis.filter(
    (kpi) => ['arithmetic', 'span'].includes(kpi.formula.kind) && shapeOf(kpi, builtIn).kind === 'none',
  );
  expect(none.map((kpi) => kpi.name)).toEqual(['customer_retention', 'forecast_accuracy']);
});

test('what adds up over parts is what the engine sums up', () => {
  for (const kpi of kpis)
    expect([kpi.name, shapeOf(kpi, builtIn).kind === 'additive']).toEqual([kpi.name, isAdditive(kpi)]);
});

test('a product is told by the factors that people know', () => {
  expect(factorsOf('sales_velocity')).toEqual([
    ['Open deals', 1],
    ['Average deal size', 1],
    ['Win rate', 1],
    ['Sales cycle', -1],
  ]);
  expect(factorsOf('contact_rate')).toEqual([
    ['Tickets created', 1],
    ['Customers', -1],
  ]);
});

test('a KPI over other KPIs is told by those, also where they are multiplied below the line', () => {
  expect(factorsOf('ltv').map(([name]) => name)).toEqual([
    'ARPA',
    'Gross margin of the company, 12 months',
    'Churn, 12 months',
  ]);
  expect(factorsOf('cac_payback').map(([name, exponent]) => `${name} ${exponent}`)).toEqual([
    'Sales and marketing spend 1',
    'New MRR -1',
    'Gross margin -1',
  ]);
});

test('a factor that is a sum is named by all that it adds up', () => {
  expect(factorsOf('quick_ratio')).toEqual([
    ['New MRR + Expansion MRR + Reactivation MRR', 1],
    ['Contraction MRR + Churned MRR', -1],
  ]);
});
