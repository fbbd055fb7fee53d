/**
 * Sampling a diffusion: one small program takes noise out of a batch of images by one step; which step, and how much of what
 * is kept, are its scalars. So every sampler is a table of scalars, and any number of steps is one `run`.
 *
 *   ε = (1 + w) · ε(class) − w · ε(none)
 *   x₀ = clip(fromImage · x − fromNoise · ε, −1, 1)
 *   x ← toClean · x₀ + toImage · x + toRandom · z
 */
import type { Engine } from '../engines/engine.ts';
import { createBuilder, type Value } from '../program/builder.ts';
import { lowerForward, type PreparedRoleType } from '../program/lowerNetwork.ts';
import type { Program } from '../program/program.ts';
import { createRandom } from '../random/philox.ts';
import { className, noisyName, stepName } from '../tasks/diffusion.ts';
import { remainingSignal, type NoiseScheduleName } from '../tasks/noiseSchedule.ts';
import { openComputation, type Computation } from './computation.ts';
import type { Trained } from './trained.ts';

export type Sampler = 'ddpm' | 'ddim';

const imageSlot = 'state/image';
const noiseSlot = 'output/noise';
const cleanSlot = 'output/clean';
const classSlot = 'input/class';

const scalarNames = ['step', 'fromImage', 'fromNoise', 'toClean', 'toImage', 'toRandom', 'guidance'] as const;
type StepScalars = Record<(typeof scalarNames)[number], number>;

/** Of the noise that images begin as: the stream of image i is this + i. */
const firstNoiseStream = 0x1d000000;

/** Random ops are keyed by the step: seeds lie so far apart. */
const stepsPerSeed = 2 ** 21;

export interface DenoiseOptions {
  readonly batchSize: number;
  /** Two passes in one batch of twice the size: with and without the class. */
  readonly guided: boolean;
  /** ε and x₀ of every step can be read, too. */
  readonly traced?: boolean;
}

export function denoiseProgram(
  { network, data }: Pick<Trained, 'network' | 'data'>,
  { batchSize, guided, traced = false }: DenoiseOptions,
): Program {
  const b = createBuilder({ name: 'denoise', batchSize: 0 });
  const shape = [batchSize, ...data.target.rowShape];
  const scalars = Object.fromEntries(scalarNames.map((name) => [name, b.scalar(name)])) as Record<keyof StepScalars, Value>;
  const image = b.slot(imageSlot, { shape, dtype: 'f32' });
  const passes = guided ? 2 * batchSize : batchSize;
  const twice = (value: Value): Value => (guided ? b.concat([value, value], 0) : value);
  const input = (role: PreparedRoleType): Value => {
    if (role.role.name === noisyName) return twice(image);
    if (role.role.name === stepName) return b.broadcastTo(b.reshape(scalars.step, [1, 1]), [passes, 1]);
    const classes = b.slot(classSlot, { shape: [batchSize, 1], dtype: 'i32' });
    const none = b.constant((role.role.classNames?.length ?? 1) - 1, [batchSize, 1], 'i32');
    return guided ? b.concat([classes, none], 0) : classes;
  };
  const forward = lowerForward(b, network, { mode: 'evaluate', feed: { input } });
  const told = b.reshape(forward.valueOf(network.outputId), [passes, ...data.target.rowShape]);
  let noise = told;
  if (guided) {
    const [withClass, without] = [b.slice(told, 0, 0, batchSize), b.slice(told, 0, batchSize, batchSize)];
    noise = b.add(withClass, b.multiply(scalars.guidance, b.subtract(withClass, without)));
  }
  const unclipped = b.subtract(b.multiply(image, scalars.fromImage), b.multiply(noise, scalars.fromNoise));
  const clean = b.minimum(b.maximum(unclipped, -1), 1);
  const kept = b.add(b.multiply(clean, scalars.toClean), b.multiply(image, scalars.toImage));
  b.assign(imageSlot, b.add(kept, b.multiply(b.random('normal', shape), scalars.toRandom)));
  if (traced) {
    b.assign(noiseSlot, noise);
    b.assign(cleanSlot, clean);
  }
  return b.build();
}

