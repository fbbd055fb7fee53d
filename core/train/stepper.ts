/** Runs optimizer steps on the engine: which rows, at which learning rate, and of how many batches a step is made. */
import { createSampler, type Sampler } from '../data/sampler.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { Engine } from '../engines/engine.ts';
import type { LoweredSession } from '../program/lowerSession.ts';
import type { SamplingMode } from './controlSpecs.ts';
import type { RunConfig } from './runConfig.ts';
import { resetRing } from './score.ts';

export interface StepSums {
  /** Sums of the step's rows, in the order of the ring's names. */
  readonly sums: Float64Array;
  readonly rowCount: number;
}

export interface Stepper {
  readonly stepsPerEpoch: number;
  /** The program that decides how long the next step takes. */
  programAt(step: number): string;
  /** Steps that may be run in one go from here: to the end of the epoch, or one where a step is made of several batches. */
  mostSteps(step: number): number;
  run(step: number, steps: number, rateAt: (step: number) => number): Promise<StepSums[]>;
}

export function createRunSampler(config: RunConfig, data: PreparedData, batchSize: number): Sampler {
  const mode = config.controls.sampling as SamplingMode;
  const codes = data.target.values;
  return createSampler({
    rows: data.parts.train,
    batchSize,
    seed: config.seed,
    ...(mode === 'shuffle' || (data.task !== 'classification' && data.task !== 'nodeClassification') ? {} : { sampling: { mode, codes } }),
  });
}

export function createStepper(engine: Engine, lowered: LoweredSession, config: RunConfig, data: PreparedData): Stepper {
  const { train: whole, trainTail: tail, apply } = lowered.programs;
  const { slot: ring, names } = lowered.trainRing;
  const { accumulation } = config.controls;
  const sampler = createRunSampler(config, data, whole.batchSize * accumulation);
  const { stepsPerEpoch, tailSize } = sampler;

  /** Adds up the ring's rows of one step, one for each of its batches. */
  const add = (rows: ArrayLike<number>, first: number, count: number): Float64Array => {
    const sums = new Float64Array(names.length);
    for (let i = 0; i < count * names.length; i++) sums[i % names.length]! += rows[first * names.length + i]!;
    return sums;
  };

  /** A step of several batches: their gradients are summed up, then applied. The last batch may be short. */
  async function runAccumulated(step: number, rateAt: (step: number) => number): Promise<StepSums> {
    const rows = sampler.rowsFor(step);
    const batches = Math.floor(rows.length / whole.batchSize);
    // Every batch has random numbers of its own.
    const firstStep = step * accumulation;
    await resetRing(engine, ring);
    if (batches > 0) await engine.run('train', { steps: batches, firstStep, rows: rows.subarray(0, batches * whole.batchSize) });
    const rest = rows.subarray(batches * whole.batchSize);
    if (rest.length > 0) await engine.run('trainTail', { steps: 1, firstStep: firstStep + batches, rows: rest });
    await engine.run('apply', { steps: 1, firstStep: step, scalars: lowered.fillScalars(step, 1, rateAt) });
    const count = batches + (rest.length > 0 ? 1 : 0);
    return { sums: add(await engine.read(ring, 0, count * names.length), 0, count), rowCount: rows.length };
  }

  return {
    stepsPerEpoch,
    programAt: (step) => (apply === undefined && sampler.isTail(step) ? 'trainTail' : 'train'),
    mostSteps(step) {
      if (apply !== undefined || sampler.isTail(step)) return 1;
      return stepsPerEpoch - (step % stepsPerEpoch) - (tailSize > 0 ? 1 : 0);
    },
    async run(step, steps, rateAt) {
      if (apply !== undefined) return [await runAccumulated(step, rateAt)];
      const program = sampler.isTail(step) ? tail! : whole;
      await resetRing(engine, ring);
      await engine.run(program.name, {
        steps,
        firstStep: step,
        rows: sampler.rowsFor(step, steps),
        scalars: lowered.fillScalars(step, steps, rateAt),
      });
      const rows = await engine.read(ring, 0, steps * names.length);
      return Array.from({ length: steps }, (_, i) => ({ sums: add(rows, i, 1), rowCount: program.batchSize }));
    },
  };
}
