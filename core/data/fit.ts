/**
 * Fits one column on the training rows: scaling, categories, what fills gaps. `encoding.ts` applies what was fitted.
 * Nothing outside the training rows has any influence on what is fitted.
 */
import type { Column } from './dataSet.ts';
import type { FeatureEncoding } from './encoding.ts';
import type { PlannedColumn } from './features.ts';
import type { Scaling } from '../train/runConfig.ts';
import type { Problem } from '../problem.ts';

export interface Fitted {
  readonly encoding: FeatureEncoding;
  /** For display. */
  readonly becomes: string;
  readonly notices: readonly Problem[];
}

export type NumberColumn = Extract<Column, { type: 'number' }>;
export type CategoryColumn = Extract<Column, { type: 'category' }>;

export interface Scale {
  readonly shift: number;
  readonly scale: number;
  readonly constant: boolean;
  /** `standardised: mean 43.92, deviation 5.46` */
  readonly text: string;
}

/** The values that the rows have. */
export function presentValues(values: Float64Array, rows: Int32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = values[rows[i]!]!;
    if (!Number.isNaN(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}

/** stored = (own − shift) ÷ scale; a constant column has scale 1 and becomes 0. */
export function fitScale(present: Float64Array, scaling: Scaling): Scale {
  if (scaling === 'none') return { shift: 0, scale: 1, constant: false, text: 'as it is' };
  if (present.length === 0) return { shift: 0, scale: 1, constant: true, text: 'always 0' };
  if (scaling === 'minMax') {
    let min = Infinity;
    let max = -Infinity;
    for (const value of present) {
      if (value < min) min = value;
      if (value > max) max = value;
    }
    const constant = min === max;
    return { shift: min, scale: constant ? 1 : max - min, constant, text: `scaled to 0–1: minimum ${show(min)}, maximum ${show(max)}` };
  }
  const mean = meanOf(present);
  let squares = 0;
  for (const value of present) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / present.length);
  // Rounding leaves a deviation of about 1e-16 × mean where all values are equal.
  const constant = deviation <= 1e-12 * Math.max(1, Math.abs(mean));
  return { shift: mean, scale: constant ? 1 : deviation, constant, text: `standardised: mean ${show(mean)}, deviation ${show(deviation)}` };
}

export function fitNumber(column: NumberColumn, planned: PlannedColumn, trainRows: Int32Array): Fitted {
  const { name } = column.info;
  const { gaps, scaling } = planned.preparation;
  const present = presentValues(column.values, trainRows);
  const { shift, scale, constant, text } = fitScale(present, scaling);
  const gapFeature = planned.width === 2;
  const fill =
    present.length === 0
      ? shift
      : gaps === 'median'
        ? medianOf(present)
        : gaps === 'mostFrequent'
          ? mostFrequentOf(present)
          : meanOf(present);
  const missing = column.info.missing;
  const notices: Problem[] = [];
  if (present.length === 0) {
    notices.push({
      code: 'prepare.allGaps',
      message: `Column "${name}" has no value in any training row, so it becomes 0 everywhere.`,
      where: { kind: 'column', column: name },
      hint: 'Leave it out.',
    });
  } else if (constant) {
    notices.push({
      code: 'prepare.constant',
      message: `Column "${name}" has the same value, ${show(present[0]!)}, in every training row, so it tells nothing.`,
      where: { kind: 'column', column: name },
      hint: 'Leave it out.',
    });
  }
  const fillName = gaps === 'mostFrequent' ? 'most frequent value' : gaps === 'median' ? 'median' : 'mean';
  const gapText =
    missing === 0
      ? ''
      : `; ${countGaps(missing)} filled with the ${fillName} ${show(fill)}${gapFeature ? ' and marked in a feature of their own' : ''}`;
  return {
    becomes: constant ? `constant: always 0${gapText}` : text + gapText,
    notices,
    encoding: { kind: 'number', shift, scale: constant ? 0 : scale, fill, gapFeature },
  };
}

/** As it is: bags of words, indicators and embeddings keep their zeros and lengths. */
export function fitVector({ width }: PlannedColumn): Fitted {
  return {
    becomes: `${width} ${width === 1 ? 'number' : 'numbers'} as they are`,
    notices: [],
    encoding: { kind: 'vector', width },
  };
}

/** One-hot; a category that no training row has becomes all zeros, a gap its own category or the most frequent one. */
export function fitCategory(column: CategoryColumn, planned: PlannedColumn, trainRows: Int32Array): Fitted {
  const { name, missing } = column.info;
  const categories = column.info.categories ?? [];
  const counts = new Int32Array(categories.length);
  for (const row of trainRows) if (column.values[row]! >= 0) counts[column.values[row]!]!++;
  const seen = counts.reduce((n, count) => n + (count > 0 ? 1 : 0), 0);
  const mostFrequent = counts.indexOf(Math.max(...counts));
  const ownCategory = planned.preparation.gaps === 'ownCategory';
  const gapAt = ownCategory ? categories.length : mostFrequent;
  const unseen = categories.length - seen;
  const notices: Problem[] = [];
  if (seen <= 1 && !(ownCategory && missing > 0)) {
    notices.push({
      code: 'prepare.constant',
      message: `Column "${name}" has ${seen === 0 ? 'no value' : `the same value, "${categories[mostFrequent]}",`} in every training row, so it tells nothing.`,
      where: { kind: 'column', column: name },
      hint: 'Leave it out.',
    });
  }
  const becomes =
    `one-hot: ${categories.length} ${categories.length === 1 ? 'category' : 'categories'}` +
    (unseen > 0 ? `, ${unseen} of them in no training row and therefore all zeros` : '') +
    (missing === 0
      ? ''
      : ownCategory
        ? `; ${countGaps(missing)} as a category of their own`
        : `; ${countGaps(missing)} filled with the most frequent, "${categories[mostFrequent] ?? ''}"`);
  return {
    becomes,
    notices,
    encoding: { kind: 'category', categories, seen: Array.from(counts, (count) => count > 0), gapAt, width: planned.width },
  };
}

export function meanOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

export function medianOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The smallest of the most frequent values. */
function mostFrequentOf(values: Float64Array): number {
  const sorted = values.slice().sort();
  let best = sorted[0]!;
  let bestCount = 0;
  for (let from = 0; from < sorted.length;) {
    let to = from;
    while (to < sorted.length && sorted[to] === sorted[from]) to++;
    if (to - from > bestCount) {
      best = sorted[from]!;
      bestCount = to - from;
    }
    from = to;
  }
  return best;
}

function countGaps(missing: number): string {
  return missing === 1 ? '1 gap' : `${missing} gaps`;
}

/** Four significant digits, without an exponent where a person would not write one. */
export function show(value: number): string {
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e7 || magnitude < 1e-3) return value.toExponential(2);
  return String(Number(magnitude >= 1e4 ? value.toFixed(0) : value.toPrecision(4)));
}
