/** The image that is followed: its run, seed and sampler, the look at it, and other samplers beside it. */
import type { Trajectory, UseDescription } from '../../../electron/contract/calls.ts';
import { call } from '../../client.ts';
import { UseJob } from '../../use/useJob.svelte.ts';
import { preferences } from '../../workspace/preferences.svelte.ts';

export interface Way {
  readonly sampler: 'ddpm' | 'ddim';
  readonly steps: number;
  /** Of the chosen class. */
  readonly guidance: number;
}

/** An image drawn in some way, to stand beside others. */
export interface Compared {
  readonly way: Way;
  readonly trajectory: Trajectory;
}

export type Comparison = 'samplers' | 'guidance';

/** Looks per second while it plays. */
const playsPerSecond = 8;

export class Follower {
  readonly job = new UseJob();
  readonly run: number;
  description = $state.raw<UseDescription | undefined>();
  seed = $state(preferences.recall('learn.diffusion.seed', 1));
  sampler = $state<'ddpm' | 'ddim'>(preferences.recall<string>('learn.diffusion.sampler', 'ddim') === 'ddpm' ? 'ddpm' : 'ddim');
  steps = $state(preferences.recall('learn.diffusion.steps', 50));
  class = $state('');
  guidance = $state(preferences.recall('learn.diffusion.guidance', 1));
  trajectory = $state.raw<Trajectory | undefined>();
  others = $state.raw<readonly Compared[]>([]);
  compared = $state.raw<Comparison>('samplers');
  at = $state(0);
  pixel = $state(0);
  playing = $state(false);
  #timer: ReturnType<typeof setInterval> | undefined;

  total = $derived(this.description?.sample?.steps ?? 1);

  constructor(run: number) {
    this.run = run;
  }

  /** What the run can do; its problem stands in `job`. */
  async open(): Promise<void> {
    this.description = await this.job.run(() => call('use.describe', { run: this.run }));
  }

  async follow(): Promise<void> {
    this.pause();
    const { seed, sampler, steps, guidance } = this;
    for (const [key, value] of Object.entries({ seed, sampler, steps, guidance })) preferences.remember(`learn.diffusion.${key}`, value);
    const drawn = await this.#ask({ sampler, steps, guidance });
    if (drawn === undefined) return;
    this.trajectory = drawn;
    this.others = [];
    this.at = 0;
    this.pixel = Math.min(this.pixel, drawn.result.length - 1);
    if (this.pixel === 0) this.pixel = Math.floor(drawn.shape[1] / 2) * drawn.shape[2] + Math.floor(drawn.shape[2] / 2);
  }

  /** Three samplers, or one sampler that follows the class more and more. */
  async compare(what: Comparison): Promise<void> {
    this.pause();
    const { sampler, steps, guidance, total } = this;
    const ways: readonly Way[] =
      what === 'guidance'
        ? [0, 2, 8].map((own) => ({ sampler, steps, guidance: own }))
        : [{ sampler: 'ddpm', steps: total, guidance }, ...[10, 50].map((own) => ({ sampler: 'ddim' as const, steps: own, guidance }))];
    this.compared = what;
    const found: Compared[] = [];
    for (const way of ways) {
      const trajectory = await this.#ask(way);
      if (trajectory === undefined) return;
      found.push({ way, trajectory });
      this.others = [...found];
    }
  }

  #ask({ sampler, steps, guidance }: Way): Promise<Trajectory | undefined> {
    const { run, seed, total } = this;
    const own = this.class === '' ? {} : { class: this.class, guidance };
    return this.job.run((job) => call('use.trajectory', { run, job, seed, sampler, steps: Math.min(steps, total), ...own }));
  }

  go(at: number): void {
    this.at = Math.min(Math.max(0, at), Math.max(0, (this.trajectory?.steps.length ?? 1) - 1));
  }

  play(): void {
    if (this.trajectory === undefined || this.playing) return;
    const last = this.trajectory.steps.length - 1;
    if (this.at >= last) this.go(0);
    this.playing = true;
    this.#timer = setInterval(() => {
      this.go(this.at + 1);
      if (this.at >= last) this.pause();
    }, 1000 / playsPerSecond);
  }

  pause(): void {
    clearInterval(this.#timer);
    this.playing = false;
  }
}
