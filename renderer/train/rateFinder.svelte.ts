/** The search for a learning rate of each open network: its points while it runs, what it found, why it failed. */
import { SvelteMap } from 'svelte/reactivity';
import { ProblemError, type Problem } from '../../core/problem.ts';
import type { RatePoint } from '../../core/train/rateRange.ts';
import type { Trainable } from '../../electron/contract/calls.ts';
import { call, on } from '../client.ts';
import { keyOf, trainable, trials } from '../engines/trials.svelte.ts';
import type { OpenDocument } from '../workspace/openDocument.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import { rateWords } from './rateWords.ts';
import { problemOf } from './trainActions.ts';

export interface Search {
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly points: readonly RatePoint[];
  readonly suggested?: number;
  readonly problem?: Problem;
  readonly key: string;
}

/** What was found does not depend on the rate that is set, so using it leaves the search valid. */
function searchKey({ document, config }: Trainable): string {
  return keyOf({ document, config: { ...config, optimizer: { ...config.optimizer, learningRate: 1 } } }, false);
}

class RateFinder {
  #searches = new SvelteMap<string, Search>();
  #running: string | undefined;

  constructor() {
    on('rate.points', ({ points }) => {
      const search = this.#running === undefined ? undefined : this.#searches.get(this.#running);
      if (search?.state === 'running') this.#searches.set(this.#running!, { ...search, points });
    });
  }

  /** Undefined before the first search, and once it was closed. */
  of(open: OpenDocument): Search | undefined {
    return this.#searches.get(open.id);
  }

  isStale(open: OpenDocument, search: Search): boolean {
    const trained = trainable(open);
    return search.state === 'done' && (trained === undefined || searchKey(trained) !== search.key);
  }

  /** Why nothing can be searched now, in one sentence. */
  whyNot(open: OpenDocument): string | undefined {
    const run = workspace.runs.find(({ status }) => status === 'running');
    if (run !== undefined) return rateWords.busy(run.name);
    if (trainable(open) === undefined) return open.problems[0]?.message ?? rateWords.notTrainable;
    return trials.measuring === null ? undefined : rateWords.measuring;
  }

  async find(open: OpenDocument): Promise<void> {
    const trained = trainable(open);
    if (trained === undefined || this.whyNot(open) !== undefined) return;
    const begun = { points: [], key: searchKey(trained) };
    this.#searches.set(open.id, { ...begun, state: 'running' });
    this.#running = open.id;
    trials.measuring = 'rate';
    try {
      const { points, suggested } = await call('engines.findRate', trained);
      this.#searches.set(open.id, { ...begun, state: 'done', points, ...(suggested === undefined ? {} : { suggested }) });
    } catch (error) {
      const cancelled = error instanceof ProblemError && error.problem.code === 'job.cancelled';
      this.#searches.set(open.id, cancelled ? { ...begun, state: 'cancelled' } : { ...begun, state: 'failed', problem: problemOf(error) });
    } finally {
      this.#running = undefined;
      trials.measuring = null;
    }
  }

  close(open: OpenDocument): void {
    this.#searches.delete(open.id);
  }
}

export const rateFinder = new RateFinder();
