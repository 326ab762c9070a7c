/** The Teams app package against the limits of manifest schema 1.19. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { z } from 'zod';

const folder = join(import.meta.dirname, '../../../docs/teams');
const text = await readFile(join(folder, 'manifest.json'), 'utf8');
const scope = z.enum(['personal', 'team', 'groupChat']);
const https = z.string().startsWith('https://').max(2048);

const manifest = z.strictObject({
  $schema: z.literal('https://developer.microsoft.com/json-schemas/teams/v1.19/MicrosoftTeams.schema.json'),
  manifestVersion: z.literal('1.19'),
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  id: z.uuid(),
  developer: z.strictObject({
    name: z.string().min(1).max(32),
    websiteUrl: https,
    privacyUrl: https,
    termsOfUseUrl: https,
  }),
  icons: z.strictObject({ color: z.literal('color.png'), outline: z.literal('outline.png') }),
  name: z.strictObject({ short: z.string().min(1).max(30), full: z.string().max(100) }),
  description: z.strictObject({ short: z.string().min(1).max(80), full: z.string().min(1).max(4000) }),
  accentColor: z.string().regex(/^#[0-9A-F]{6}$/i),
  bots: z
    .array(
      z.strictObject({
        botId: z.uuid(),
        scopes: z.array(scope).min(1).max(3),
        supportsFiles: z.boolean(),
        isNotificationOnly: z.boolean(),
        commandLists: z
          .array(
            z.strictObject({
              scopes: z.array(scope).min(1),
              commands: z
                .array(
                  z.strictObject({
                    title: z.string().min(1).max(32),
                    description: z.string().min(1).max(128),
                  }),
                )
                .min(1)
                .max(10),
            }),
          )
          .max(3),
      }),
    )
    .length(1),
  permissions: z.array(z.enum(['identity', 'messageTeamMembers'])),
  validDomains: z
    .array(
      z
        .string()
        .max(2048)
        .regex(/^[a-z0-9.-]+$/),
    )
    .max(16),
});

test('with its two placeholders filled in, the manifest is what Teams takes', () => {
  const filled = text
    .replaceAll('{{TEAMS_APP_ID}}', '5a1d0c3e-0000-4000-8000-0000000000b0')
    .replaceAll('{{PUBLIC_HOST}}', 'kpi.example.com');
  expect(filled).not.toContain('{{');
  expect(manifest.safeParse(JSON.parse(filled)).error?.issues).toBeUndefined();
});

test.each([
  ['color.png', 192],
  ['outline.png', 32],
])('%s has the size that Teams wants', async (name, side) => {
  const { width, height, format } = await sharp(join(folder, name)).metadata();
  expect([width, height, format]).toEqual([side, side, 'png']);
});

test('the outline icon is white on transparent', async () => {
  const pixels = await sharp(join(folder, 'outline.png')).ensureAlpha().raw().toBuffer();
  for (let at = 0; at < pixels.length; at += 4)
    if (pixels[at + 3]! > 0) expect(pixels[at]! + pixels[at + 1]! + pixels[at + 2]!).toBe(765);
});
