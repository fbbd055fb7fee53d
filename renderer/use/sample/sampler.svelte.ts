/** What new images are asked for, and what has been drawn. */
import type { ImageSheet, SampleRequest, UseDescription } from '../../../electron/contract/calls.ts';
import { call } from '../../client.ts';
import { UseJob } from '../useJob.svelte.ts';

/** Enough to look fine, few enough to be quick: Song et al. 2020 lose little at 50. */
const usualSteps = 50;
const usualCount = 16;

export class Sampler {
  readonly job = new UseJob();
  count = $state(usualCount);
  sampler = $state.raw<'ddpm' | 'ddim'>('ddim');
  steps = $state(usualSteps);
  /** A class name, `''` for any, `each`. */
  class = $state('');
  guidance = $state(1);
  seed = $state(1);
  /** The last finished images. */
  drawn = $state.raw<ImageSheet | undefined>();
  readonly #run: number;
  readonly #sample: NonNullable<UseDescription['sample']>;

  constructor({ run, sample }: UseDescription) {
    this.#run = run;
    this.#sample = sample ?? { samplers: [] };
    this.sampler = this.#sample.samplers.includes('ddim') ? 'ddim' : (this.#sample.samplers[0] ?? 'ddim');
    this.steps = Math.min(usualSteps, this.#sample.steps ?? usualSteps);
    if (this.#sample.classNames !== undefined) this.class = 'each';
  }

  /** The finished images, or those that are becoming ones. */
  get shown(): ImageSheet | undefined {
    return this.job.running === undefined ? this.drawn : (this.job.progress?.images ?? this.drawn);
  }

  request(job: string): SampleRequest {
    const { samplers, classNames } = this.#sample;
    return {
      run: this.#run,
      job,
      count: this.count,
      seed: this.seed,
      ...(samplers.length > 0 && { sampler: this.sampler, ...(this.sampler === 'ddim' && { steps: this.steps }) }),
      ...(classNames !== undefined && this.class !== '' && { class: this.class, guidance: this.guidance }),
    };
  }

  async draw(): Promise<void> {
    const drawn = await this.job.run((job) => call('use.sample', this.request(job)));
    if (drawn !== undefined) this.drawn = drawn;
  }
}
