/** A job of a finished run on the command line: its progress on the status line, its end on Ctrl-C. */
import { ProblemError } from '../../core/problem.ts';
import type { UseJobId } from '../contract/calls.ts';
import type { Host } from '../host/host.ts';
import type { Terminal } from './command.ts';

let number = 0;

/** @returns undefined where it was interrupted */
export async function followJob<T>(host: Host, terminal: Terminal, work: (job: UseJobId) => Promise<T> | T): Promise<T | undefined> {
  const job = `cli ${++number}`;
  const stop = host.on('use.progress', (progress) => {
    if (progress.job === job) terminal.status(`${progress.done}/${progress.total} ${progress.unit}`);
  });
  const cancel = () => void host.handlers['use.cancel']({ job });
  terminal.interrupted.addEventListener('abort', cancel);
  try {
    return await work(job);
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'job.cancelled') return undefined;
    throw error;
  } finally {
    stop();
    terminal.interrupted.removeEventListener('abort', cancel);
    terminal.status('');
  }
}
