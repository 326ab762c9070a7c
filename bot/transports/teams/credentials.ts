import { ConfigurationServiceClientCredentialFactory } from 'botbuilder';
import type { AuthOverrides } from './auth-settings.ts';
import { TeamsSendError } from './send-error.ts';

type Settings = {
  appId: string;
  appPassword: string | null;
  tenantId: string | null;
  overrides: AuthOverrides | null;
};

/** Says which app a token may be for, and signs what goes out. */
export function createCredentials({ appId, appPassword, tenantId, overrides }: Settings) {
  const microsoft = new ConfigurationServiceClientCredentialFactory({
    MicrosoftAppId: appId,
    // Multi-tenant registration ended in July 2025: whoever gives a tenant has a SingleTenant bot.
    MicrosoftAppType: tenantId && appPassword ? 'SingleTenant' : 'MultiTenant',
    ...(appPassword ? { MicrosoftAppPassword: appPassword } : {}),
    ...(tenantId ? { MicrosoftAppTenantId: tenantId } : {}),
  });
  /** Kept, because each holds its own token cache: a new one per message would ask Microsoft every time. */
  const kept = new Map<string, Promise<Credentials>>();
  const fromMicrosoft = (...args: Parameters<typeof microsoft.createCredentials>): Promise<Credentials> => {
    const key = args.join('\n');
    const known = kept.get(key) ?? microsoft.createCredentials(...args);
    kept.set(key, known);
    return known;
  };
  return {
    isValidAppId: async (candidate: string) => candidate === appId,
    /** The library would wave everybody through when no app id is set; Herald never does. */
    isAuthenticationDisabled: async () => false,
    createCredentials: async (...args: Parameters<typeof microsoft.createCredentials>) => {
      const token = overrides?.connectorToken;
      const inner = token === undefined ? await fromMicrosoft(...args) : null;
      return {
        async signRequest(request: Parameters<SignRequest>[0]) {
          if (inner === null) {
            request.headers.set('Authorization', `Bearer ${token}`);
            return request;
          }
          try {
            return await inner.signRequest(request);
          } catch (cause) {
            // Before the request left: certainly not posted.
            throw new TeamsSendError('Microsoft gave no access token for the bot.', {
              status: null,
              ambiguous: false,
              cause,
            });
          }
        },
      };
    },
  };
}

type Credentials = Awaited<
  ReturnType<InstanceType<typeof ConfigurationServiceClientCredentialFactory>['createCredentials']>
>;
type SignRequest = Credentials['signRequest'];
