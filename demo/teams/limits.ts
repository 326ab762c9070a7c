/** Limits of the Teams service that the stand-in enforces, so that what works here works there. */

export const maxMessageBytes = 100 * 1024;

/** UTF-16, with pictures given as data URIs left out. */
export function sizeOf(activity: unknown): number {
  const json = JSON.stringify(activity, (_key, value: unknown) =>
    typeof value === 'string' && value.startsWith('data:image/') ? '' : value,
  );
  return json.length * 2;
}

/** Messages per conversation: 7 in one second, 60 in thirty. */
const windows = [
  { ms: 1_000, most: 7 },
  { ms: 30_000, most: 60 },
];

/** Sliding windows per conversation; returns 0 when the message may pass, else the ms to wait. */
export function createRate(now: () => number): (conversation: string) => number {
  const sent = new Map<string, number[]>();
  return (conversation) => {
    const at = now();
    const recent = (sent.get(conversation) ?? []).filter((one) => at - one < 30_000);
    for (const { ms, most } of windows) {
      const within = recent.filter((one) => at - one < ms);
      if (within.length >= most) return Math.max(1, ms - (at - within[0]!));
    }
    sent.set(conversation, [...recent, at]);
    return 0;
  };
}

type Fault = { code: string; message: string };

/** What Teams refuses in an activity, or null. */
export function faultIn(activity: Record<string, unknown>): Fault | null {
  const attachments = Array.isArray(activity.attachments) ? activity.attachments : [];
  if (activity.type !== 'message') return { code: 'BadSyntax', message: 'type must be message' };
  if (!activity.text && attachments.length === 0)
    return { code: 'BadSyntax', message: 'neither text nor card' };
  for (const { contentType, content } of attachments) {
    if (contentType !== 'application/vnd.microsoft.card.adaptive')
      return { code: 'BadSyntax', message: `attachment ${contentType}` };
    if (content?.type !== 'AdaptiveCard') return { code: 'BadSyntax', message: 'not an Adaptive Card' };
    if (!/^1\.[0-5]$/.test(content.version)) return { code: 'BadSyntax', message: 'card version above 1.5' };
    if ((content.actions?.length ?? 0) > 6) return { code: 'BadSyntax', message: 'more than 6 actions' };
  }
  return null;
}
