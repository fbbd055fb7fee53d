/**
 * How far every running training is, from the records the host sends about ten times a second: epoch, pace, time
 * left. Light enough for the top bar; the curves themselves are in `runFeed`.
 */
import { call, on } from '../client.ts';
import type { RunDetails, RunId, RunSummary } from '../../electron/contract/calls.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import { Pace, remainingMs, samplesPerSecond } from './pace.ts';

interface Progress {
  readonly pace: Pace;
  step: number;
  epoch: number;
  elapsedMs: number;
}

/** The numbers in the top bar and beside the progress bar change at most this often. */
const refreshMs = 250;

const isLive = (run: RunSummary): boolean => run.status === 'running' || run.status === 'paused' || run.status === 'queued';

export class LiveRuns {
  #progress = new Map<RunId, Progress>();
  #batchSizes = new Map<RunId, number | Promise<void>>();
  #version = $state(0);
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    on('run.records', ({ id, records }) => {
      const last = records.at(-1);
      if (last === undefined) return;
      const progress = this.#progressOf(id);
      progress.pace.add(last);
      progress.step = last.step;
      progress.epoch = last.epoch;
      progress.elapsedMs = last.elapsedMs;
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        this.#version++;
      }, refreshMs);
    });
  }

  /** The summary with the newest step, epoch and time. */
  fresh<R extends RunSummary>(run: R): R {
    void this.#version;
    const progress = this.#progress.get(run.id);
    if (progress === undefined || !isLive(run) || progress.step <= run.step) return run;
    return { ...run, step: progress.step, epoch: progress.epoch, elapsedMs: progress.elapsedMs };
  }

  remainingMs(run: RunSummary): number | undefined {
    if (!isLive(run)) return undefined;
    return remainingMs(this.fresh(run), this.#progress.get(run.id)?.pace.msPerStep);
  }

  samplesPerSecond(run: RunSummary): number | undefined {
    void this.#version;
    if (run.status !== 'running') return undefined;
    const batchSize = this.#batchSizes.get(run.id);
    if (batchSize === undefined) this.#batchSizes.set(run.id, this.#askBatchSize(run.id));
    return typeof batchSize === 'number' ? samplesPerSecond(this.#progress.get(run.id)?.pace.msPerStep, batchSize) : undefined;
  }

  async #askBatchSize(id: RunId): Promise<void> {
    try {
      const details: RunDetails = await call('runs.get', { id });
      this.#batchSizes.set(id, details.config.batchSize);
      this.#version++;
    } catch {
      // The run was deleted meanwhile; its speed is then not asked for again.
      this.#batchSizes.set(id, NaN);
    }
  }

  #progressOf(id: RunId): Progress {
    let progress = this.#progress.get(id);
    if (progress === undefined) this.#progress.set(id, (progress = { pace: new Pace(), step: 0, epoch: 0, elapsedMs: 0 }));
    return progress;
  }
}

export const liveRuns = new LiveRuns();

/** The run the top bar speaks of: the open network's own if it trains, else any that trains. */
class ActiveRun {
  get run(): RunSummary | undefined {
    const live = workspace.runs.filter(isLive);
    const own = workspace.document?.lastRun?.id;
    const run = live.find((candidate) => candidate.id === own) ?? live.find((candidate) => candidate.status === 'running') ?? live[0];
    return run === undefined ? undefined : liveRuns.fresh(run);
  }

  get status(): RunSummary['status'] | undefined {
    return this.run?.status;
  }

  /** The epoch under way, from 1. */
  get epoch(): number {
    const { run } = this;
    return run === undefined ? 0 : Math.min(run.epochs, Math.floor(run.epoch) + 1);
  }

  get epochs(): number {
    return this.run?.epochs ?? 0;
  }

  get remainingMs(): number | undefined {
    const { run } = this;
    return run === undefined ? undefined : liveRuns.remainingMs(run);
  }

  get samplesPerSecond(): number | undefined {
    const { run } = this;
    return run === undefined ? undefined : liveRuns.samplesPerSecond(run);
  }
}

export const activeRun = new ActiveRun();
