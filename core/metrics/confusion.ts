/**
 * Measures of classes predicted, all from the confusion matrix. Definitions and what stands where nothing can be divided
 * (0) as scikit-learn's sklearn.metrics.
 */

/** Rows are true classes, columns predicted ones. */
export type ConfusionMatrix = readonly (readonly number[])[];

export function confusionMatrix(truth: ArrayLike<number>, predicted: ArrayLike<number>, classes: number): number[][] {
  const counts = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
  for (let i = 0; i < truth.length; i++) counts[truth[i]!]![predicted[i]!]! += 1;
  return counts;
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export function accuracy(matrix: ConfusionMatrix): number {
  return share(sum(matrix.map((row, c) => row[c]!)), sum(matrix.map(sum)));
}

/** The mean recall of the classes that occur. */
export function balancedAccuracy(matrix: ConfusionMatrix): number {
  const present = matrix.flatMap((row, c) => (sum(row) > 0 ? [row[c]! / sum(row)] : []));
  return share(sum(present), present.length);
}

export interface ClassScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** True rows of the class. */
  readonly support: number;
}

export function classScores(matrix: ConfusionMatrix): ClassScore[] {
  return matrix.map((row, c) => {
    const hits = row[c]!;
    const support = sum(row);
    const named = sum(matrix.map((other) => other[c]!));
    return { precision: share(hits, named), recall: share(hits, support), f1: share(2 * hits, named + support), support };
  });
}

/** Macro: every class counts the same. Weighted: by its rows. Micro: over all rows together. */
export function averageScores(matrix: ConfusionMatrix, average: 'macro' | 'micro' | 'weighted'): Omit<ClassScore, 'support'> {
  if (average === 'micro') {
    const all = accuracy(matrix);
    return { precision: all, recall: all, f1: all };
  }
  // As in scikit-learn, a class that neither occurs nor is predicted is none.
  const scores = classScores(matrix).filter((score, c) => score.support > 0 || matrix.some((row) => row[c]! > 0));
  const weights = scores.map(({ support }) => (average === 'macro' ? 1 : support));
  const mean = (of: (score: ClassScore) => number): number => share(sum(scores.map((score, i) => of(score) * weights[i]!)), sum(weights));
  return { precision: mean((score) => score.precision), recall: mean((score) => score.recall), f1: mean((score) => score.f1) };
}

/** Matthews correlation for any number of classes (Gorodkin 2004): 1 is perfect, 0 no better than chance. */
export function matthews(matrix: ConfusionMatrix): number {
  const truths = matrix.map(sum);
  const named = matrix.map((_, c) => sum(matrix.map((row) => row[c]!)));
  const rows = sum(truths);
  const hits = sum(matrix.map((row, c) => row[c]!));
  const covariance = hits * rows - sum(truths.map((count, c) => count * named[c]!));
  const spread = (counts: readonly number[]): number => rows ** 2 - sum(counts.map((count) => count ** 2));
  return share(covariance, Math.sqrt(spread(truths) * spread(named)));
}