/**
 * Which steps are taken, from much noise to little. DDPM takes all of them (Ho, Jain, Abbeel 2020); DDIM any number, evenly
 * spaced from the last one down ("trailing" in Lin and others 2023, Common diffusion noise schedules).
 */
export function stepsTaken(sampler: Sampler, total: number, steps: number): number[] {
  const count = sampler === 'ddpm' ? total : Math.min(steps, total);
  return Array.from({ length: count }, (_, i) => Math.round((total * (count - i)) / count) - 1);
}

/**
 * DDPM: the posterior's mean from x₀ and x, and its deviation β̃ (equations 6 and 7). DDIM with η = 0 (Song, Meng, Ermon 2020,
 * equation 12): ε is taken again from the clipped x₀, which leaves an affine map of x₀ and x.
 */
export function stepScalars(sampler: Sampler, signal: Float64Array, step: number, next: number | undefined, guidance: number): StepScalars {
  const now = signal[step]!;
  const after = next === undefined ? 1 : signal[next]!;
  const common = { step, guidance, fromImage: 1 / Math.sqrt(now), fromNoise: Math.sqrt(1 - now) / Math.sqrt(now) };
  if (sampler === 'ddim') {
    const toImage = Math.sqrt(1 - after) / Math.sqrt(1 - now);
    return { ...common, toClean: Math.sqrt(after) - toImage * Math.sqrt(now), toImage, toRandom: 0 };
  }
  const kept = now / after;
  return {
    ...common,
    toClean: (Math.sqrt(after) * (1 - kept)) / (1 - now),
    toImage: (Math.sqrt(kept) * (1 - after)) / (1 - now),
    toRandom: Math.sqrt(((1 - after) / (1 - now)) * (1 - kept)),
  };
}

export interface DiffusionOptions {
  readonly count: number;
  readonly seed: number;
  readonly sampler: Sampler;
  readonly steps: number;
  /** Code per image; none where the network knows no classes, its last class stands for any. */
  readonly classes?: Int32Array;
  readonly guidance: number;
}

export interface DiffusionProgress {
  readonly done: number;
  readonly total: number;
  /** The batch as it is now, −1 to 1, and the index of its first image. */
  readonly from: number;
  readonly values: () => Promise<Float32Array>;
}

export interface Diffusion {
  readonly batchSize: number;
  /** Steps in stretches of about `stretchMs`; the last of a batch has `done` at a multiple of the steps. */
  sample(options: DiffusionOptions, now: () => number): AsyncGenerator<DiffusionProgress>;
  /**
   * The first batch, as `sample` draws it, with what stands before and in some of its steps.
   * @param looks which of the steps taken, ascending
   */
  trace(options: DiffusionOptions, looks: readonly number[]): AsyncGenerator<DiffusionLook>;
}

export interface DiffusionLook {
  /** Among the steps taken. */
  readonly at: number;
  /** x before the step. */
  readonly image: Float32Array;
  /** What the network takes for noise in it. */
  readonly noise: Float32Array;
  /** What would be left without that noise, clipped. */
  readonly clean: Float32Array;
  /** x behind the step. */
  readonly next: Float32Array;
}

/** So long until progress is said and cancelling acts. */
const stretchMs = 120;

