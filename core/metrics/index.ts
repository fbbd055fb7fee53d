/**
 * Metrics from sums: programs append, per step, sums over the step's rows to a ring; the host adds them up in float64
 * and divides here. Regression errors come back in the target's own units.
 */
import type { PreparedRole, TargetScale } from '../data/prepared.ts';
import type { Builder, Value } from '../program/builder.ts';
import { elementCount, range } from '../ops/shapes.ts';
import type { SampleLoss } from '../losses/defineLoss.ts';
import type { Answer } from '../tasks/defineTask.ts';
import type { PartScore } from '../train/records.ts';

/**
 * `loss` Σ loss, `weight` Σ of the weights in it; `correct` right answers and `counted` those that could have been, each
 * sample counting its share of steps or labels; `exact` samples without any mistake; `squaredError` Σ error²,
 * `absoluteError` Σ |error|, both the mean over a sample's numbers, on the training scale; `discriminatorLoss` beside the
 * generator's.
 */
export type StatisticName = 'loss' | 'weight' | 'correct' | 'counted' | 'exact' | 'squaredError' | 'absoluteError' | 'discriminatorLoss';

const namesOfAnswer: { readonly [K in Answer]: readonly StatisticName[] } = {
  classes: ['loss', 'correct'],
  numbers: ['loss', 'squaredError', 'absoluteError'],
  labels: ['loss', 'correct', 'exact'],
  values: ['loss', 'squaredError'],
  verdicts: ['loss', 'discriminatorLoss'],
};

export interface StatisticOptions {
  /** Whether the samples' losses have weights. */
  readonly weighs?: boolean;
  /** The class that does not count, as padding; a sample of steps is then right as a whole or not. */
  readonly ignoreIndex?: number;
}

export function statisticNames(answer: Answer, { weighs = false, ignoreIndex }: StatisticOptions = {}): readonly StatisticName[] {
  const padded: readonly StatisticName[] = answer === 'classes' && ignoreIndex !== undefined ? ['counted', 'exact'] : [];
  return [...namesOfAnswer[answer], ...padded, ...(weighs ? (['weight'] as const) : [])];
}

/** One row of the ring, (k) f32: each statistic summed over the batch, in the order of `statisticNames`. */
export function buildStatistics(
  b: Builder,
  answer: Answer,
  { loss, weight }: SampleLoss,
  prediction: Value,
  target: Value,
  options: StatisticOptions = {},
): Value {
  const all = (x: Value): Value => b.sum(x, range(x.shape.length));
  const perSample = (x: Value): number => elementCount(x.shape.slice(1));
  const { ignoreIndex } = options;
  const counts = ignoreIndex === undefined ? undefined : b.subtract(1, b.binary('equal', target, ignoreIndex));
  const hits = (): Value => {
    const right =
      answer === 'labels'
        ? b.binary('equal', b.binary('less', 0, prediction), target)
        : b.binary('equal', b.argmax(prediction, -1), target);
    return counts === undefined ? right : b.multiply(right, counts);
  };
  const sums: { readonly [K in StatisticName]: () => Value } = {
    loss: () => b.sum(loss, [0]),
    weight: () => b.sum(weight ?? b.constant(1, loss.shape), [0]),
    correct: () => {
      const right = hits();
      return b.divide(all(right), perSample(right));
    },
    counted: () => (counts === undefined ? b.constant(0) : b.divide(all(counts), perSample(counts))),
    exact: () => {
      const right = hits();
      const wanted = counts ?? b.constant(1, right.shape);
      const missed = b.sum(b.subtract(wanted, right), range(right.shape.length).slice(1)); // (B)
      return b.sum(b.binary('equal', missed, 0), [0]);
    },
    squaredError: () => {
      const error = b.unary('square', b.subtract(prediction, target));
      return b.divide(all(error), perSample(error));
    },
    absoluteError: () => {
      const error = b.unary('abs', b.subtract(prediction, target));
      return b.divide(all(error), perSample(error));
    },
    discriminatorLoss: () => b.constant(0),
  };
  return stackStatistics(
    b,
    statisticNames(answer, { ...options, weighs: weight !== undefined }).map((name) => sums[name]()),
  );
}

/** Scalars side by side, (k). */
export function stackStatistics(b: Builder, values: readonly Value[]): Value {
  return b.concat(
    values.map((value) => b.reshape(value, [1])),
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
  answer: Answer,
  names: readonly string[],
  sums: ArrayLike<number>,
  rowCount: number,
  options: ScoreOptions = {},
): PartScore {
  const sumOf = (name: StatisticName): number => sums[names.indexOf(name)] ?? NaN;
  const weight = names.includes('weight') ? sumOf('weight') : rowCount;
  // Where every row is ignored there is nothing to lose.
  const loss = weight > 0 ? sumOf('loss') / weight : 0;
  const exact = names.includes('exact') ? { exact: sumOf('exact') / rowCount } : {};
  if (answer === 'classes' || answer === 'labels') {
    const counted = names.includes('counted') ? sumOf('counted') : rowCount;
    return { loss, accuracy: counted > 0 ? sumOf('correct') / counted : 0, ...exact };
  }
  if (answer === 'verdicts') return { loss, discriminatorLoss: sumOf('discriminatorLoss') / rowCount };
  if (answer === 'values') return { loss, rmse: Math.sqrt(sumOf('squaredError') / rowCount) };
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
