/** An in-house system of the chaos company: what it holds, and how that gets to where Herald reads it. */
import type { Followed } from '../followed.ts';

export type InHouseSystem = {
  source: string;
  /** As they would stand in herald.yaml. */
  settings: Record<string, unknown>;
  followed: readonly Followed[];
  /** One small thing happens, at this instant (epoch ms). */
  change(at: number): void;
  /** What has happened so far is put where Herald reads. `last`: nothing follows, so nothing is left for later. */
  write(last: boolean): Promise<void>;
  close(): Promise<void>;
};

/** One of them, drawn fairly. */
export function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.floor(random() * from.length)]!;
}