export async function openDiffusion(engine: Engine, trained: Trained, options: DenoiseOptions): Promise<Diffusion> {
  const { task } = trained.config;
  if (task.type !== 'diffusion') throw new Error(`A run of the task ${task.type} takes out no noise.`);
  const { batchSize } = options;
  const computation = await openComputation(engine, trained, denoiseProgram(trained, options), trained.config.seed);
  const signal = remainingSignal(task.noise as NoiseScheduleName, task.steps);
  const size = trained.data.target.rowShape.reduce((product, n) => product * n, 1);
  const hasClasses = trained.inputs.some(({ role }) => role.name === className);

  async function* sample(asked: DiffusionOptions, now: () => number): AsyncGenerator<DiffusionProgress> {
    const { count, seed, classes } = asked;
    const { taken, scalars } = tableOf(asked);
    const total = Math.ceil(count / batchSize) * taken.length;
    let pace = 1;
    let done = 0;
    for (let from = 0; from < count; from += batchSize) {
      await begin(computation, { from, seed, ...(classes === undefined ? {} : { classes }) });
      // Batches have random numbers of their own, whatever the seed.
      const firstStep = (seed % 2 ** 31) * stepsPerSeed + from * taken.length;
      for (let at = 0; at < taken.length;) {
        const steps = Math.min(pace, taken.length - at);
        const startedAt = now();
        const own = scalars.subarray(at * scalarNames.length, (at + steps) * scalarNames.length);
        await computation.run({ steps, firstStep: firstStep + at, scalars: own });
        at += steps;
        done += steps;
        yield { done, total, from, values: () => computation.read(imageSlot) };
        pace = Math.max(1, Math.min(2 * pace, Math.floor((stretchMs * steps) / Math.max(now() - startedAt, 1e-3))));
      }
    }
  }

  async function* trace(asked: DiffusionOptions, looks: readonly number[]): AsyncGenerator<DiffusionLook> {
    const { seed, classes } = asked;
    const { scalars } = tableOf(asked);
    const firstStep = (seed % 2 ** 31) * stepsPerSeed;
    const run = (from: number, to: number) =>
      computation.run({
        steps: to - from,
        firstStep: firstStep + from,
        scalars: scalars.subarray(from * scalarNames.length, to * scalarNames.length),
      });
    await begin(computation, { from: 0, seed, ...(classes === undefined ? {} : { classes }) });
    let done = 0;
    for (const at of looks) {
      if (at > done) await run(done, at);
      const image = await computation.read(imageSlot);
      await run(at, at + 1);
      done = at + 1;
      const [noise, clean] = [await computation.read(noiseSlot), await computation.read(cleanSlot)];
      yield { at, image, noise, clean, next: await computation.read(imageSlot) };
    }
  }

  /** One row of scalars for each step taken. */
  function tableOf({ sampler, steps, guidance }: DiffusionOptions): { readonly taken: readonly number[]; readonly scalars: Float32Array } {
    const taken = stepsTaken(sampler, task.type === 'diffusion' ? task.steps : 1, steps);
    const rows = taken.flatMap((step, i) => {
      const values = stepScalars(sampler, signal, step, taken[i + 1], guidance);
      return scalarNames.map((name) => values[name]);
    });
    return { taken, scalars: Float32Array.from(rows) };
  }

  /** Pure noise, of every image its own, so that a seed gives the same images however many are asked for. */
  async function begin(
    { write }: Computation,
    { from, seed, classes }: { readonly from: number; readonly seed: number; readonly classes?: Int32Array },
  ): Promise<void> {
    const noise = new Float32Array(batchSize * size);
    for (let i = 0; i < batchSize; i++) {
      const random = createRandom(seed, firstNoiseStream + from + i);
      for (let k = 0; k < size; k++) noise[i * size + k] = random.normal();
    }
    await write(imageSlot, noise);
    if (!hasClasses) return;
    const codes = new Int32Array(batchSize).fill(anyClass(trained));
    if (classes !== undefined) codes.set(classes.subarray(from, from + batchSize));
    await write(classSlot, codes);
  }

  return { batchSize, sample, trace };
}

/** The code that stands for no class in particular. */
export function anyClass({ inputs }: Pick<Trained, 'inputs'>): number {
  return (inputs.find(({ role }) => role.name === className)?.role.classNames?.length ?? 1) - 1;
}
