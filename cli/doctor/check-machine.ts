/** What Herald needs of the machine: the runtime, room on the disk, and fonts that draw. */
import { mkdirSync, statfsSync } from 'node:fs';
import path from 'node:path';
import type { Log } from '../../platform/log.ts';
import { type Finding, fault, ok, warning } from './finding.ts';

/** Runs TypeScript without a build. */
const NODE_FLOOR = 24;
/** Below the first an embedded PostgreSQL may fail at any checkpoint; the second is a month of a demo-sized company. */
const LEAST_FREE = 200e6;
const GOOD_FREE = 2e9;

export function checkNode(version: string): Finding {
  return Number(version.split('.')[0]) >= NODE_FLOOR
    ? ok('Node', version)
    : fault(
        'Node',
        'setup',
        version,
        `Herald needs Node ${NODE_FLOOR}: run it with "npm run -s herald -- …", which brings its own.`,
      );
}

export function checkDisk(folder: string): Finding {
  try {
    mkdirSync(folder, { recursive: true });
    const { bavail, bsize } = statfsSync(folder);
    return judgeFree(folder, bavail * bsize);
  } catch (error) {
    return fault(
      'Disk',
      'setup',
      (error as Error).message,
      `Give this user the folder ${folder}, or set HERALD_FOLDER to another.`,
    );
  }
}

export function judgeFree(folder: string, free: number): Finding {
  const detail = `${(free / 1e9).toFixed(1)} GB free at ${folder}`;
  if (free < LEAST_FREE)
    return fault('Disk', 'setup', detail, 'Free some space, or set HERALD_FOLDER to a larger disk.');
  if (free < GOOD_FREE) return warning('Disk', detail, 'Free some space before it runs full.');
  return ok('Disk', detail);
}

/** Starts one drawing process, which measures the ink of its fonts. */
export async function checkFonts(folder: string, log: Log): Promise<Finding> {
  const { createPainter } = await import('../../render/picture/painter.ts');
  const painter = createPainter({ cacheFolder: path.join(folder, 'render'), processes: 1, log });
  try {
    await painter.warm();
    return ok('Pictures', 'fonts draw');
  } catch (error) {
    return fault(
      'Pictures',
      'setup',
      (error as Error).message,
      'Run "npm install" again: the font comes with @expo-google-fonts/inter.',
    );
  } finally {
    await painter.close();
  }
}
