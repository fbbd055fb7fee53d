/** Measures of scores and their order: ROC-AUC, PR-AUC, top-k. Definitions as scikit-learn's sklearn.metrics. */

/** Indices by falling score. */
function descending(scores: ArrayLike<number>): Uint32Array {
  return Uint32Array.from({ length: scores.length }, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
}

/** Calls back once per different score, from the highest: how many positives and negatives stand at or above it. */
function walk(isPositive: ArrayLike<number>, scores: ArrayLike<number>, at: (positives: number, negatives: number) => void): void {
  const order = descending(scores);
  let positives = 0;
  for (let i = 0; i < order.length; i++) {
    positives += isPositive[order[i]!]! > 0 ? 1 : 0;
    if (i + 1 === order.length || scores[order[i + 1]!] !== scores[order[i]!]) at(positives, i + 1 - positives);
  }
}

/**
 * Area under the receiver operating characteristic: how likely a positive row scores above a negative one, ties by half
 * (Fawcett 2006, An introduction to ROC analysis).
 * @returns undefined where all rows are of one kind
 */
export function rocAuc(isPositive: ArrayLike<number>, scores: ArrayLike<number>): number | undefined {
  let [area, lastPositives, lastNegatives] = [0, 0, 0];
  walk(isPositive, scores, (positives, negatives) => {
    area += ((negatives - lastNegatives) * (positives + lastPositives)) / 2;
    [lastPositives, lastNegatives] = [positives, negatives];
  });
  return lastPositives === 0 || lastNegatives === 0 ? undefined : area / (lastPositives * lastNegatives);
}

/**
 * Area under precision against recall, as average precision: Σ (recall − recall before) · precision.
 * @returns undefined without a positive row
 */
export function averagePrecision(isPositive: ArrayLike<number>, scores: ArrayLike<number>): number | undefined {
  let [area, last] = [0, 0];
  walk(isPositive, scores, (positives, negatives) => {
    area += ((positives - last) * positives) / (positives + negatives);
    last = positives;
  });
  return last === 0 ? undefined : area / last;
}

/** One column of a (rows, classes) table. */
function column(table: ArrayLike<number>, classes: number, c: number): Float64Array {
  return Float64Array.from({ length: table.length / classes }, (_, row) => table[row * classes + c]!);
}

/**
 * The mean over classes of a measure of one against the rest; of two classes, of the second alone.
 * @param probabilities (rows, classes), row by row
 * @returns undefined where a class does not occur, or only it
 */
export function oneAgainstRest(
  measure: (isPositive: ArrayLike<number>, scores: ArrayLike<number>) => number | undefined,
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  classes: number,
): number | undefined {
  const wanted = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
  let total = 0;
  for (const c of wanted) {
    const isClass = Uint8Array.from({ length: truth.length }, (_, row) => (truth[row] === c ? 1 : 0));
    const value = measure(isClass, column(probabilities, classes, c));
    if (value === undefined) return undefined;
    total += value;
  }
  return total / wanted.length;
}

/** The share of rows whose true class is among the k of the highest scores; of equal scores the later class comes first. */
export function topAccuracy(truth: ArrayLike<number>, probabilities: ArrayLike<number>, classes: number, k: number): number {
  let hits = 0;
  for (let row = 0; row < truth.length; row++) {
    const c = truth[row]!;
    const own = probabilities[row * classes + c]!;
    let before = 0;
    for (let other = 0; other < classes; other++) {
      const score = probabilities[row * classes + other]!;
      if (score > own || (score === own && other > c)) before++;
    }
    if (before < k) hits++;
  }
  return hits / truth.length;
}
