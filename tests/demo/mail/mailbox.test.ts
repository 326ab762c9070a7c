/** The demo's mail box page: what it lists, shows and hands out. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import nodemailer from 'nodemailer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DemoMailbox, startDemoMail } from '../../../demo/mail/server.ts';

let box: DemoMailbox;
let base = '';
let server: http.Server;

beforeAll(async () => {
  box = await startDemoMail(() => Date.parse('2026-11-23T08:00:00Z'));
  server = http.createServer(box.listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/demo/mail/ui`;
  await nodemailer.createTransport({ host: '127.0.0.1', port: box.port, ignoreTLS: true }).sendMail({
    from: 'herald@example.com',
    to: 'ann@example.com',
    subject: 'Weekly KPIs',
    text: 'Churn was 2.1 %',
    html: '<p>Churn</p><img src="cid:chart"><script>alert(1)</script>',
    attachments: [
      { filename: 'chart.png', content: Buffer.from('png'), cid: 'chart', contentType: 'image/png' },
      { filename: 'Board.pdf', content: Buffer.from('%PDF-1.7'), contentType: 'application/pdf' },
    ],
  });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await box.close();
});

const first = async () => (await (await fetch(`${base}/mails`)).json())[0];

test('the list names sender, subject and files, without pictures that the mail shows itself', async () => {
  expect(await first()).toMatchObject({
    subject: 'Weekly KPIs',
    to: ['ann@example.com'],
    preview: 'Churn was 2.1 %',
    attachments: [{ name: 'Board.pdf', mime: 'application/pdf', size: 8 }],
    at: '2026-11-23T08:00:00.000Z',
  });
});

test('the mail itself may run no script', async () => {
  const response = await fetch(`${base}/mails/${(await first()).id}/html`);
  expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(response.headers.get('content-security-policy')).toContain('sandbox');
  expect(await response.text()).toContain('data:image/png;base64,');
});

test('an attachment is handed out as a download', async () => {
  const { id, attachments } = await first();
  const response = await fetch(`${base}/mails/${id}/attachments/${attachments[0].index}`);
  expect(response.headers.get('content-disposition')).toContain("attachment; filename*=UTF-8''Board.pdf");
  expect(await response.text()).toBe('%PDF-1.7');
});

test('a mail that is not there is not found', async () => {
  expect((await fetch(`${base}/mails/00000000-0000-0000-0000-000000000000/html`)).status).toBe(404);
});
