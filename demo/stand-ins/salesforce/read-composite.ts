/** The body of a composite request, with what the platform refuses of one. */
import { ApiFault } from './api-fault.ts';

export type CompositePart = { url: string; referenceId: string; httpHeaders: Record<string, string> };

/** @throws ApiFault: 25 parts at most, 5 of them queries, each named once, each below /services/data. */
export function readComposite(text: string): CompositePart[] {
  const list = (parse(text) as { compositeRequest?: unknown } | null)?.compositeRequest;
  if (!Array.isArray(list) || list.length === 0)
    throw new ApiFault(400, 'JSON_PARSER_ERROR', 'compositeRequest is missing.');
  if (list.length > 25) throw limit('The composite request has more than 25 subrequests.');
  const parts = list.map(readPart);
  if (parts.filter(({ url }) => /\/query(All)?([/?]|$)/.test(url)).length > 5)
    throw limit('The composite request has more than 5 queries.');
  if (new Set(parts.map(({ referenceId }) => referenceId)).size < parts.length)
    throw invalid('Two subrequests have the same referenceId.');
  return parts;
}

function readPart(part: Record<string, unknown>): CompositePart {
  const { method, url, referenceId, httpHeaders = {} } = part;
  if (method !== 'GET' || typeof url !== 'string' || typeof referenceId !== 'string')
    throw invalid('Each subrequest needs method GET, url and referenceId.');
  if (!/^[A-Za-z]\w*$/.test(referenceId))
    throw invalid(`${referenceId} is no referenceId: letters, digits and underscores, a letter first.`);
  if (!/^\/services\/data\/v\d+\.0\//.test(url)) throw invalid(`${url} is not below /services/data.`);
  const headers = Object.entries(httpHeaders as Record<string, string>).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  if (headers.some(([name]) => ['accept', 'authorization', 'content-type'].includes(name)))
    throw invalid('A subrequest may not have Accept, Authorization or Content-Type of its own.');
  return { url, referenceId, httpHeaders: Object.fromEntries(headers) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    if (!(thrown instanceof SyntaxError)) throw thrown;
    throw new ApiFault(400, 'JSON_PARSER_ERROR', 'The request body is not JSON.');
  }
}

function limit(message: string): ApiFault {
  return new ApiFault(400, 'LIMIT_EXCEEDED', message);
}

function invalid(message: string): ApiFault {
  return new ApiFault(400, 'INVALID_INPUT', message);
}
