/** `/kpi define churn`: the one written definition, as everywhere. */
import { formulaText } from '../../kpi/components.ts';
import type { KpiDefinition } from '../../kpi/definition.ts';
import type { Reply } from './command.ts';

export function define(kpi: KpiDefinition): Reply {
  return {
    kind: 'note',
    title: `${kpi.title} (version ${kpi.version})`,
    lines: [
      kpi.text,
      `Formula: ${formulaText(kpi)}`,
      `Unit: ${kpi.unit.replaceAll('_', ' ')} · good when it goes ${kpi.good === 'none' ? 'neither way' : kpi.good} · area ${kpi.area} · owner ${kpi.owner}`,
      kpi.dimensions.length > 0 ? `Can be split by ${kpi.dimensions.join(', ')}.` : 'Has no breakdown.',
      `From ${kpi.sources.join(', ')}. Reference: ${kpi.reference}`,
    ],
    actions: [
      { verb: 'ask', label: `${kpi.title} now`, value: kpi.name.replaceAll('_', ' '), style: 'primary' },
    ],
  };
}
