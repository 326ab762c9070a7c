/** files.*: the three-step upload, with a scan that takes its time. */

import { fileIsReady, refusePlace } from './api-chat.ts';
import { type ApiMethod, makeId, refuse, text } from './api-result.ts';
import { bot } from './workspace.ts';

const mimeOf = (name: string): string => {
  const ending = name.split('.').at(-1) ?? '';
  const known: Record<string, string> = { png: 'image/png', csv: 'text/csv', pdf: 'application/pdf' };
  return known[ending] ?? 'application/octet-stream';
};

export const fileMethods: Record<string, ApiMethod> = {
  'files.getUploadURLExternal': (args, { state, random, selfUrl }) => {
    const name = text(args.filename);
    const size = Number(args.length);
    if (name === '')
      return refuse('invalid_arguments', { response_metadata: { messages: ['[ERROR] missing filename'] } });
    if (!Number.isInteger(size) || size < 1)
      return refuse('invalid_arguments', { response_metadata: { messages: ['[ERROR] invalid length'] } });
    const id = makeId('F', random);
    state.files.set(id, {
      id,
      name,
      size,
      altText: text(args.alt_txt) || null,
      bytes: null,
      completedAt: null,
    });
    return { ok: true, upload_url: `${selfUrl()}/upload/${id}`, file_id: id };
  },

  'files.completeUploadExternal': (args, context) => {
    const { state, now } = context;
    const listed = Array.isArray(args.files) ? (args.files as { id?: string }[]) : [];
    const files = listed.map(({ id }) => state.files.get(id ?? ''));
    if (files.length === 0 || files.some((file) => !file?.bytes)) return refuse('file_not_found');
    const channel = text(args.channel_id);
    if (channel !== '') {
      const refused = refusePlace(channel, context);
      if (refused) return refused;
    }
    const ids = files.map((file) => {
      file!.completedAt = now().getTime();
      return file!.id;
    });
    if (channel !== '') {
      state.add({
        channel,
        author: bot.userId,
        text: text(args.initial_comment),
        files: ids,
        threadTs: text(args.thread_ts) || null,
      });
    }
    return { ok: true, files: ids.map((id) => ({ id })) };
  },

  'files.info': (args, context) => {
    const file = context.state.files.get(text(args.file));
    if (!file) return refuse('file_not_found');
    const ready = fileIsReady(context, file.id);
    return {
      ok: true,
      file: { id: file.id, name: file.name, size: file.size, mimetype: ready ? mimeOf(file.name) : '' },
    };
  },
};
