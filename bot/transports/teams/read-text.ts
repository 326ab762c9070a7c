const entities: Record<string, string> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  apos: "'",
};

/**
 * What the person asked, out of what Teams delivers: `<at>Herald</at>&nbsp;kpi churn` → `churn`.
 * Done here because the library's own stripping fails on card submits and leaves `&nbsp;` and mentions in mid-sentence.
 */
export function readText(
  rawText: string,
  mentions: readonly { id: string; text: string }[],
  botId: string,
): string {
  let text = rawText;
  for (const mention of mentions) if (mention.id === botId) text = text.replaceAll(mention.text, ' ');
  return (
    text
      // Others who are mentioned keep their name: "bookings of Ann".
      .replace(/<\/?at\b[^>]*>/gi, '')
      .replace(/&(nbsp|amp|lt|gt|quot|apos|#39);/g, (_all, name: string) => entities[name] ?? ' ')
      .replace(/[\u200b\u200e\u200f\ufeff]/g, '')
      .replace(/\s+/g, ' ')
      .trim()
      .replace(/^\/?kpi(?=\s|$)/i, '')
      .trim()
  );
}

/** The channel itself, without the thread that a message belongs to. */
export function withoutThread(conversation: string): string {
  return conversation.split(';')[0] ?? conversation;
}
