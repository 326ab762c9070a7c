/** Where a verb's words go: data to stdout, everything else to stderr. */
export type Terminal = {
  out(text: string | Uint8Array): void;
  say(line: string): void;
  /** One line that is overwritten on a TTY, written at most once a second elsewhere. */
  progress(line: string): void;
  color: boolean;
  width: number;
};

export function createTerminal(options: {
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  color: boolean;
  now: () => Date;
}): Terminal {
  let shown = false;
  let last = 0;
  const clear = () => {
    if (shown) options.stderr.write('\r\x1b[2K');
    shown = false;
  };
  return {
    out: (text) => options.stdout.write(text),
    say(line) {
      clear();
      options.stderr.write(`${line}\n`);
    },
    progress(line) {
      if (options.stderr.isTTY) {
        options.stderr.write(`\r\x1b[2K${line.slice(0, (options.stderr.columns || 80) - 1)}`);
        shown = true;
        return;
      }
      const now = options.now().getTime();
      if (now - last < 1000) return;
      last = now;
      options.stderr.write(`${line}\n`);
    },
    color: options.color && options.stdout.isTTY === true,
    width: options.stdout.columns || 80,
  };
}
