/** One piece of news → a delivery for each target that may see it. */
import { createHash } from 'node:crypto';
import type { Answer } from '../../kpi/answer.ts';
import { instantOf } from '../../kpi/calendar.ts';
import type { Question } from '../../kpi/question.ts';
import type { Picture } from '../../render/picture/painter.ts';
import { may, rightsOf } from '../access/roles.ts';
import type { Answerer } from '../commands/answer-text.ts';
import type { NewBlob, NewDelivery } from '../delivery/enqueue.ts';
import { type Target, targetRights } from '../delivery/target.ts';
import { readingOf } from '../language/reading.ts';
import type { News } from './news.ts';
import type { DetectionInput } from './run-detection.ts';
import { writeAlert } from './write-alert.ts';

export type Addressed = { deliveries: NewDelivery[]; blobs: NewBlob[]; answer: Answer; answerId: string };

export async function addressAlert(news: News, input: DetectionInput): Promise<Addressed> {
  const { answererAt, directory, engine, host = null, log, now } = input;
  const { kpi, key, startedOn } = news;
  const answerer = answererAt(now);
  // Asked with every right; each target's own are checked below, and again when it is sent.
  const answer = await answerer.answer(questionOf(news, answerer), rightsOf({ role: 'executive' }));
  const answerId = `alert-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`;
  const slot = instantOf(startedOn, engine.calendar.timeZone);
  const deliveries: NewDelivery[] = [];
  const blobs: NewBlob[] = [];
  for (const target of news.targets) {
    if (!may(targetRights(directory, target, null), `read:${kpi.area}`)) {
      log.warn(
        { target: `${target.kind}:${target.to}`, kpi: kpi.name },
        'alert: this target may not see the KPI',
      );
      continue;
    }
    const picture = await draw(answer, news, target, input);
    const { payload, blobs: used } = await writeAlert({ news, answer, answerId, target, picture, host });
    deliveries.push({
      kind: 'alert',
      topic: key,
      slot,
      target,
      audience: { areas: [kpi.area], role: null },
      payload,
    });
    blobs.push(...used);
  }
  return { deliveries, blobs, answer, answerId };
}

/** A segment's name is a record's own word: it goes in as a filter, never through the grammar. */
function questionOf({ question: text, segment, kpi }: News, answerer: Answerer): Question {
  const question = answerer.parse(text);
  if (!segment) return question;
  const filtered = {
    ...question,
    filters: [{ dimension: segment.dimension, values: [segment.value] }],
  };
  return { ...filtered, reading: readingOf(filtered, kpi, null) };
}

async function draw(
  answer: Answer,
  { marked }: News,
  target: Target,
  { paint, log }: DetectionInput,
): Promise<Picture | null> {
  const mark = marked ? { marked } : {};
  try {
    return await paint.png(answer, target.kind === 'teams' ? { width: 1000, ...mark } : mark);
  } catch (thrown) {
    log.error(
      { err: (thrown as Error).message, kpi: answer.kpi },
      'alert: the picture could not be drawn; the text goes alone',
    );
    return null;
  }
}
