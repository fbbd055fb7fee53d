/** One image on its way out of noise: x, the predicted noise ε and the image x₀ that would be left, step by step. */
import { remainingSignal, type NoiseScheduleName } from '../tasks/noiseSchedule.ts';
import { stepsTaken, type Diffusion, type DiffusionOptions, type Sampler } from './denoise.ts';
import type { Trained } from './trained.ts';

export interface Trajectory {
  /** C × H × W */
  readonly shape: readonly [number, number, number];
  readonly sampler: Sampler;
  /** How many steps the sampler took; those looked at are some of them. */
  readonly taken: number;
  /** Noise steps t that were looked at (k), from much noise to little. */
  readonly steps: readonly number[];
  /** ᾱ of every noise step of the training. */
  readonly signal: Float32Array;
  /** (k, C·H·W) on the network's scale, −1 to 1 where there is no noise. */
  readonly images: Float32Array;
  readonly noise: Float32Array;
  readonly clean: Float32Array;
  /** (C·H·W) behind the last step. */
  readonly result: Float32Array;
}

/** So many are looked at: three images for each fit one message. */
const mostLooks = 60;

/** Which of the steps taken are looked at: the first, the last, and others evenly between them. */
export function looksOf(taken: number, most = mostLooks): number[] {
  if (taken <= most) return Array.from({ length: taken }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (taken - 1)) / (most - 1)));
}

/** @param diffusion opened with `traced` and a batch of one */
export async function traceImage(
  diffusion: Diffusion,
  { config, data }: Pick<Trained, 'config' | 'data'>,
  asked: DiffusionOptions,
  shape: Trajectory['shape'],
  onStep: (done: number, total: number) => Promise<void>,
): Promise<Trajectory> {
  const { task } = config;
  if (task.type !== 'diffusion') throw new Error(`A run of the task ${task.type} takes out no noise.`);
  const taken = stepsTaken(asked.sampler, task.steps, asked.steps);
  const looks = looksOf(taken.length);
  const size = data.target.rowShape.reduce((product, n) => product * n, 1);
  const [images, noise, clean] = [0, 1, 2].map(() => new Float32Array(looks.length * size)) as [Float32Array, Float32Array, Float32Array];
  let result = new Float32Array(size);
  let k = 0;
  for await (const look of diffusion.trace(asked, looks)) {
    images.set(look.image, k * size);
    noise.set(look.noise, k * size);
    clean.set(look.clean, k * size);
    result = new Float32Array(look.next);
    k++;
    await onStep(look.at + 1, taken.length);
  }
  return {
    shape,
    sampler: asked.sampler,
    taken: taken.length,
    steps: looks.map((at) => taken[at]!),
    signal: Float32Array.from(remainingSignal(task.noise as NoiseScheduleName, task.steps)),
    images,
    noise,
    clean,
    result,
  };
}
