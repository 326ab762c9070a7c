/** In-house HTTP endpoints that answer JSON lists: a full reading each time, or from the last stamp on where the endpoint can do that. */
import { type Batch, type Cursor, type ReadContext, ReadFault } from '../../source.ts';
import { fieldOf } from './field-of.ts';
import { firstRequest, nextRequest, type Request } from './http-address.ts';
import { parseExactJson } from './parse-jsonl.ts';
import { publicOnly, type ResolveHost } from './public-only.ts';
import { type Reader, sweepBatch } from './reader.ts';
import { type Keyed, keyed, recordsPerBatch, toUpserts } from './records.ts';
import type { EndpointStream, HttpSettings } from './settings.ts';
import type { Shape } from './values.ts';

type EndpointCursor = { since?: string; etag?: string };
type Page = { records: Keyed[]; etag: string | null; isUnchanged: boolean };

export function createHttpReader(
  name: string,
  settings: HttpSettings,
  shape: Shape,
  resolve?: ResolveHost,
): Reader {
  const dispatcher = publicOnly(`sources.${name}.baseUrl`, settings.allowPrivate, resolve);

  async function* pages(stream: string, from: EndpointCursor, context: ReadContext): AsyncIterable<Page> {
    const spec = settings.streams[stream]!;
    const place = `${name}.${stream}`;
    let request: Request | null = firstRequest(settings, spec, from.since);
    for (let count = 1, total = 0; request !== null; count++) {
      const { url, headers }: Request = request;
      if (!spec.pages && from.etag) headers['if-none-match'] = from.etag;
      const reply = await context.fetch(url.toString(), { headers, dispatcher });
      if (reply.status === 304)
        return void (yield { records: [], etag: from.etag ?? null, isUnchanged: true });
      const body = parseExactJson(reply.text);
      const records = listOf(place, body, spec).map((item, i) =>
        keyed(toObject(item), spec.key, `page ${count}, record ${i + 1}`),
      );
      total += records.length;
      yield { records, etag: reply.headers.get('etag'), isUnchanged: false };
      const next: Request | null = nextRequest(place, settings, spec, {
        request,
        body: toObject(body),
        headers: reply.headers,
        count: records.length,
        total,
      });
      if (next?.url.href === url.href)
        throw new ReadFault(
          'no_progress',
          `${place}: the endpoint names the same next page twice (page ${count})`,
        );
      request = next;
    }
  }

  async function* readRecords(
    stream: string,
    cursor: EndpointCursor,
    context: ReadContext,
  ): AsyncIterable<Batch> {
    const now = context.now();
    const { updatedAt, sinceParam } = settings.streams[stream]!;
    const stamp = { updatedAt, shape, readAt: now.getTime() };
    const reached: EndpointCursor = { ...cursor };
    for await (const page of pages(stream, cursor, context)) {
      if (page.etag && !sinceParam) reached.etag = page.etag;
      for (const { record } of page.records) {
        const seen = updatedAt === undefined ? undefined : fieldOf(record, updatedAt);
        if (sinceParam && isLater(seen, reached.since)) reached.since = String(seen);
      }
      for (let i = 0; i < page.records.length; i += recordsPerBatch) {
        yield {
          stream,
          records: toUpserts(page.records.slice(i, i + recordsPerBatch), stamp),
          cursor,
          coveredUntil: null,
        };
      }
    }
    yield { stream, records: [], cursor: reached, coveredUntil: now.toISOString() };
  }

  async function* readIds(stream: string, context: ReadContext): AsyncIterable<Batch> {
    for await (const page of pages(stream, {}, context))
      yield sweepBatch(
        stream,
        page.records.map((record) => record.id),
        false,
      );
    yield sweepBatch(stream, [], true);
  }

  return {
    pace: { default: { perSecond: settings.perSecond, burst: Math.max(1, Math.ceil(settings.perSecond)) } },
    lanes: ['backfill', 'realtime', 'sweep'],
    async check(context) {
      for (const stream of Object.keys(settings.streams))
        for await (const _first of pages(stream, {}, context)) break;
      return {
        identity: new URL(settings.baseUrl).host,
        detail: `${Object.keys(settings.streams).length} endpoints`,
      };
    },
    read: (stream, lane, cursor, context) =>
      lane === 'sweep' ? readIds(stream, context) : readRecords(stream, toCursor(cursor), context),
  };
}

function listOf(place: string, body: unknown, spec: EndpointStream): unknown[] {
  const list = spec.list === undefined ? body : fieldOf(toObject(body), spec.list);
  if (Array.isArray(list)) return list;
  const keys = Object.keys(toObject(body)).join(', ') || 'none';
  throw new ReadFault(
    'protocol',
    `${place}: expected a list ${spec.list ? `at "${spec.list}"` : 'as the reply'}; the reply's keys are ${keys}`,
  );
}

/** Stamps are ISO texts, or numbers of a clock. */
function isLater(seen: unknown, than: string | undefined): boolean {
  if (typeof seen === 'number') return than === undefined || seen > Number(than);
  return typeof seen === 'string' && seen !== '' && (than === undefined || seen > than);
}

function toObject(value: unknown): Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

function toCursor(cursor: Cursor): EndpointCursor {
  return (cursor ?? {}) as EndpointCursor;
}
