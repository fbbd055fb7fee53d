/**
 * Metrics from sums: programs append, per step, sums over the step's rows to a ring; the host adds them up in float64
 * and divides here. Regression errors come back in the target's own units.
 */
import type { Task } from '../data/dataSet.ts';
import type { PreparedRole, TargetScale } from '../data/prepared.ts';
import type { Builder, Value } from '../program/builder.ts';
import { elementCount, range } from '../ops/shapes.ts';
import type { SampleLoss } from '../losses/defineLoss.ts';
import type { PartScore } from '../train/records.ts';

/**
 * `loss` Σ loss, `weight` Σ of the weights in it, `correct` count, `squaredError` Σ error², `absoluteError` Σ |error|, both
 * on the training scale.
 */
export type StatisticName = 'loss' | 'weight' | 'correct' | 'squaredError' | 'absoluteError';

const namesOfTask: { readonly [K in Task]: readonly StatisticName[] } = {
  classification: ['loss', 'correct'],
  regression: ['loss', 'squaredError', 'absoluteError'],
};

/** @param weighs whether the samples' losses have weights */
export function statisticNames(task: Task, weighs = false): readonly StatisticName[] {
  return weighs ? [...namesOfTask[task], 'weight'] : namesOfTask[task];
}

/** One row of the ring, (k) f32: each statistic summed over the batch, in the order of `statisticNames`. */
export function buildStatistics(b: Builder, task: Task, { loss, weight }: SampleLoss, prediction: Value, target: Value): Value {
  const sums: { readonly [K in StatisticName]: () => Value } = {
    loss: () => b.sum(loss, [0]),
    weight: () => b.sum(weight ?? b.constant(1, loss.shape), [0]),
    // Of the time steps of a sequence each counts its share.
    correct: () => {
      const hits = b.binary('equal', b.argmax(prediction, -1), target);
      return b.divide(b.sum(hits, range(hits.shape.length)), elementCount(hits.shape.slice(1)));
    },
    squaredError: () => b.sum(b.unary('square', b.subtract(prediction, target)), [0, 1]),
    absoluteError: () => b.sum(b.unary('abs', b.subtract(prediction, target)), [0, 1]),
  };
  return b.concat(
    statisticNames(task, weight !== undefined).map((name) => b.reshape(sums[name](), [1])),
    0,
  );
}

export interface ScoreOptions {
  readonly targetScale?: TargetScale;
  /** Σ (y − mean y)² of the scored rows on the training scale, for R². */
  readonly targetDeviation?: number;
}

/**
 * @param sums one per name, each over `rowCount` rows
 */
export function scoreFromSums(
  task: Task,
  names: readonly string[],
  sums: ArrayLike<number>,
  rowCount: number,
  options: ScoreOptions = {},
): PartScore {
  const sumOf = (name: StatisticName): number => sums[names.indexOf(name)] ?? NaN;
  const weight = names.includes('weight') ? sumOf('weight') : rowCount;
  // Where every row is ignored there is nothing to lose.
  const loss = weight > 0 ? sumOf('loss') / weight : 0;
  if (task === 'classification') return { loss, accuracy: sumOf('correct') / rowCount };
  const scale = Math.abs(options.targetScale?.scale ?? 1);
  const squaredError = sumOf('squaredError');
  return {
    loss,
    rmse: scale * Math.sqrt(squaredError / rowCount),
    mae: scale * (sumOf('absoluteError') / rowCount),
    // A constant target leaves nothing to explain: R² is then not defined.
    ...(options.targetDeviation === undefined || options.targetDeviation === 0 ? {} : { r2: 1 - squaredError / options.targetDeviation }),
  };
}

/** Σ (y − mean y)² over the given rows of a number target, on the training scale. */
export function targetDeviation(target: PreparedRole, rows: ArrayLike<number>): number {
  const { values } = target;
  let mean = 0;
  for (let i = 0; i < rows.length; i++) mean += (values[rows[i] ?? 0] ?? 0) / rows.length;
  let sum = 0;
  for (let i = 0; i < rows.length; i++) sum += ((values[rows[i] ?? 0] ?? 0) - mean) ** 2;
  return sum;
}
