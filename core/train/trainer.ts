/**
 * The training loop, an async generator that knows neither threads nor screens: batches from the sampler, chunks of
 * steps on the engine, one record per optimizer step, an evaluation and a checkpoint after each epoch.
 *
 * Results depend on document, data, config and the engine's numerics only: not on chunk sizes, pauses or where a
 * checkpoint was taken.
 */
import type { PreparedData } from '../data/prepared.ts';
import type { Engine } from '../engines/engine.ts';
import type { Platform } from '../engines/platform.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { scoreFromSums } from '../metrics/index.ts';
import { raise } from '../problem.ts';
import type { Problem } from '../problem.ts';
import { scheduleAfter, scheduleFactor } from '../schedules/index.ts';
import { taskOf, tasks } from '../tasks/index.ts';
import { createControls } from './controls.ts';
import type { CommandQueue, Controls } from './controls.ts';
import { bestOf, stoppingAfter, stoppingStart, withBest } from './earlyStopping.ts';
import { createPacer } from './pacer.ts';
import type { Checkpoint, PartScore, TrainingEvent, TrainingRecord } from './records.ts';
import type { RunConfig } from './runConfig.ts';
import { createScorer } from './score.ts';
import { openSession, readCheckpointSlots, readWeights, writeSlots } from './session.ts';
import { createStepper } from './stepper.ts';

export interface TrainJob {
  readonly config: RunConfig;
  readonly document: NetworkDocument;
  readonly data: PreparedData;
  /** Disposed of by whoever made it. */
  readonly engine: Engine;
  readonly platform: Platform;
  readonly commands: CommandQueue;
  /** Where to go on from. */
  readonly checkpoint?: Checkpoint;
  /** Made here where not given. */
  readonly controls?: Controls;
  /** The beginning of this training was said already, on another engine. */
  readonly takesOver?: boolean;
  /**
   * The engine may be lost at any moment: called with checkpoints beyond those that are saved, every few seconds as long as
   * making them takes little time.
   */
  readonly onSafetyCheckpoint?: (checkpoint: Checkpoint) => void;
}

/** An epoch may take an hour; a crash should not cost more than this. */
const checkpointEveryMs = 60_000;
/** An engine that may be lost costs at most this much, or so many times what a checkpoint takes. */
const safetyEveryMs = 2_000;
const safetyShare = 30;

/** @param from where the training begins, its settings otherwise */
export function controlsOf(job: Pick<TrainJob, 'config' | 'platform' | 'commands'>, from?: Checkpoint): Controls {
  return createControls({
    platform: job.platform,
    commands: job.commands,
    learningRate: from?.learningRate ?? job.config.optimizer.learningRate,
    elapsedMs: from?.elapsedMs ?? 0,
  });
}

