/**
 * The official client with Herald's HTTP underneath. `apiRequest` has no time-out, no content check and its limiter and
 * retries are process-wide singletons; but every request it builds (base path, query, auth, body) runs through the
 * decorators that `getDecorators` names, so ours answers in the client's place: paced, under one deadline, classified.
 */
import { Client } from '@hubspot/api-client';
import type { GuardedFetch } from '../../source.ts';

/** What the SDK's request object offers a decorator. */
type SdkRequest = {
  getUrl(): URL;
  getSendData(): { method: string; headers: Record<string, string>; body?: string };
};

export class GuardedClient extends Client {
  readonly #fetch: GuardedFetch;

  constructor(config: { basePath: string; accessToken?: string }, fetch: GuardedFetch) {
    super(config);
    this.#fetch = fetch;
  }

  /** The reply, complete and checked. @throws ReadFault */
  override apiRequest(options: Parameters<Client['apiRequest']>[0]): Promise<Response> {
    // Decorators live in a singleton and the last client made wins: set ours again. Up to the call below nothing awaits.
    this.init();
    return super.apiRequest(options);
  }

  protected override getDecorators() {
    return [{ decorate: () => (request: SdkRequest) => this.#send(request) }];
  }

  async #send(request: SdkRequest): Promise<Response> {
    const url = request.getUrl();
    const bucket = url.pathname.endsWith('/search') ? 'search' : 'default';
    // A refresh token that rotates dies with its first use: asked twice, the second answer would lock us out.
    const once = url.pathname.endsWith('/token') ? { retries: 0 } : {};
    const reply = await this.#fetch(url.href, { ...request.getSendData(), bucket, ...once });
    return new Response(reply.status === 204 ? null : reply.text, {
      status: reply.status,
      headers: reply.headers,
    });
  }
}
