import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { HeraldError } from '../../platform/errors.ts';
import type { Request, Response } from './protocol.ts';

const script = fileURLToPath(new URL('./worker.ts', import.meta.url));

/** Starting Node, Vega and sharp takes 0.6–1.7 s on a loaded machine. */
const startMs = 20_000;

export type DrawingProcess = {
  readonly pid: number | undefined;
  /** Draw one picture; the caller waits for it before asking for the next. Rejects when the process dies or is too slow. */
  draw(request: Request, timeoutMs: number): Promise<Response>;
  /** True until the process has ended or was told to. */
  alive(): boolean;
  end(): void;
};

function gone(note: string): HeraldError {
  return new HeraldError('bug', 'The picture could not be drawn. The numbers above are complete.', { note });
}

/** Start a process and wait until it can draw; rejects with a `setup` error when its fonts do not draw. */
export async function startDrawingProcess(settings: {
  fontconfigFile: string;
  memoryMb: number;
}): Promise<DrawingProcess> {
  // A child inherits nothing: no tokens, no DATABASE_URL. PATH and HOME are not needed to draw.
  const child = fork(script, [], {
    env: { FONTCONFIG_FILE: settings.fontconfigFile, UV_THREADPOOL_SIZE: '2' },
    execArgv: [`--max-old-space-size=${settings.memoryMb}`, '--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  let waiting: { settle: (response: Response) => void; fail: (error: Error) => void } | null = null;
  let running = true;
  child.on('message', (message) => {
    const current = waiting;
    waiting = null;
    current?.settle(message as Response);
  });
  const over = (note: string) => {
    running = false;
    const current = waiting;
    waiting = null;
    current?.fail(gone(note));
  };
  child.on('exit', (code, signal) => over(`drawing process ended with ${signal ?? code}`));
  child.on('error', (error) => over(error.message));

  function next(timeoutMs: number, what: string, send: () => void): Promise<Response> {
    return new Promise<Response>((resolve, reject) => {
      const timer = setTimeout(() => {
        over(`${what} took longer than ${timeoutMs} ms`);
        child.kill('SIGKILL');
      }, timeoutMs);
      waiting = {
        settle: (response) => {
          clearTimeout(timer);
          resolve(response);
        },
        fail: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      };
      send();
    });
  }

  const first = await next(startMs, 'starting to draw', () => {});
  if (first.kind === 'unfit') {
    stop(child);
    throw new HeraldError(
      'setup',
      `Pictures cannot be drawn on this machine: ${first.message}. Reinstall the packages (npm install).`,
    );
  }
  return {
    pid: child.pid,
    draw: (request, timeoutMs) =>
      running
        ? next(timeoutMs, 'a picture', () => child.send(request))
        : Promise.reject(gone('drawing process had ended')),
    alive: () => running,
    end: () => {
      over('closed');
      stop(child);
    },
  };
}

function stop(child: ChildProcess): void {
  if (child.connected) child.disconnect();
  child.kill('SIGKILL');
}
