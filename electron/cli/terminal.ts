/** The real terminal behind a command: line-wise output, one updating status line, Ctrl-C. */
import type { Terminal } from './command.ts';

/** Signals this close together come from one key press. */
const sameKeyMs = 700;
const eraseLine = '\r\u001b[2K';

export function createTerminal(target: NodeJS.Process): Terminal {
  const { stdout, stderr } = target;
  const isTerminal = stderr.isTTY === true;
  const controller = new AbortController();
  let shown = '';
  let interruptedAt = 0;

  // The reader of a pipe may leave early, as `head` does; that is no failure of ours.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    target.on(signal, () => {
      // The second one does not wait for a clean end. One Ctrl-C may arrive twice: from the terminal and through npm.
      if (controller.signal.aborted && performance.now() - interruptedAt >= sameKeyMs) target.exit(130);
      if (controller.signal.aborted) return;
      interruptedAt = performance.now();
      controller.abort();
    });
  }

  function erase(): void {
    if (shown !== '') stderr.write(eraseLine);
  }

  return {
    isTerminal,
    interrupted: controller.signal,
    out(line) {
      erase();
      shown = '';
      stdout.write(`${line}\n`);
    },
    err(line) {
      erase();
      stderr.write(`${line}\n`);
      if (shown !== '') stderr.write(shown);
    },
    status(line) {
      if (!isTerminal) return;
      const fitting = line.slice(0, (stderr.columns || 80) - 1);
      erase();
      stderr.write(fitting);
      shown = fitting;
    },
  };
}
