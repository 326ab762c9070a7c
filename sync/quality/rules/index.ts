/** All rules. A new one is an entry in one of these files. */
import type { Rule } from '../rule.ts';
import { businessRules } from './business.ts';
import { completenessRules } from './completeness.ts';
import { crossSystemRules } from './cross-system.ts';
import { currencyRules } from './currency.ts';
import { driftRules } from './drift.ts';
import { impossibleRules } from './impossible.ts';
import { volumeRules } from './volume.ts';

export const rules: readonly Rule[] = [
  ...businessRules,
  ...currencyRules,
  ...impossibleRules,
  ...completenessRules,
  ...crossSystemRules,
  ...volumeRules,
  ...Object.values(driftRules),
];
