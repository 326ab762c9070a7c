/** The in-house systems of the chaos company, at work: each changes in its own way, and all at once. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { World } from '../../../demo/company/records.ts';
import type { Faults } from '../../../demo/stand-ins/faults.ts';
import { openAdNetwork } from './ad-network.ts';
import { openCallLog } from './call-log.ts';
import { openLedger } from './ledger.ts';
import { openSheets } from './sheets.ts';
import { type InHouseSystem, pick } from './system.ts';

export type InHouse = {
  systems: readonly InHouseSystem[];
  /** One small thing happens in one of them. */
  change(at: number): void;
  /** Put what has happened where Herald reads it. `last`: all of it. */
  write(last?: boolean): Promise<void>;
  close(): Promise<void>;
};

export async function openInHouse(input: {
  world: World;
  /** Of an empty database, for the ledger. */
  ledgerUrl: string;
  adFaults: Faults;
  at: number;
  random: () => number;
}): Promise<InHouse> {
  const { world, ledgerUrl, adFaults, at, random } = input;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'herald-in-house-'));
  const systems = await Promise.all([
    openLedger({ url: ledgerUrl, billing: world.billing, random }),
    openSheets({ folder: path.join(folder, 'finance'), files: world.files, random }),
    openCallLog({ folder: path.join(folder, 'telephone'), at, random }),
    openAdNetwork({ at, random, faults: adFaults }),
  ]);
  return {
    systems,
    change: (now) => pick(systems, random).change(now),
    async write(last = false) {
      await Promise.all(systems.map((system) => system.write(last)));
    },
    async close() {
      await Promise.all(systems.map((system) => system.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
