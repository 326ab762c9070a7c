/** A strict stand-in for the Teams channel: issuer, connector and clients, mounted under `/demo/teams/`. */
import { randomBytes } from 'node:crypto';
import type http from 'node:http';
import type { AuthOverrides } from '../../bot/transports/teams/auth-settings.ts';
import type { Log } from '../../platform/log.ts';
import { type Client, createClient } from './client.ts';
import { createConnector } from './connector.ts';
import { writeJson } from './http.ts';
import { createIssuer } from './issuer.ts';
import { createRoom, type Room } from './room.ts';
import { createUi } from './ui.ts';

export type TeamsStandInSettings = {
  /** Epoch ms of the demo's clock. */
  now: () => number;
  appId: string;
  /** The bot's real endpoint: `http://127.0.0.1:…/api/messages`. */
  botUrl: () => string;
  /** Where this server is reached, without the path: `http://127.0.0.1:…`. */
  baseUrl: () => string;
  log: Log;
};

export type TeamsStandIn = Client &
  Pick<Room, 'transcript' | 'subscribe'> & {
    listener: http.RequestListener;
    /** Hand this to the transport. Read when the server is listening. */
    readonly auth: AuthOverrides;
  };

const mount = '/demo/teams';

export async function createTeamsStandIn(settings: TeamsStandInSettings): Promise<TeamsStandIn> {
  const { now, appId, botUrl, baseUrl, log } = settings;
  const base = () => `${baseUrl().replace(/\/$/, '')}${mount}/`;
  const issuer = await createIssuer();
  const connectorToken = randomBytes(24).toString('base64url');
  const room = createRoom(now);
  const client = createClient({ room, issuer, appId, botUrl, serviceUrl: base, now });
  const connector = createConnector({ room, token: connectorToken, now });
  const ui = createUi(room, client);

  const route = async (request: http.IncomingMessage, response: http.ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://demo');
    url.pathname = url.pathname.slice(mount.length);
    if (url.pathname === '/.well-known/openidconfiguration')
      return { status: 200, body: issuer.metadata(base()) };
    if (url.pathname === '/keys') return { status: 200, body: issuer.keys() };
    if (url.pathname.startsWith('/v3/')) return connector(request, url.pathname);
    return ui(request, response, url);
  };

  return {
    ...client,
    transcript: room.transcript,
    subscribe: room.subscribe,
    get auth() {
      return {
        openIdMetadataUrl: `${base()}.well-known/openidconfiguration`,
        issuer: issuer.name,
        serviceUrls: [base()],
        connectorToken,
      };
    },
    listener: (request, response) => {
      route(request, response).then(
        (answered) => {
          if (answered) writeJson(response, answered);
        },
        (err: unknown) => {
          log.error({ event: 'demo.teams_failed', err });
          if (!response.headersSent) writeJson(response, { status: 500, body: { error: 'failed' } });
        },
      );
    },
  };
}
