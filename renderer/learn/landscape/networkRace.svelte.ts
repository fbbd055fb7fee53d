/** Races of the open network, run by the host. A short one begins by itself; a long one waits to be started. */
import { ProblemError } from '../../../core/problem.ts';
import type { CallArgs, RaceOutcome, Trainable } from '../../../electron/contract/calls.ts';
import { call, on } from '../../client.ts';
import { keyOf } from '../../engines/trials.svelte.ts';
import { problemOf } from '../../problemOf.ts';
import type { Racer } from './landscapeSettings.ts';
import { RaceState } from './raceState.svelte.ts';

/** While they race. */
export interface Curves {
  readonly racers: readonly Racer[];
  readonly losses: readonly Float32Array[];
  readonly every: number;
}

export interface NetworkRaceAsk {
  /** Of the open network. */
  readonly id: string;
  readonly trained: Trainable;
  readonly racers: readonly Racer[];
  readonly request: Pick<CallArgs<'race.run'>, 'steps' | 'plane' | 'side'>;
}

export type Waiting = Extract<RaceOutcome, { kind: 'estimate' }> & {
  readonly racers: number;
  readonly steps: number;
  readonly side: number;
};

const jobOf = (number: number): string => `race ${number}`;

export class NetworkRace extends RaceState {
  /** Too long to begin by itself. */
  waiting = $state.raw<Waiting | null>(null);
  cancelled = $state.raw(false);
  /** It was started by hand: what it was asked for stays as it is until it ends. */
  confirmed = $state.raw(false);
  /** Of the phase that runs; performance.now(). */
  #phase: { name: string; from: number; done: number } = { name: '', from: 0, done: 0 };
  leftMs = $state.raw<number | undefined>();
  curves = $state.raw<Curves | null>(null);
  #ask: NetworkRaceAsk | undefined;
  /** What runs. */
  #asked: { readonly key: string; readonly racers: readonly Racer[] } | undefined;

  constructor() {
    super();
    on('race.progress', ({ job, soFar, curves, every = 1, ...progress }) => {
      if (this.progress === null || job !== jobOf(this.number)) return;
      this.progress = progress;
      this.#measure(progress.phase, progress.done, progress.total);
      const { key, racers } = this.#asked!;
      if (soFar !== undefined) this.shown = { key, landscape: soFar, racers };
      this.curves = curves === undefined ? null : { racers, losses: curves, every };
    });
  }

  follow(ask: NetworkRaceAsk | undefined): void {
    if (ask === undefined || ask.id !== this.#ask?.id) this.clear();
    if (ask === undefined) return;
    const optimizers = ask.racers.map(({ optimizer }) => optimizer);
    // Seed and threads do not decide how fast it is, but they decide the race.
    const { seed, engine } = ask.trained.config;
    this.rest(JSON.stringify([keyOf(ask.trained, true), seed, engine.threads, optimizers, ask.request]), () => {
      if (this.progress !== null) this.cancel();
      void this.#run(ask, false);
    });
    this.#ask = ask;
  }

  /** Though it takes long. */
  start(): void {
    if (this.#ask !== undefined) void this.#run(this.#ask, true);
  }

  cancel(): void {
    void call('race.cancel', { job: jobOf(this.number) }).catch(() => undefined);
  }

  clear(): void {
    if (this.progress !== null) this.cancel();
    this.forget();
    this.#ask = undefined;
    this.shown = this.problem = this.waiting = this.curves = null;
    this.cancelled = this.confirmed = false;
  }

  async #run(ask: NetworkRaceAsk, confirmed: boolean): Promise<void> {
    const number = ++this.number;
    const { trained, racers, request } = ask;
    this.problem = this.waiting = null;
    this.cancelled = false;
    this.confirmed = confirmed;
    this.leftMs = undefined;
    this.#phase = { name: '', from: 0, done: 0 };
    this.progress = { phase: 'race', done: 0, total: 0 };
    this.curves = null;
    const optimizers = racers.map(({ optimizer }) => optimizer);
    const key = JSON.stringify([ask.id, keyOf(trained, true), trained.config.seed, optimizers, request.steps]);
    this.#asked = { key, racers };
    try {
      const outcome = await call('race.run', { job: jobOf(number), ...trained, optimizers, ...request, confirmed });
      if (number !== this.number) return;
      if (outcome.kind === 'done') this.shown = { key, landscape: outcome.landscape, racers };
      else this.waiting = { ...outcome, racers: racers.length, steps: request.steps, side: request.side };
    } catch (error) {
      if (number !== this.number) return;
      if (error instanceof ProblemError && error.problem.code === 'job.cancelled') this.cancelled = true;
      else this.problem = problemOf(error);
    }
    this.progress = this.curves = null;
    this.confirmed = false;
  }

  #measure(phase: string, done: number, total: number): void {
    const now = performance.now();
    if (phase !== this.#phase.name) this.#phase = { name: phase, from: now, done };
    const { from, done: before } = this.#phase;
    this.leftMs = done > before && now - from > 1000 ? ((now - from) / (done - before)) * (total - done) : undefined;
  }
}
