/** Finished runs at work: passes on what is asked of them, their progress and their end. */
import type { Events, RunId, UseJobId } from '../contract/calls.ts';
import type { UseAskName, UseAsks, UseProgressMessage } from '../trainer/useProtocol.ts';
import { createUseThread } from '../trainer/useThread.ts';
import type { Emit } from './events.ts';
import type { Log } from './log.ts';
import type { RunManager } from './runManager.ts';

export interface RunUses {
  /**
   * @param job says `use.progress` and can be cancelled under this name
   * @throws ProblemError where the run has no weights, or can't do what is asked
   */
  ask<K extends UseAskName>(run: RunId, ask: { readonly kind: K } & UseAsks[K]['args'], job?: UseJobId): Promise<UseAsks[K]['result']>;
  cancel(job: UseJobId): void;
  close(): Promise<void>;
}

export interface RunUsesOptions {
  readonly runs: Pick<RunManager, 'trained'>;
  readonly emit: Emit;
  readonly log: Log;
}

export function createRunUses({ runs, emit, log }: RunUsesOptions): RunUses {
  const thread = createUseThread((stack) => log.error('use', stack));
  const jobs = new Map<UseJobId, AbortController>();

  return {
    async ask(run, ask, job) {
      if (job === undefined) return thread.ask(await runs.trained(run), ask);
      const controller = new AbortController();
      // The same name again: what was asked before is no longer wanted.
      jobs.get(job)?.abort();
      jobs.set(job, controller);
      const say = (progress: UseProgressMessage) => emit('use.progress', { job, ...progress } satisfies Events['use.progress']);
      try {
        return await thread.ask(await runs.trained(run), ask, { signal: controller.signal, onProgress: say });
      } finally {
        if (jobs.get(job) === controller) jobs.delete(job);
      }
    },
    cancel: (job) => jobs.get(job)?.abort(),
    close: () => thread.close(),
  };
}
