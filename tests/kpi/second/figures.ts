/** Every KPI's second calculation, made anew from the world as it is now. */
import type { World } from '../../../demo/company/records.ts';
import { attribution } from './attribution.ts';
import { finance } from './finance.ts';
import { leads } from './leads.ts';
import { marketing } from './marketing.ts';
import { pipeline } from './pipeline.ts';
import type { SecondFigures } from './raw.ts';
import { sales } from './sales.ts';
import { support } from './support.ts';

export const secondFigures = (world: World): SecondFigures => ({
  ...finance(world),
  ...sales(world),
  ...pipeline(world),
  ...marketing(world),
  ...attribution(world),
  ...leads(world),
  ...support(world),
});
