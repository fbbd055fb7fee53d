/** A job of the host that says its progress: written characters, denoising steps; one at a time, and it can be cancelled. */
import { ProblemError, type Problem } from '../../core/problem.ts';
import type { Events } from '../../electron/contract/calls.ts';
import { call, on } from '../client.ts';
import { problemOf } from '../problemOf.ts';
import { showError } from '../workspace/notices.svelte.ts';

export class UseJob {
  progress = $state.raw<Events['use.progress'] | undefined>();
  problem = $state.raw<Problem | undefined>();
  /** Its id while it works. */
  running = $state.raw<string | undefined>();

  /** To be called where the component begins; ends with it. */
  listen(): () => void {
    const end = on('use.progress', (progress) => {
      if (progress.job === this.running) this.progress = progress;
    });
    return () => {
      end();
      void this.cancel();
    };
  }

  /** @returns undefined when it was cancelled or failed; `problem` then says why */
  async run<T>(work: (job: string) => Promise<T>): Promise<T | undefined> {
    if (this.running !== undefined) return undefined;
    this.running = crypto.randomUUID();
    this.progress = undefined;
    this.problem = undefined;
    try {
      return await work(this.running);
    } catch (error) {
      if (!(error instanceof ProblemError && error.problem.code === 'job.cancelled')) this.problem = problemOf(error);
      return undefined;
    } finally {
      this.running = undefined;
    }
  }

  async cancel(): Promise<void> {
    if (this.running === undefined) return;
    try {
      await call('use.cancel', { job: this.running });
    } catch (error) {
      showError(error);
    }
  }
}
