/** Where an in-house endpoint's pages are, and what proves who asks. */
import { neverLog } from '../../../platform/log.ts';
import { ReadFault } from '../../source.ts';
import { fieldOf } from './field-of.ts';
import type { EndpointStream, HttpSettings } from './settings.ts';

export type Request = { url: URL; headers: Record<string, string> };

/** First request of a stream. `since`: the last stamp seen, where the endpoint can start there. */
export function firstRequest(
  settings: HttpSettings,
  spec: EndpointStream,
  since: string | undefined,
): Request {
  const url = new URL(settings.baseUrl.replace(/\/$/, '') + spec.path);
  if (spec.sinceParam && since !== undefined) url.searchParams.set(spec.sinceParam, since);
  if (spec.pages?.by === 'number') url.searchParams.set(spec.pages.param, String(spec.pages.first));
  if (spec.pages?.by === 'offset') url.searchParams.set(spec.pages.param, '0');
  return signed(settings, url);
}

export type Answered = {
  request: Request;
  body: Record<string, unknown>;
  headers: Headers;
  /** Records on this page, and on all pages so far. */
  count: number;
  total: number;
};

/** The request for the page after one; null after the last. @throws ReadFault when it leads elsewhere */
export function nextRequest(
  place: string,
  settings: HttpSettings,
  spec: EndpointStream,
  page: Answered,
): Request | null {
  const { pages } = spec;
  if (!pages) return null;
  const withParam = (value: string) => {
    if (!('param' in pages)) return null;
    const url = new URL(page.request.url);
    url.searchParams.set(pages.param, value);
    return signed(settings, url);
  };
  switch (pages.by) {
    case 'number':
      return page.count === 0
        ? null
        : withParam(String(Number(page.request.url.searchParams.get(pages.param)) + 1));
    case 'offset':
      return page.count === 0 ? null : withParam(String(page.total));
    case 'cursor': {
      const next = textAt(page.body, pages.next);
      return next === null ? null : withParam(next);
    }
    case 'link':
      return follow(place, settings, page.request.url, linkNext(page.headers.get('link') ?? ''));
    case 'url':
      return follow(place, settings, page.request.url, textAt(page.body, pages.next));
    default:
      return pages satisfies never;
  }
}

/** An address out of a reply gets our token, so it must be the host of the settings. */
function follow(place: string, settings: HttpSettings, from: URL, address: string | null): Request | null {
  if (address === null) return null;
  const url = URL.parse(address, from);
  if (url?.origin === new URL(settings.baseUrl).origin) return signed(settings, url);
  throw new ReadFault(
    'protocol',
    `${place}: the next page is said to be at another host (${url?.host ?? 'no address'}) than baseUrl; Herald does not send its token there`,
  );
}

function textAt(body: Record<string, unknown>, path: string): string | null {
  const value = fieldOf(body, path);
  return value === null || value === undefined || value === '' || value === false ? null : String(value);
}

/** RFC 8288: `<address>; rel="next"` among others. */
function linkNext(header: string): string | null {
  for (const link of header.matchAll(
    /<([^>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]+))?)*)/g,
  )) {
    const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))/i.exec(link[2]!);
    if ((rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/).includes('next')) return link[1]!;
  }
  return null;
}

function signed(settings: HttpSettings, url: URL): Request {
  const { token, user = '', password = '' } = settings;
  const auth = settings.auth ?? (token ? { by: 'bearer' as const } : null);
  for (const secret of [token, password]) neverLog(secret);
  const headers: Record<string, string> = { accept: 'application/json', ...settings.headers };
  switch (auth?.by) {
    case undefined:
      break;
    case 'bearer':
      headers.authorization = `Bearer ${token}`;
      break;
    case 'basic':
      headers.authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
      break;
    case 'header':
      headers[auth.name.toLowerCase()] = token!;
      break;
    case 'query':
      url.searchParams.set(auth.name, token!);
      break;
    default:
      auth satisfies never;
  }
  return { url, headers };
}
