import { z } from 'zod';

/** What Herald reads of an inbound activity; the library is handed the whole of it. */
const activity = z.object({
  type: z.string().min(1).max(64),
  id: z.string().min(1).max(512).optional(),
  channelId: z.literal('msteams'),
  serviceUrl: z.string().max(2048),
  from: z.object({
    id: z.string().min(1).max(512),
    name: z.string().max(512).optional(),
    aadObjectId: z.string().max(128).optional(),
  }),
  recipient: z.object({ id: z.string().min(1).max(512), name: z.string().max(512).optional() }),
  conversation: z.object({
    id: z.string().min(1).max(1024),
    conversationType: z.enum(['personal', 'channel', 'groupChat']).optional(),
    tenantId: z.string().max(128).optional(),
  }),
  channelData: z.object({ tenant: z.object({ id: z.string().max(128) }).optional() }).optional(),
  text: z.string().max(100_000).optional(),
  replyToId: z.string().max(512).optional(),
  entities: z.array(z.record(z.string(), z.unknown())).max(200).optional(),
});

export type InboundActivity = z.infer<typeof activity>;

const mention = z.object({
  type: z.literal('mention'),
  mentioned: z.object({ id: z.string() }),
  text: z.string().min(1),
});

/** Parse at the door: null when it is not an activity that Teams would send. */
export function parseActivity(body: unknown): InboundActivity | null {
  const parsed = activity.safeParse(body);
  return parsed.success ? parsed.data : null;
}

export function tenantOf(inbound: InboundActivity): string | null {
  return inbound.channelData?.tenant?.id ?? inbound.conversation.tenantId ?? null;
}

export function mentionsOf(inbound: InboundActivity): { id: string; text: string }[] {
  return (inbound.entities ?? []).flatMap((entity) => {
    const parsed = mention.safeParse(entity);
    return parsed.success ? [{ id: parsed.data.mentioned.id, text: parsed.data.text }] : [];
  });
}
