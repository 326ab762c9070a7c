import type { IncomingMessage } from 'node:http';

const largest = 32 * 1024 * 1024;

export async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size > largest) throw new Error('body too large');
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** Arguments of an API call: JSON, or a form whose nested values are JSON text, as Slack's SDK sends them. */
export function parseArguments(bytes: Buffer, contentType: string): Record<string, unknown> {
  const text = bytes.toString('utf8');
  if (contentType.startsWith('application/json'))
    return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const parsed: Record<string, unknown> = {};
  for (const [key, value] of new URLSearchParams(text)) parsed[key] = nested(value);
  return parsed;
}

function nested(value: string): unknown {
  if (!/^[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch (_plainText) {
    // A message may begin with a bracket.
    return value;
  }
}
