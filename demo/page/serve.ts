/** Serves the demo's page, and carries what people do there to the stand-in for Slack. It never calls the engine. */
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { z } from 'zod';
import type { Log } from '../../platform/log.ts';
import type { SlackStandIn } from '../slack/create-slack-stand-in.ts';
import { readBytes } from '../slack/read-body.ts';
import type { Change } from '../slack/state.ts';
import { bot, channels, people, personById } from '../slack/workspace.ts';
import type { Faults } from '../stand-ins/faults.ts';
import { readFaultBoard, turnFault } from './fault-board.ts';

export type PageOptions = {
  standIn: SlackStandIn;
  /** Completions after `/kpi `, as this person may ask them. */
  complete: (prefix: string, personId: string) => Promise<readonly string[]>;
  bundle: { js: string; css: string };
  /** Of the platforms in this process, by source. Asked at each request: they may come late. */
  faults: () => Readonly<Record<string, Faults>>;
  log: Log;
};

const require = createRequire(import.meta.url);
const fonts: Record<string, string> = {
  '/demo/page/inter-400.ttf': '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  '/demo/page/inter-600.ttf': '@expo-google-fonts/inter/600SemiBold/Inter_600SemiBold.ttf',
};

const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Herald demo</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='4' fill='%231f4f8f'/%3E%3Cpath d='M4 12V4m0 4h8m0-4v8' stroke='white' stroke-width='2' fill='none'/%3E%3C/svg%3E">
<link rel="preload" href="/demo/page/inter-400.ttf" as="font" type="font/ttf" crossorigin>
<link rel="stylesheet" href="/demo/page/app.css">
</head>
<body><div id="page"></div><noscript>The demo needs JavaScript.</noscript><script type="module" src="/demo/page/app.js"></script></body>
</html>`;

const said = z.object({
  person: z.string(),
  channel: z.string(),
  text: z.string().min(1).max(4000),
  threadTs: z.string().nullable(),
});
const pressed = z.object({
  person: z.string(),
  /** Null: the button stands in App Home. */
  message: z.object({ channel: z.string(), ts: z.string() }).nullable(),
  element: z.object({
    type: z.string(),
    action_id: z.string().optional(),
    block_id: z.string().optional(),
    value: z.string().optional(),
    selected_option: z.object({ value: z.string() }).optional(),
  }),
});
const opened = z.object({ person: z.string() });

/** Keeps proxies and browsers from closing a stream on which nobody speaks. */
const heartbeatMs = 15_000;

export function createPageListener({ standIn, complete, bundle, faults, log }: PageOptions): RequestListener {
  const { state } = standIn;

  /** Everything this person may see now, then each change as it happens. */
  function stream(person: string, request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const tell = (data: object) => response.write(`data: ${JSON.stringify(data)}\n\n`);
    tell({
      kind: 'snapshot',
      workspace: { people, channels: channels.filter(({ members }) => members.includes(person)), bot },
      messages: state.messages.filter((message) => state.visibleTo(person, message)),
      files: Object.fromEntries([...state.files.values()].map(({ id, name, size }) => [id, { name, size }])),
      home: state.homes.get(person) ?? null,
      wire: state.wire,
    });
    const unsubscribe = state.subscribe((change) => {
      if (!concerns(change, person)) return;
      // A shared file is announced with the message that brings it.
      const files = change.kind === 'message' ? change.message.files.map((id) => state.files.get(id)) : [];
      tell({
        ...change,
        files: Object.fromEntries(files.map((file) => [file?.id, { name: file?.name, size: file?.size }])),
      });
    });
    const beat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
    request.on('close', () => {
      clearInterval(beat);
      unsubscribe();
    });
  }

  function concerns(change: Change, person: string): boolean {
    switch (change.kind) {
      case 'message':
        return state.visibleTo(person, change.message);
      case 'gone':
        return change.onlyFor === null || change.onlyFor === person;
      case 'home':
        return change.person === person;
      case 'wire':
        return true;
      default:
        change satisfies never;
        return false;
    }
  }

  async function act(path: string, body: unknown): Promise<void> {
    if (path === '/demo/page/say') {
      const { person, channel, text, threadTs } = said.parse(body);
      return standIn.say(person, channel, text, threadTs);
    }
    if (path === '/demo/page/press') {
      const { person, message, element } = pressed.parse(body);
      return standIn.press(person, message && state.find(message.channel, message.ts), element);
    }
    return standIn.openHome(opened.parse(body).person);
  }

  async function route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname;
    const send = (type: string, body: string | Buffer) =>
      void response
        .writeHead(200, {
          'content-type': type,
          'cache-control': 'no-cache',
          'x-content-type-options': 'nosniff',
        })
        .end(body);
    if (request.method === 'POST' && /^\/demo\/page\/(say|press|home|faults)$/.test(path)) {
      // Another site cannot send this content type without asking first, which nobody here answers.
      if (!request.headers['content-type']?.startsWith('application/json'))
        return void response.writeHead(415).end();
      const body: unknown = JSON.parse((await readBytes(request)).toString('utf8'));
      if (path === '/demo/page/faults')
        return send('application/json', JSON.stringify(turnFault(faults(), body)));
      await act(path, body);
      return send('application/json', '{"ok":true}');
    }
    if (request.method !== 'GET') return void response.writeHead(405).end();
    if (path === '/' || path === '/demo' || path === '/demo/') return send('text/html; charset=utf-8', html);
    if (path === '/demo/page/app.js') return send('text/javascript; charset=utf-8', bundle.js);
    if (path === '/demo/page/app.css') return send('text/css; charset=utf-8', bundle.css);
    if (path === '/demo/page/faults')
      return send('application/json', JSON.stringify(readFaultBoard(faults())));
    const font = fonts[path];
    if (font) return send('font/ttf', await readFile(require.resolve(font)));
    const person = url.searchParams.get('person') ?? '';
    if (path === '/demo/page/stream' && personById(person)) return stream(person, request, response);
    if (path === '/demo/page/complete' && personById(person)) {
      return send(
        'application/json',
        JSON.stringify(await complete(url.searchParams.get('q') ?? '', person)),
      );
    }
    response.writeHead(404).end();
  }

  return (request, response) => {
    route(request, response).catch((thrown: unknown) => {
      log.warn(
        { reason: thrown instanceof Error ? thrown.message : String(thrown), path: request.url },
        'demo page: request failed',
      );
      if (!response.headersSent) response.writeHead(thrown instanceof z.ZodError ? 400 : 500);
      response.end();
    });
  };
}
