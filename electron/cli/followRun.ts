/** Watches a run until it ends. Ctrl-C stops the run cleanly. */
import type { RunDetails, RunId } from '../contract/calls.ts';
import type { Host } from '../host/host.ts';
import type { Terminal } from './command.ts';
import { createProgress } from './progress.ts';

export async function followRun(host: Host, id: RunId, terminal: Terminal): Promise<RunDetails> {
  const first = await host.handlers['runs.get']({ id });
  const progress = createProgress(first.epochs, terminal);
  const stop = () => {
    terminal.err('Stopping after this step; the run is kept.');
    void host.handlers['runs.command']({ id, command: { type: 'stop' } });
  };
  const listeners: (() => void)[] = [];
  try {
    await new Promise<void>((resolve) => {
      listeners.push(
        host.on('run.records', (event) => {
          if (event.id === id) progress.records(event.records);
        }),
        host.on('notice', ({ problem }) =>
          terminal.err(problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`),
        ),
        host.on('run.changed', ({ run }) => {
          if (run.id === id && hasEnded(run.status)) resolve();
        }),
      );
      // It may have ended before anybody listened.
      void Promise.resolve(host.handlers['runs.get']({ id })).then((run) => hasEnded(run.status) && resolve());
      if (terminal.interrupted.aborted) stop();
      else terminal.interrupted.addEventListener('abort', stop, { once: true });
    });
  } finally {
    for (const remove of listeners) remove();
    terminal.interrupted.removeEventListener('abort', stop);
    progress.end();
  }
  return host.handlers['runs.get']({ id });
}

function hasEnded(status: RunDetails['status']): boolean {
  return status !== 'queued' && status !== 'running' && status !== 'paused';
}
