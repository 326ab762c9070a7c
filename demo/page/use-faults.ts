/** The platforms' faults, asked of the stand-ins: what the page shows is what they say, never what was clicked. */
import { useCallback, useEffect, useState } from 'react';
import type { FaultKind } from '../stand-ins/fault-kinds.ts';
import type { FaultBoard } from './fault-board.ts';

export type FaultSwitches = {
  /** Null until the stand-ins have answered; empty where the company runs in another process. */
  board: FaultBoard | null;
  /** Why the last wish was not granted. */
  refusal: string | null;
  turn(source: string, kind: FaultKind, share: number): void;
  clear(): void;
};

const everyMs = 1_500;

/** `watched`: keep asking, for the counts. */
export function useFaults(watched: boolean): FaultSwitches {
  const [board, setBoard] = useState<FaultBoard | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const ask = useCallback(async (wish?: object) => {
    try {
      const answer = await fetch(
        '/demo/page/faults',
        wish && {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(wish),
        },
      );
      if (!answer.ok) throw new Error(`the demo answered ${answer.status}`);
      setBoard((await answer.json()) as FaultBoard);
      setRefusal(null);
    } catch (failed) {
      setRefusal(`Not known or not switched: ${(failed as Error).message}.`);
    }
  }, []);
  useEffect(() => {
    void ask();
    if (!watched) return;
    const timer = setInterval(() => void ask(), everyMs);
    return () => clearInterval(timer);
  }, [ask, watched]);
  return {
    board,
    refusal,
    turn: (source, kind, share) => void ask({ source, kind, share }),
    clear: () => void ask({ clear: true }),
  };
}
