/** Scores rows with the weights that stand in the engine's slots: loss and the task's measures, in the target's own units. */
import type { PreparedData } from '../data/prepared.ts';
import type { Engine } from '../engines/engine.ts';
import type { LoweredSession } from '../program/lowerSession.ts';
import { scoreFromSums, targetDeviation } from '../metrics/index.ts';
import { createPredictor, detailFrom, detailOfSequences, wantsPredictions } from './detail.ts';
import { tasks } from '../tasks/index.ts';
import { createPacer } from './pacer.ts';
import type { Checkpoint, PartScore } from './records.ts';
import type { LossConfig } from './runConfig.ts';
import { openSession } from './session.ts';
import type { SessionSource } from './session.ts';

export interface Scorer {
  /** Scores up to a chunk's time more rows; false once none are left. */
  advance(): Promise<boolean>;
  result(): PartScore;
}

export interface ScorerOptions {
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Where given, every row is predicted too, for all that a finished run says of itself. */
  readonly detailed?: { readonly loss: LossConfig };
}

/** A scorer that can be left between two chunks, so that a pause acts during an evaluation too. */
export function createScorer(
  engine: Engine,
  lowered: LoweredSession,
  data: PreparedData,
  rows: Int32Array,
  { now, detailed }: ScorerOptions,
): Scorer {
  const { evaluations } = lowered;
  const { slot, capacity, names } = lowered.evaluateRing;
  const columns = names.length;
  const pacer = createPacer(capacity);
  const sums = new Float64Array(columns);
  const predictor =
    detailed !== undefined && wantsPredictions(data, lowered, rows) ? createPredictor(engine, lowered, rows, now) : undefined;
  let at = 0;

  async function advance(): Promise<boolean> {
    const left = rows.length - at;
    if (left === 0) return predictor === undefined ? false : predictor.advance();
    // Whole batches first; what remains runs as single rows, so one tail program serves every part.
    const program = evaluations.find(({ batchSize }) => batchSize <= left);
    if (program === undefined) throw new Error('No program scores single rows.');
    const size = program.batchSize;
    const steps = Math.min(pacer.steps(program.name), Math.floor(left / size));
    const startedAt = now();
    await resetRing(engine, slot);
    await engine.run(program.name, { steps, firstStep: 0, rows: rows.subarray(at, at + steps * size) });
    const ring = await engine.read(slot, 0, steps * columns);
    pacer.measured(program.name, steps, now() - startedAt);
    for (let i = 0; i < steps * columns; i++) sums[i % columns]! += ring[i]!;
    at += steps * size;
    return at < rows.length || predictor !== undefined;
  }

  const result = (): PartScore => {
    const score = scoreFromSums(tasks[data.task].answer, names, sums, rows.length, {
      ...(data.targetScale === undefined ? {} : { targetScale: data.targetScale }),
      ...(data.task === 'regression' ? { targetDeviation: targetDeviation(data.target, rows) } : {}),
    });
    return {
      ...score,
      ...(detailed === undefined ? {} : detailOfSequences(data, detailed.loss, score.loss)),
      ...(predictor === undefined ? {} : detailFrom(data, rows, predictor.predictions)),
    };
  };
  return { advance, result };
}

/** Scores one part with a checkpoint's weights, in a session of its own. */
export async function scorePart(
  source: SessionSource & { readonly checkpoint: Checkpoint; readonly part: keyof PreparedData['parts']; readonly now: () => number },
): Promise<PartScore> {
  const lowered = await openSession(source, source.checkpoint);
  const scorer = createScorer(source.engine, lowered, source.data, source.data.parts[source.part], {
    now: source.now,
    detailed: source.config,
  });
  while (await scorer.advance());
  return scorer.result();
}

/** Writing a ring slot sets its cursor to the first row. */
export async function resetRing(engine: Engine, slot: string): Promise<void> {
  await engine.write(slot, nothing);
}

const nothing = new Float32Array(0);
