/**
 * A stand-in for Slack, strict where Slack is strict: it is the demo's workspace and the tests' double. It speaks the
 * Web API to the bot's real SDK and sends signed requests to the bot's real receiver; nothing in it knows Herald's engine.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Log } from '../../platform/log.ts';
import { createActs } from './act.ts';
import { chatMethods } from './api-chat.ts';
import { fileMethods } from './api-files.ts';
import type { ApiContext, ApiMethod, ApiResult } from './api-result.ts';
import { workspaceMethods } from './api-workspace.ts';
import { type Faults, noFaults } from './faults.ts';
import { parseArguments, readBytes } from './read-body.ts';
import { createResponseUrls } from './response-url.ts';
import { createSender } from './signed-request.ts';
import { createState, type State } from './state.ts';

export type SlackStandInOptions = {
  now: () => Date;
  random: () => number;
  signingSecret: string;
  botToken: string;
  /** The real receiver: `http://127.0.0.1:3000/slack/events`. */
  eventsUrl: () => string;
  /** Where this is mounted: `http://127.0.0.1:3000/demo/slack`. */
  selfUrl: () => string;
  log: Log;
  faults?: Partial<Faults>;
  commandName?: string;
};

export type SlackStandIn = ReturnType<typeof createActs> & {
  /** Serves `/demo/slack/api/…`, `/upload/…`, `/response/…` and `/files/…`; answers 404 elsewhere. */
  listener: RequestListener;
  state: State;
  faults: Faults;
};

const methods: Record<string, ApiMethod> = { ...chatMethods, ...fileMethods, ...workspaceMethods };

export function createSlackStandIn(options: SlackStandInOptions): SlackStandIn {
  const { now, random, signingSecret, botToken, eventsUrl, selfUrl, log } = options;
  const state = createState(now);
  const faults: Faults = { ...noFaults(), ...options.faults };
  const context: ApiContext = { state, faults, now, random, selfUrl };
  const urls = createResponseUrls(context);
  const send = createSender({ signingSecret, now, state });

  /** Slack reads the token from the header, or from the form. */
  function call(method: string, args: Record<string, unknown>, authorization: string): ApiResult {
    const token = /^Bearer (.+)$/.exec(authorization)?.[1] ?? args.token;
    if (token === undefined) return { ok: false, error: 'not_authed' };
    if (token !== botToken) return { ok: false, error: 'invalid_auth' };
    const refusal = faults.refuse(method);
    if (refusal) return { ok: false, error: refusal };
    return methods[method]?.(args, context) ?? { ok: false, error: 'unknown_method' };
  }

  async function api(method: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now();
    const { token: _token, ...args } = {
      token: undefined,
      ...parseArguments(await readBytes(request), request.headers['content-type'] ?? ''),
    };
    const result = call(
      method,
      _token === undefined ? args : { ...args, token: _token },
      request.headers.authorization ?? '',
    );
    const { retryAfter, ...body } = result;
    const limited = !result.ok && result.error === 'ratelimited';
    state.log({
      direction: 'to Slack',
      what: method,
      status: limited ? 429 : 200,
      outcome: result.ok ? 'ok' : result.error,
      ms: performance.now() - began,
      signature: null,
      request: JSON.stringify(args, null, 1),
      response: JSON.stringify(body, null, 1),
    });
    if (faults.loseReply(method)) return void request.socket.destroy();
    response.writeHead(limited ? 429 : 200, {
      'content-type': 'application/json; charset=utf-8',
      ...(limited ? { 'retry-after': String(retryAfter) } : {}),
    });
    response.end(JSON.stringify(body));
  }

  async function upload(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes = await readBytes(request);
    const file = state.files.get(id);
    if (!file || faults.uploadFails || bytes.length !== file.size)
      return void response.writeHead(file ? 500 : 404).end();
    file.bytes = bytes;
    state.log({
      direction: 'to Slack',
      what: 'upload',
      status: 200,
      outcome: 'ok',
      ms: 0,
      signature: null,
      request: `${bytes.length} bytes`,
      response: 'OK',
    });
    response.end(`OK - ${bytes.length}`);
  }

  async function respond(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const began = performance.now();
    const payload = parseArguments(await readBytes(request), 'application/json');
    const { status, body } = urls.use(id, payload);
    state.log({
      direction: 'to Slack',
      what: 'response_url',
      status,
      outcome: body,
      ms: performance.now() - began,
      signature: null,
      request: JSON.stringify(payload, null, 1),
      response: body,
    });
    response.writeHead(status).end(body);
  }

  function file(id: string, response: ServerResponse): void {
    const found = state.files.get(id);
    if (!found?.bytes) return void response.writeHead(404).end();
    const picture = found.name.endsWith('.png');
    response.writeHead(200, {
      'content-type': picture ? 'image/png' : 'application/octet-stream',
      'content-disposition': picture
        ? 'inline'
        : `attachment; filename="${found.name.replaceAll(/[^\w.-]/g, '_')}"`,
      'x-content-type-options': 'nosniff',
    });
    response.end(found.bytes);
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname.replace(/^\/demo\/slack/, '');
    const [, kind = '', rest = ''] = /^\/(api|upload|response|files)\/([\w.]+)$/.exec(path) ?? [];
    if (kind === 'files' && request.method === 'GET') return file(rest, response);
    if (request.method !== 'POST') return void response.writeHead(404).end();
    if (kind === 'api') return api(rest, request, response);
    if (kind === 'upload') return upload(rest, request, response);
    if (kind === 'response') return respond(rest, request, response);
    response.writeHead(404).end();
  }

  return {
    ...createActs({ context, urls, send, eventsUrl, commandName: options.commandName ?? '/kpi' }),
    listener: (request, response) => {
      route(request, response).catch((thrown: unknown) => {
        log.error(
          { reason: thrown instanceof Error ? thrown.message : String(thrown) },
          'slack stand-in: request failed',
        );
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    },
    state,
    faults,
  };
}
