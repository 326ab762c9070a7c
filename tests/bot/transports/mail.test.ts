/** Over real SMTP: the demo's mail box, and servers that break off on either side of the final dot. */
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Mail } from '../../../bot/transports/mail/mail.ts';
import { createMailTransport } from '../../../bot/transports/mail/transport.ts';
import { type DemoMailbox, startDemoMail } from '../../../demo/mail/server.ts';
import { createLog } from '../../../platform/log.ts';

const log = createLog('silent', () => {});
const mail = (more: Partial<Mail> = {}): Mail => ({
  to: ['board@example.com'],
  subject: 'Weekly KPIs',
  html: '<p>Churn was <b>2.1 %</b></p>',
  text: 'Churn was 2.1 %',
  attachments: [],
  messageId: 'slot-4f1a',
  ...more,
});

let box: DemoMailbox;
beforeAll(async () => {
  box = await startDemoMail();
});
afterAll(() => box.close());

const send = (message: Mail, port = box.port) =>
  createMailTransport({
    host: '127.0.0.1',
    port,
    secure: false,
    from: 'Herald <herald@example.com>',
    log,
    timeoutMs: 2_000,
  }).send(message);

test('a mail arrives with its HTML, its text and the sender', async () => {
  expect(await send(mail())).toEqual({ kind: 'sent', messageId: '<slot-4f1a@example.com>', refused: [] });
  expect(box.mails()[0]).toMatchObject({
    from: '"Herald" <herald@example.com>',
    to: ['board@example.com'],
    subject: 'Weekly KPIs',
    html: '<p>Churn was <b>2.1 %</b></p>',
    text: 'Churn was 2.1 %',
  });
});

test('an attachment comes out byte for byte', async () => {
  const bytes = new Uint8Array(70_000).map((_, i) => (i * 31) % 256);
  await send(mail({ attachments: [{ name: 'Board – Q3.pdf', mime: 'application/pdf', bytes }] }));
  const attached = box.mails()[0]?.attachments[0];
  expect(attached).toMatchObject({ name: 'Board – Q3.pdf', mime: 'application/pdf' });
  expect(Buffer.from(attached?.bytes ?? []).equals(Buffer.from(bytes))).toBe(true);
});

test('every try of one slot carries the same Message-ID', async () => {
  await send(mail({ messageId: 'slot-a' }));
  await send(mail({ messageId: 'slot-a' }));
  expect(
    box
      .mails()
      .slice(0, 2)
      .map(({ messageId }) => messageId),
  ).toEqual(Array(2).fill('<slot-a@example.com>'));
});

test('a subject cannot start a header of its own', async () => {
  await send(mail({ subject: 'KPIs\r\nBcc: thief@example.com\r\nX-Evil: 1' }));
  const { headers, subject, to } = box.mails()[0]!;
  expect(subject).toBe('KPIs Bcc: thief@example.com X-Evil: 1');
  expect([headers.has('bcc'), headers.has('x-evil'), to]).toEqual([false, false, ['board@example.com']]);
});

test('a Message-ID cannot start a header of its own', async () => {
  await send(mail({ messageId: 'a\r\nX-Evil: 1@b>\r\nX-Evil: 2' }));
  expect(box.mails()[0]?.headers.has('x-evil')).toBe(false);
});

test('an attachment name cannot start a header of its own', async () => {
  const bytes = new Uint8Array(3);
  await send(
    mail({ attachments: [{ name: 'a.pdf"\r\nX-Evil: 1', mime: 'application/pdf\r\nX-Evil: 1', bytes }] }),
  );
  expect(box.mails()[0]?.headers.has('x-evil')).toBe(false);
  expect(box.mails()[0]?.attachments.length).toBe(1);
});

test.each([
  'a@example.com\r\nRCPT TO:<thief@example.com>',
  'a@example.com, thief@example.com',
  'Ann <a@example.com>',
  'nobody',
])('%j is no address, and nothing is sent', async (to) => {
  const before = box.mails().length;
  expect(await send(mail({ to: [to] }))).toMatchObject({ kind: 'not_sent', permanent: true });
  expect(box.mails().length).toBe(before);
});

test('mail programs are told how to unsubscribe, by one click when there is a link', async () => {
  await send(mail());
  expect(box.mails()[0]?.headers.get('list-unsubscribe')).toBe(
    '<mailto:herald@example.com?subject=unsubscribe>',
  );
  await send(mail({ unsubscribe: 'https://kpi.example.com/unsubscribe/abc' }));
  expect(box.mails()[0]?.headers.get('list-unsubscribe')).toBe('<https://kpi.example.com/unsubscribe/abc>');
  expect(box.mails()[0]?.headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
});

test('automatic answers are asked not to come', async () => {
  await send(mail());
  expect(box.mails()[0]?.headers.get('auto-submitted')).toBe('auto-generated');
});

/** An SMTP server that speaks until `dropAt`, then cuts the connection. */
async function withServer(
  at: { dropAt?: 'DATA' | 'dot'; answers?: Record<string, string> },
  work: (port: number) => Promise<void>,
): Promise<void> {
  const server = net.createServer((socket) => {
    let inData = false;
    socket.on('error', () => socket.destroy());
    socket.write('220 test\r\n');
    socket.on('data', (chunk) => {
      const text = chunk.toString();
      if (inData) {
        if (!text.endsWith('\r\n.\r\n')) return;
        if (at.dropAt === 'dot') socket.destroy();
        else socket.write(at.answers?.dot ?? '250 ok\r\n');
        return;
      }
      const verb = text.slice(0, 4);
      if (verb === 'DATA' && at.dropAt === 'DATA') return void socket.destroy();
      inData = verb === 'DATA';
      socket.write(at.answers?.[verb] ?? (inData ? '354 go\r\n' : '250 ok\r\n'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

test('a connection lost after the final dot is ambiguous', () =>
  withServer({ dropAt: 'dot' }, async (port) => {
    expect(await send(mail(), port)).toMatchObject({
      kind: 'ambiguous',
      messageId: '<slot-4f1a@example.com>',
    });
  }));

test('a connection lost before the mail was handed over is certainly not sent', () =>
  withServer({ dropAt: 'DATA' }, async (port) => {
    expect(await send(mail(), port)).toMatchObject({ kind: 'not_sent', permanent: false });
  }));

test('a refusal after the final dot is not sent: for now with 4xx, for good with 5xx', async () => {
  await withServer({ answers: { dot: '451 later\r\n' } }, async (port) => {
    expect(await send(mail(), port)).toMatchObject({ kind: 'not_sent', permanent: false });
  });
  await withServer({ answers: { dot: '554 spam\r\n' } }, async (port) => {
    expect(await send(mail(), port)).toMatchObject({ kind: 'not_sent', permanent: true });
  });
});

test('a server that offers no TLS gets no mail where TLS is required', () =>
  withServer({}, async (port) => {
    const strict = createMailTransport({
      host: '127.0.0.1',
      port,
      secure: false,
      requireTls: true,
      from: 'herald@example.com',
      log,
      timeoutMs: 2_000,
    });
    expect(await strict.send(mail())).toMatchObject({ kind: 'not_sent' });
  }));

test('a sender that is no address is a fault of the configuration', () => {
  expect(() =>
    createMailTransport({ host: 'localhost', port: 25, secure: false, from: 'Herald', log }),
  ).toThrowError(/from/);
});
