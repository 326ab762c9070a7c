import type { Spec } from 'vega';
import type { Answer } from '../../kpi/answer.ts';
import { chooseChart } from './choose-chart.ts';
import { header, headerHeight } from './header.ts';
import { composePage, type DrawOptions } from './page.ts';

/** The whole picture of an answer as a Vega specification. Pure. */
export function drawCard(answer: Answer, options: DrawOptions = {}): Spec {
  return composePage(
    { ...answer, asOf: answer.question.asOf },
    {
      headHeight: headerHeight,
      head: (page) => header(answer, page),
      draw: (frame) => chooseChart(answer).draw(answer, frame),
    },
    options,
  );
}