/** @throws ProblemError when the loss is no longer a finite number, and for what lowering refuses */
export async function* train(job: TrainJob): AsyncGenerator<TrainingEvent> {
  const { config, data, engine, platform, checkpoint } = job;
  const controls = job.controls ?? controlsOf(job, checkpoint);
  const lowered = await openSession(job, checkpoint);
  const { names } = lowered.trainRing;
  const stepper = createStepper(engine, lowered, config, data);
  const { stepsPerEpoch } = stepper;
  const totalSteps = config.epochs * stepsPerEpoch;
  const pacer = createPacer(lowered.trainRing.capacity);

  const scale = data.targetScale === undefined ? {} : { targetScale: data.targetScale };

  let step = checkpoint?.step ?? 0;
  let savedAtMs = controls.elapsedMs();
  let savedStep = -1;
  let safeAtMs = savedAtMs;
  /** How long the last checkpoint took. */
  let checkpointMs = 0;
  /** The learning rate of the newest record that names one. */
  let recordedRate: number | undefined;
  let plateau = checkpoint?.plateau;
  const watches = config.controls.earlyStopping !== 'off' && data.parts.validation.length > 0;
  let stopping = watches ? (checkpoint?.stopping ?? stoppingStart) : undefined;
  let best = bestOf(checkpoint);
  /** Of the epoch's training loss so far, for a plateau without validation. */
  let epochLoss = checkpoint?.epochLoss ?? { sum: 0, steps: 0 };
  let validation: { step: number; score: PartScore } | undefined;

  yield {
    type: 'started',
    engine: engine.info,
    stepsPerEpoch,
    totalSteps,
    parameterCount: lowered.parameterCount,
    samples: { train: data.parts.train.length, validation: data.parts.validation.length, test: data.parts.test.length },
  };
  if (job.takesOver !== true) for (const problem of data.notices) yield { type: 'notice', problem };
  else if (controls.paused) yield { type: 'paused', step };
  if (checkpoint !== undefined && checkpoint.numerics !== engine.info.numerics) {
    yield {
      type: 'notice',
      problem: {
        code: 'training.otherNumerics',
        message: `The run began on "${checkpoint.numerics}" and goes on with "${engine.info.numerics}": results may differ in the last digits from an uninterrupted run.`,
      },
    };
  }

  const factorAt = (at: number) => scheduleFactor(config.schedule, { step: at, stepsPerEpoch, totalSteps }, plateau);
  const rateAt = (at: number) => controls.learningRate * factorAt(at);
  const givenUp = () => stopping !== undefined && stopping.badEpochs >= config.controls.patience;
  if (checkpoint !== undefined && step > 0) recordedRate = rateAt(step - 1);

  while (step < totalSteps && !givenUp()) {
    yield* controls.gate(step, factorAt(step));
    if (controls.stopping && step >= controls.stopStep) break;
    const chunk = await runChunk();
    yield* chunk.records;
    if (chunk.failure !== undefined) raise(chunk.failure);

    if (step % stepsPerEpoch === 0) {
      if (data.parts.validation.length > 0) {
        validation = { step, score: yield* score(data.parts.validation) };
        if (!Number.isFinite(validation.score.loss)) raise(divergence('validation loss', validation.score.loss, step));
        yield record(step, controls.elapsedMs(), curvesOf('validation', validation.score));
      }
      await endEpoch();
      yield await save();
    } else if (controls.elapsedMs() - savedAtMs >= checkpointEveryMs) {
      yield await save();
    } else if (
      job.onSafetyCheckpoint !== undefined &&
      controls.elapsedMs() - safeAtMs >= Math.max(safetyEveryMs, safetyShare * checkpointMs)
    ) {
      job.onSafetyCheckpoint(await makeCheckpoint());
    }
  }

  // A stop asked for from here on finds nothing left to stop.
  const reason = step < totalSteps && !givenUp() ? 'stopped' : 'completed';
  if (reason === 'completed') yield* restoreBest();
  if (savedStep !== step) yield await save();
  // Once more, now with every row's prediction.
  const validationScore = data.parts.validation.length > 0 ? yield* score(data.parts.validation, true) : undefined;
  const trainScore = yield* score(scoredTraining(data), data.parts.validation.length === 0);
  if (!Number.isFinite(trainScore.loss)) raise(divergence('training loss', trainScore.loss, step));
  yield {
    type: 'finished',
    reason,
    step,
    epoch: step / stepsPerEpoch,
    elapsedMs: controls.elapsedMs(),
    train: trainScore,
    ...(validationScore === undefined ? {} : { validation: validationScore }),
  };

  /** Runs as many steps of one program as fit into a chunk; advances `step`. */
  async function runChunk(): Promise<{ records: TrainingRecord[]; failure?: Problem }> {
    const program = stepper.programAt(step);
    const steps = controls.singleStep ? 1 : Math.min(pacer.steps(program), stepper.mostSteps(step));
    const base = controls.learningRate;
    const rate = (at: number) => base * factorAt(at);
    const startMs = controls.elapsedMs();
    const done = await stepper.run(step, steps, rate);
    const durationMs = controls.elapsedMs() - startMs;
    pacer.measured(program, steps, durationMs);
    controls.stepped();

    const records: TrainingRecord[] = [];
    for (const [i, { sums, rowCount }] of done.entries()) {
      const metrics = trainMetrics(sums, rowCount);
      const at = step + i + 1;
      if (!Number.isFinite(metrics['train/loss'])) return { records, failure: divergence('loss', metrics['train/loss']!, at) };
      epochLoss = { sum: epochLoss.sum + metrics['train/loss']!, steps: epochLoss.steps + 1 };
      const learningRate = rate(step + i);
      if (recordedRate !== learningRate) {
        metrics['train/learningRate'] = learningRate;
        recordedRate = learningRate;
      }
      // Steps of one chunk share its time evenly.
      records.push(record(at, startMs + (durationMs * (i + 1)) / steps, metrics));
    }
    step += steps;
    return { records };
  }

  /** What schedule and early stopping learn from an epoch. */
  async function endEpoch(): Promise<void> {
    const score = validation?.step === step ? validation.score : undefined;
    plateau = scheduleAfter(config.schedule, plateau, score?.loss ?? epochLoss.sum / Math.max(1, epochLoss.steps));
    epochLoss = { sum: 0, steps: 0 };
    if (stopping === undefined || score === undefined) return;
    stopping = stoppingAfter(config.controls, stopping, score, step);
    if (stopping.bestStep === step && config.controls.restoreBest) best = await readWeights(engine, lowered);
  }

  /** At the end: back to the weights of the best epoch, where that is wanted. */
  async function* restoreBest(): AsyncGenerator<TrainingEvent> {
    if (stopping === undefined) return;
    const bestEpoch = stopping.bestStep / stepsPerEpoch;
    const restored = best !== undefined && stopping.bestStep !== step;
    if (restored && best !== undefined) {
      await writeSlots(engine, best);
      savedStep = -1;
    }
    if (!givenUp() && !restored) return;
    const ended = givenUp() ? `Training ended early after epoch ${step / stepsPerEpoch}: no improvement since epoch ${bestEpoch}.` : '';
    const kept = restored ? `The weights of epoch ${bestEpoch} are kept.` : '';
    yield { type: 'notice', problem: { code: 'training.earlyStop', message: [ended, kept].filter((part) => part !== '').join(' ') } };
  }

  function record(at: number, elapsedMs: number, metrics: TrainingRecord['metrics']): TrainingRecord {
    return { type: 'record', step: at, epoch: at / stepsPerEpoch, elapsedMs, metrics };
  }

  function trainMetrics(sums: ArrayLike<number>, rowCount: number): Record<string, number> {
    return curvesOf('train', scoreFromSums(taskOf(config.task).answer, names, sums, rowCount, scale));
  }

  /** Scores rows chunk by chunk, listening to commands in between; what a single step asks for is done in one go. */
  async function* score(part: Int32Array, detailed = false): AsyncGenerator<TrainingEvent, PartScore> {
    const now = () => platform.now();
    const scorer = createScorer(engine, lowered, data, part, detailed ? { now, detailed: config } : { now });
    const afterSingleStep = controls.paused;
    while (await scorer.advance()) {
      if (afterSingleStep) await platform.poll();
      else yield* controls.gate(step, factorAt(step));
    }
    return scorer.result();
  }

  async function makeCheckpoint(): Promise<Checkpoint> {
    const startedMs = controls.elapsedMs();
    const slots = withBest(await readCheckpointSlots(engine, lowered), best);
    const elapsedMs = (safeAtMs = controls.elapsedMs());
    checkpointMs = elapsedMs - startedMs;
    const usesEpochLoss = config.schedule.kind === 'plateau' && data.parts.validation.length === 0;
    const remembered = {
      ...(plateau === undefined ? {} : { plateau }),
      ...(usesEpochLoss ? { epochLoss } : {}),
      ...(stopping === undefined ? {} : { stopping }),
    };
    return {
      step,
      epoch: step / stepsPerEpoch,
      elapsedMs,
      numerics: engine.info.numerics,
      learningRate: controls.learningRate,
      ...remembered,
      slots,
    };
  }

  async function save(): Promise<TrainingEvent> {
    const checkpoint = await makeCheckpoint();
    savedStep = step;
    savedAtMs = checkpoint.elapsedMs;
    return { type: 'checkpoint', checkpoint };
  }

  function divergence(what: string, value: number, at: number): Problem {
    const rate = controls.learningRate;
    const smaller = Number((rate / 10).toPrecision(3));
    return {
      code: 'training.diverged',
      message: `The ${what} became ${Number.isNaN(value) ? 'not a number' : 'infinite'} at step ${at} (epoch ${Math.ceil(at / stepsPerEpoch)}) with learning rate ${rate}.`,
      where: { kind: 'config', path: 'optimizer.learningRate' },
      hint: `Train again with a smaller learning rate, such as ${smaller}.`,
      fixes: [{ kind: 'setConfig', label: `Set learning rate ${smaller}`, path: 'optimizer.learningRate', value: smaller }],
    };
  }
}

/** Windows and images to be drawn are many and dear to score: then a share of the training part speaks for all of it. */
function scoredTraining({ task, parts: { train, validation } }: PreparedData): Int32Array {
  const { answer } = tasks[task];
  const isDear = answer === 'values' || answer === 'verdicts' || task === 'nextToken';
  const most = Math.max(validation.length, 2000);
  if (!isDear || train.length <= most) return train;
  return Int32Array.from({ length: most }, (_, i) => train[Math.floor((i * train.length) / most)]!);
}

/** What is drawn while training runs. */
function curvesOf(part: 'train' | 'validation', score: PartScore): Record<string, number> {
  const { loss, accuracy, rmse, exact, discriminatorLoss } = score;
  const curves: Record<string, number> = {};
  for (const [name, value] of Object.entries({ loss, accuracy, rmse, exact, discriminatorLoss })) {
    if (value !== undefined) curves[`${part}/${name}`] = value;
  }
  return curves;
}
