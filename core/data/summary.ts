/** Distribution of one column, for its small histogram. */
import type { Column } from './dataSet.ts';
import { medianOf } from './fit.ts';

export interface ColumnDistribution {
  readonly column: string;
  readonly missing: number;
  readonly distinct: number;
  readonly mean?: number;
  readonly median?: number;
  readonly standardDeviation?: number;
  /** Half-open intervals, the last one closed. */
  readonly bins?: readonly { readonly from: number; readonly to: number; readonly count: number }[];
  /** Most frequent first. */
  readonly counts?: readonly { readonly category: string; readonly count: number }[];
}

const maxBins = 24;
const maxTextCounts = 10;

export function summariseColumn(column: Column): ColumnDistribution {
  const base = { column: column.info.name, missing: column.info.missing };
  switch (column.type) {
    case 'number':
      return { ...base, ...summariseNumbers(column.values) };
    case 'category': {
      const categories = column.info.categories ?? [];
      const counts = new Array<number>(categories.length).fill(0);
      for (const code of column.values) if (code >= 0) counts[code]!++;
      const sorted = sortCounts(categories.map((category, code) => ({ category, count: counts[code]! })));
      return { ...base, distinct: sorted.filter(({ count }) => count > 0).length, counts: sorted };
    }
    case 'text': {
      const counts = new Map<string, number>();
      for (const text of column.values) if (text !== '') counts.set(text, (counts.get(text) ?? 0) + 1);
      const sorted = sortCounts([...counts].map(([category, count]) => ({ category, count })));
      return { ...base, distinct: counts.size, counts: sorted.slice(0, maxTextCounts) };
    }
    case 'image':
      return { ...base, ...summarisePixels(column.values) };
    case 'vector':
      return { ...base, ...summariseNumbers(Float64Array.from(column.values)) };
    case 'graph':
      // Graphs are told apart by their size: how many nodes each has.
      return { ...base, ...summariseNumbers(Float64Array.from(column.values.nodeCounts)) };
    default:
      return column satisfies never;
  }
}

function sortCounts(counts: { category: string; count: number }[]): { category: string; count: number }[] {
  // The sort is stable: equal counts keep the order of the categories.
  return counts.sort((a, b) => b.count - a.count);
}

function summariseNumbers(values: Float64Array): Omit<ColumnDistribution, 'column' | 'missing'> {
  const present = values.filter((value) => !Number.isNaN(value)).sort();
  const count = present.length;
  if (count === 0) return { distinct: 0 };
  let distinct = 1;
  let whole = true;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += present[i]!;
    if (i > 0 && present[i] !== present[i - 1]) distinct++;
    if (!Number.isInteger(present[i])) whole = false;
  }
  const mean = sum / count;
  let squares = 0;
  for (const value of present) squares += (value - mean) ** 2;
  return {
    distinct,
    mean,
    median: medianOf(present),
    standardDeviation: Math.sqrt(squares / count),
    bins: histogram(present, distinct, whole),
  };
}

/** Few whole values get a bin each, centred on the value; else bins of equal width, more of them for more rows (Sturges 1926). */
function histogram(sorted: Float64Array, distinct: number, whole: boolean): { from: number; to: number; count: number }[] {
  const min = sorted[0]!;
  const max = sorted[sorted.length - 1]!;
  if (min === max) return [{ from: min, to: max, count: sorted.length }];
  const centred = whole && distinct > 1 && max - min < maxBins;
  const from = centred ? min - 0.5 : min;
  const bins = centred ? max - min + 1 : Math.min(maxBins, Math.max(5, Math.ceil(2 * Math.log2(sorted.length) + 1)));
  const width = centred ? 1 : (max - min) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const value of sorted) counts[Math.min(bins - 1, Math.floor((value - from) / width))]!++;
  return counts.map((count, i) => ({ from: from + i * width, to: i === bins - 1 && !centred ? max : from + (i + 1) * width, count }));
}

/** Gray levels of all pixels in 16 equal bins. */
function summarisePixels(values: Uint8Array): Omit<ColumnDistribution, 'column' | 'missing'> {
  const levels = new Array<number>(256).fill(0);
  for (const value of values) levels[value]!++;
  const bins = Array.from({ length: 16 }, (_, i) => ({
    from: 16 * i,
    to: 16 * (i + 1),
    count: levels.slice(16 * i, 16 * (i + 1)).reduce((sum, n) => sum + n, 0),
  }));
  let sum = 0;
  let squares = 0;
  levels.forEach((n, level) => {
    sum += n * level;
    squares += n * level * level;
  });
  const count = values.length || 1;
  const mean = sum / count;
  let below = 0;
  const median = levels.findIndex((n) => (below += n) >= count / 2);
  return {
    distinct: levels.filter((n) => n > 0).length,
    mean,
    median,
    standardDeviation: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    bins,
  };
}
