/** The switches of the platforms' faults as the page shows them: what is on and what has happened, by the stand-ins' own word. */
import { z } from 'zod';
import { type FaultKind, faultKinds } from '../stand-ins/fault-kinds.ts';
import type { Faults } from '../stand-ins/faults.ts';

export type FaultBoard = readonly FaultySource[];

export type FaultySource = {
  source: string;
  /** Those that this platform can have, in the order of the list of kinds. */
  kinds: readonly FaultKind[];
  /** Share of the calls by fault that is on. */
  on: Readonly<Partial<Record<FaultKind, number>>>;
  /** Since the demo started. */
  happened: Readonly<Partial<Record<FaultKind, number>>>;
};

type Switches = Readonly<Record<string, Pick<Faults, 'set' | 'clear' | 'current' | 'happened'>>>;

const allKinds = Object.keys(faultKinds) as FaultKind[];

/** Salesforce streams its changes and Zendesk shows them at once; a token of Intercom's that ended would never come back. */
const impossible: Readonly<Record<string, readonly FaultKind[]>> = {
  salesforce: ['twice', 'outOfOrder'],
  zendesk: ['late'],
  intercom: ['expiredToken'],
};

const kindsOf = (source: string) => allKinds.filter((kind) => !impossible[source]?.includes(kind));

export function readFaultBoard(faults: Switches): FaultBoard {
  return Object.entries(faults).map(([source, { current, happened }]) => ({
    source,
    kinds: kindsOf(source),
    on: current(),
    happened: happened(),
  }));
}

const turned = z.object({ source: z.string(), kind: z.enum(allKinds), share: z.number().min(0).max(1) });
const cleared = z.object({ clear: z.literal(true) });

/** `{source, kind, share}` turns one, share 0 off; `{clear: true}` ends all. Throws a ZodError for anything else. */
export function turnFault(faults: Switches, body: unknown): FaultBoard {
  const wish = z.union([turned, cleared]).parse(body);
  if ('clear' in wish) for (const one of Object.values(faults)) one.clear();
  else {
    const source = z.enum(Object.keys(faults)).parse(wish.source);
    faults[source]!.set({ [z.enum(kindsOf(source)).parse(wish.kind)]: wish.share });
  }
  return readFaultBoard(faults);
}
