/** A text without blocks, as blocks: people's lines and the fallbacks of messages. */
import type { Block } from 'slack-blocks-to-jsx';

export function asSection(text: string): Block[] {
  return text === '' ? [] : ([{ type: 'section', text: { type: 'mrkdwn', text } }] as Block[]);
}
