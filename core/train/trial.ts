/**
 * Short trainings that are measured and thrown away: how fast an engine trains this network here, and where the time of
 * a step goes.
 */
import { createRunSampler } from './stepper.ts';
import { median } from '../engines/wasm/profile.ts';
import { resetRing } from './score.ts';
import { openSession, type SessionSource } from './session.ts';

export interface StepSpeed {
  /** Lowering, compiling, copying the data. */
  readonly loadMs: number;
  /** Without the first step; the median of short stretches, so that a hiccup of the machine does not count. */
  readonly stepMs: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly samplesPerSecond: number;
}

export interface KernelTimes {
  /** Of every kernel of the training program, in order; milliseconds. */
  readonly kernelMs: Float64Array;
  readonly steps: number;
}

interface TrialOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Steps are taken until so much time has gone, at least one after the first. */
  readonly budgetMs: number;
}

/** Between two looks at the clock. */
const chunkMs = 25;

export async function measureSteps(source: SessionSource, { now, budgetMs }: TrialOptions): Promise<StepSpeed> {
  const openedAt = now();
  const { run, batchSize } = await openTrial(source);
  const loadMs = now() - openedAt;
  const first = await timed(() => run(1), now);
  // The first step touches memory and code for the first time: it only sets the pace.
  let chunk = stepsFor(chunkMs, first);
  let steps = 0;
  const stretches: number[] = [];
  const startedAt = now();
  let at = startedAt;
  do {
    let done = 0;
    while (done < chunk) done += await run(chunk - done);
    const before = at;
    at = now();
    stretches.push((at - before) / done);
    steps += done;
    chunk = Math.min(2 * chunk, stepsFor(chunkMs, stretches.at(-1)!));
  } while (at - startedAt < budgetMs);
  const stepMs = median(Float64Array.from(stretches));
  return { loadMs, stepMs, steps, batchSize, samplesPerSecond: (1000 * batchSize) / stepMs };
}

/** @returns undefined where the engine cannot time its kernels */
export async function measureKernels(source: SessionSource, { now, budgetMs }: TrialOptions): Promise<KernelTimes | undefined> {
  const { run, profile } = await openTrial(source);
  const startedAt = now();
  const rounds: Float64Array[] = [];
  let steps = 0;
  const wanted = stepsFor(chunkMs, (await timed(() => run(2), now)) / 2);
  do {
    const round = await profile(wanted, now);
    if (round === undefined) return undefined;
    rounds.push(round.kernelMs);
    steps += round.steps;
  } while (now() - startedAt < budgetMs);
  const kernelMs = Float64Array.from(rounds[0]!, (_, k) => median(Float64Array.from(rounds, (round) => round[k]!)));
  return { kernelMs, steps };
}

async function timed(work: () => Promise<unknown>, now: () => number): Promise<number> {
  const startedAt = now();
  await work();
  return now() - startedAt;
}

/** A loaded session that takes steps of whole batches, over and over the same epoch. */
async function openTrial(source: SessionSource) {
  const { config, data, engine } = source;
  const lowered = await openSession(source);
  const { batchSize } = lowered.programs.train;
  const sampler = createRunSampler(config, data, batchSize);
  const whole = Math.max(1, sampler.stepsPerEpoch - (sampler.tailSize > 0 ? 1 : 0));
  let step = 0;

  function request(wanted: number) {
    const steps = Math.min(wanted, whole - step, lowered.trainRing.capacity);
    const firstStep = step;
    step = (step + steps) % whole;
    return {
      steps,
      firstStep,
      rows: sampler.rowsFor(firstStep, steps),
      scalars: lowered.fillScalars(firstStep, steps, config.optimizer.learningRate),
    };
  }

  return {
    batchSize,
    async run(wanted: number): Promise<number> {
      const next = request(wanted);
      await engine.run('train', next);
      // Where steps are only sent off, the result says that they were done.
      await engine.read(lowered.trainRing.slot, 0, 1);
      await resetRing(engine, lowered.trainRing.slot);
      return next.steps;
    },
    async profile(wanted: number, now: () => number): Promise<KernelTimes | undefined> {
      const next = request(wanted);
      const kernelMs = await engine.profile?.('train', next, now);
      return kernelMs === undefined ? undefined : { kernelMs, steps: next.steps };
    },
  };
}

function stepsFor(durationMs: number, stepMs: number): number {
  return Math.max(1, Math.floor(durationMs / Math.max(stepMs, 1e-4)));
}
