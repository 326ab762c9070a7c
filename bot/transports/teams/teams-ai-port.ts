/**
 * `TeamsPort` on @microsoft/teams-ai 1.7.4 and botbuilder. Loaded by dynamic import only: it costs two seconds
 * and 170 MB, which those who use Slack alone must not pay.
 */
import { ApplicationBuilder, TeamsAdapter } from '@microsoft/teams-ai';
import { type Activity, ActivityTypes, type TurnContext } from 'botbuilder';
import type { AuthOverrides } from './auth-settings.ts';
import { type ConnectorRequest, sendOnce } from './connector-http.ts';
import { createCredentials } from './credentials.ts';
import { libraryMessage, libraryReference, readTurn, withTurn } from './library-shapes.ts';
import type { PressAnswer, PressedData, Received, Reference, TeamsPort } from './port.ts';
import { tokenShape } from './token-shape.ts';

export type PortSettings = {
  appId: string;
  appPassword: string | null;
  tenantId: string | null;
  overrides: AuthOverrides | null;
  /** Hard limit of one call to the connector. */
  timeoutMs: number;
};

const publicCloud = {
  login: 'https://login.microsoftonline.com/botframework.com',
  scope: 'https://api.botframework.com',
  oauth: 'https://api.botframework.com',
};

/** Opens the adapter's protected door, so that a refused token and a failed turn are told apart. */
class Adapter extends TeamsAdapter {
  async receive(
    authorization: string,
    activity: Activity,
    logic: (context: TurnContext) => Promise<void>,
  ): Promise<Received> {
    let authenticated: Awaited<ReturnType<typeof this.botFrameworkAuthentication.authenticateRequest>>;
    try {
      authenticated = await this.botFrameworkAuthentication.authenticateRequest(activity, authorization);
    } catch (thrown) {
      // A tampered token comes as JsonWebTokenError, which `process` would answer with 500: whatever the
      // reason, a token that could not be proven is refused. Only unreadable signing keys are our own trouble.
      const reason = thrown instanceof Error ? thrown.message : String(thrown);
      const keysUnread =
        thrown instanceof Error && (thrown.name === 'FetchError' || statusOf(thrown) === 500);
      return { kind: 'refused', status: keysUnread ? 503 : 401, reason };
    }
    const answer = await this.processActivity(authenticated, activity, logic);
    return { kind: 'done', status: answer?.status ?? 200, body: answer?.body };
  }
}

/** Wires teams-ai; the only place that knows it. */
export function createTeamsAiPort(settings: PortSettings): TeamsPort {
  const { overrides, timeoutMs } = settings;
  const adapter = new Adapter(
    overrides
      ? {
          ToBotFromChannelOpenIdMetadataUrl: overrides.openIdMetadataUrl,
          ToBotFromEmulatorOpenIdMetadataUrl: overrides.openIdMetadataUrl,
          ToBotFromChannelTokenIssuer: overrides.issuer,
          ToChannelFromBotLoginUrl: publicCloud.login,
          ToChannelFromBotOAuthScope: publicCloud.scope,
          OAuthUrl: publicCloud.oauth,
          ValidateAuthority: true,
          CallerId: 'urn:botframework:azure',
        }
      : {},
    createCredentials(settings),
    { requiredEndorsements: ['msteams'] },
    { httpClient: { sendRequest: (request) => answerOf(request, timeoutMs) } },
  );
  // No storage: Herald keeps its own state, and the library's would grow in memory with every conversation.
  const app = new ApplicationBuilder().setRemoveRecipientMention(false).setStartTypingTimer(false).build();

  const inConversation = async <T>(to: Reference, work: (context: TurnContext) => Promise<T>): Promise<T> => {
    const done: T[] = [];
    await adapter.continueConversationAsync(settings.appId, libraryReference(to), async (context) => {
      done.push(await work(context));
    });
    return done[0] as T;
  };

  return {
    onMessage: (handler) => {
      app.activity(ActivityTypes.Message, (context) => withTurn(context, handler));
    },
    onSubmit: (handler) => {
      app.adaptiveCards.actionSubmit(isSubmit, (context, _state, data: object) =>
        withTurn(context, (turn) => handler(turn, { verb: 'v' in data ? data.v : undefined, data })),
      );
    },
    onExecute: (handler) => {
      app.adaptiveCards.actionExecute(isExecute, async (context) => {
        const turn = readTurn(context);
        const answer = turn
          ? await handler(turn, pressedIn(context))
          : { line: 'That button cannot be read.' };
        // Answered here and not by returning the card: the library switches for good to rewriting the message
        // for everybody once it has seen one card with `refresh`.
        await respond(context, answer);
        return '';
      });
      app.activity(ActivityTypes.Invoke, (context) =>
        respond(context, { line: 'Herald does not know this button.' }),
      );
    },
    onInstalled: (handler) => {
      app.conversationUpdate('membersAdded', async (context) => {
        const { membersAdded, recipient } = context.activity;
        if (membersAdded?.some((member) => member.id === recipient.id)) await withTurn(context, handler);
      });
    },
    receive: async (authorization, activity) => {
      const misshapen = tokenShape(authorization);
      if (misshapen) return { kind: 'refused', status: 401, reason: misshapen };
      return adapter.receive(authorization, activity as unknown as Activity, async (context) => {
        await app.run(context);
      });
    },
    send: (to, message) =>
      inConversation(to, async (context) => (await context.sendActivity(libraryMessage(message)))?.id ?? ''),
    update: (to, activityId, message) =>
      inConversation(to, async (context) => {
        await context.updateActivity({ ...libraryMessage(message), id: activityId });
      }),
    remove: (to, activityId) => inConversation(to, (context) => context.deleteActivity(activityId)),
    openDirect: async (from, person) => {
      const opened: Reference[] = [];
      await adapter.createConversationAsync(
        settings.appId,
        'msteams',
        from.serviceUrl,
        publicCloud.scope,
        {
          isGroup: false,
          bot: from.bot,
          members: [{ id: person.member, name: '' }],
          ...(from.tenant ? { tenantId: from.tenant, channelData: { tenant: { id: from.tenant } } } : {}),
        } as Parameters<typeof adapter.createConversationAsync>[4],
        async (context) => {
          opened.push({ ...from, conversation: context.activity.conversation.id, kind: 'personal' });
        },
      );
      return opened[0]!;
    },
  };
}

const isSubmit = async ({ activity }: TurnContext) =>
  activity.type === ActivityTypes.Message &&
  !activity.text &&
  typeof activity.value === 'object' &&
  activity.value !== null;

const isExecute = async ({ activity }: TurnContext) =>
  activity.type === ActivityTypes.Invoke &&
  activity.name === 'adaptiveCard/action' &&
  activity.value?.action?.type === 'Action.Execute';

function pressedIn({ activity }: TurnContext): PressedData {
  const action: { verb?: unknown; data?: unknown } = activity.value.action;
  return { verb: action.verb, data: action.data };
}

async function respond(context: TurnContext, answer: PressAnswer): Promise<void> {
  const body =
    'card' in answer
      ? { statusCode: 200, type: 'application/vnd.microsoft.card.adaptive', value: answer.card }
      : { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: answer.line };
  await context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
}

async function answerOf(request: ConnectorRequest, timeoutMs: number) {
  const { status, headers, text } = await sendOnce(request, timeoutMs);
  // Of the headers the pipeline calls `toJson` alone; their class is not exported by the library.
  return { request: request as never, status, headers: { toJson: () => headers } as never, bodyAsText: text };
}

function statusOf(thrown: Error): unknown {
  return 'statusCode' in thrown ? thrown.statusCode : undefined;
}
