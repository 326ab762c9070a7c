/** The first round's progress, source by source, on one line. */
import type { Terminal } from '../terminal.ts';
import type { SourceState } from './sync-loops.ts';

/** About as many records as a first sync of the demo brings; a bar needs an end. */
const marks = { waiting: '·', reading: '▸', read: '✓', failed: '✗' } as const;
const done = new WeakSet<Terminal>();

export function say(terminal: Terminal, states: readonly SourceState[]): void {
  if (done.has(terminal)) return;
  terminal.progress(
    states
      .map((state) =>
        `${marks[state.state]} ${state.title} ${state.read > 0 ? state.read.toLocaleString('en') : ''}`.trim(),
      )
      .join('   '),
  );
}

/** After the first round the line is left alone. */
export function silence(terminal: Terminal): void {
  done.add(terminal);
}
