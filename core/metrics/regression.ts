/** Measures of predicted numbers; definitions as scikit-learn's sklearn.metrics. */

export interface RegressionScores {
  readonly mse: number;
  readonly rmse: number;
  readonly mae: number;
  /** Undefined where the target is constant: nothing is left to explain. */
  readonly r2: number | undefined;
  /** Mean of |error| ÷ |true value|, which is kept from 0 by 2⁻⁵². */
  readonly mape: number;
}

export function regressionScores(truth: ArrayLike<number>, predicted: ArrayLike<number>): RegressionScores {
  const count = truth.length;
  let [squares, sizes, shares, mean] = [0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    const error = predicted[i]! - truth[i]!;
    squares += error ** 2;
    sizes += Math.abs(error);
    shares += Math.abs(error) / Math.max(Math.abs(truth[i]!), Number.EPSILON);
    mean += truth[i]! / count;
  }
  let deviation = 0;
  for (let i = 0; i < count; i++) deviation += (truth[i]! - mean) ** 2;
  return {
    mse: squares / count,
    rmse: Math.sqrt(squares / count),
    mae: sizes / count,
    r2: deviation === 0 ? undefined : 1 - squares / deviation,
    mape: shares / count,
  };
}
