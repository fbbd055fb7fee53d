/**
 * Decides what a column is (number, category, text), which columns a person would leave out, and which one to
 * predict. Everything here is a suggestion that the user can change.
 */
import type { Column, ColumnInfo, ColumnType } from './dataSet.ts';

/** More distinct values than this make a text column instead of a category. */
export const maxCategories = 500;

/** Rows a stored column holds. */
export function rowCountOf(column: Column): number {
  switch (column.type) {
    case 'number':
    case 'category':
    case 'text':
      return column.values.length;
    case 'image':
      return column.values.length / (column.info.imageShape ?? [1]).reduce((product, size) => product * size, 1);
    case 'vector':
      return column.values.length / (column.info.vectorSize ?? 1);
    case 'graph':
      return column.values.nodeCounts.length;
    default:
      return column satisfies never;
  }
}

/** Number columns count their distinct values up to here; above it `ColumnInfo.distinct` is absent. */
export const maxCountedDistinct = 1000;

/** Below this many rows all-distinct values say nothing about a column. */
const fewRows = 20;

/** Category or text, for a column whose cells are not all numbers. */
export function textColumnType(distinct: number, present: number, allDates: boolean): 'category' | 'text' {
  if (allDates || distinct > maxCategories) return 'text';
  if (present > fewRows && distinct * 2 > present) return 'text';
  return 'category';
}

const idName = /^(?:id|index|idx|row|row ?(?:id|number|names?)|uuid|guid|key|.*[ _-]id)$/i;

/** Why a column should not be used as an input, or nothing. */
export function reasonToLeaveOut(column: ColumnInfo, rowCount: number): string | undefined {
  if (column.missing === rowCount) return 'no values';
  if (column.type === 'text') return 'text';
  if (column.type === 'number' && rowCount >= fewRows && isRowNumber(column, rowCount)) return 'numbers every row';
  if (column.type === 'number' && idName.test(column.name) && column.integers === true && isAllDistinct(column, rowCount))
    return 'identifies every row';
  return undefined;
}

/** Whole numbers n, n+1, ..., each once. */
function isRowNumber(column: ColumnInfo, rowCount: number): boolean {
  if (column.integers !== true || column.missing > 0 || column.range === undefined) return false;
  return isAllDistinct(column, rowCount) && column.range.max - column.range.min === rowCount - 1;
}

function isAllDistinct(column: ColumnInfo, rowCount: number): boolean {
  // Above the counting limit the reader sets `increasing` only while every value exceeds the one before it.
  return column.distinct === undefined ? column.increasing === true : column.distinct === rowCount - column.missing;
}

/** A number column with few whole values, such as 0 and 1 or the digits 0 to 9, names classes rather than amounts. */
export function looksLikeClasses(column: ColumnInfo, rowCount: number): boolean {
  if (column.type !== 'number' || column.integers !== true || column.distinct === undefined || column.range === undefined) return false;
  if (column.distinct < 2 || column.distinct > 20) return false;
  const gapless = column.range.max - column.range.min + 1 === column.distinct;
  const startsLikeLabels = column.range.min >= -1 && column.range.min <= 1;
  if (column.distinct === 2) return rowCount - column.missing >= 4;
  return gapless && startsLikeLabels && rowCount - column.missing >= 5 * column.distinct;
}

/** The type a column takes when it becomes the target and the user has not chosen one. */
export function targetType(column: ColumnInfo, rowCount: number): ColumnType {
  return looksLikeClasses(column, rowCount) ? 'category' : column.type;
}

/** The same column with each different number as a category, in ascending order. */
export function asCategories(column: Extract<Column, { type: 'number' }>): Extract<Column, { type: 'category' }> {
  const numbers = [...new Set(column.values)].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
  const codeOf = new Map(numbers.map((value, code) => [value, code]));
  const { name, missing } = column.info;
  const categories = numbers.map(String);
  const codes = new Int32Array(column.values.length);
  for (let row = 0; row < codes.length; row++) codes[row] = codeOf.get(column.values[row]!) ?? -1;
  return {
    info: { name, type: 'category', missing, distinct: categories.length, categories },
    type: 'category',
    values: codes,
  };
}

const targetNames: readonly string[] = [
  'target',
  'label',
  'labels',
  'class',
  'classes',
  'y',
  'outcome',
  'output',
  'result',
  'species',
  'diagnosis',
  'category',
  'price',
  'medv',
  'quality',
  'survived',
  'churn',
];

/** The column a person most likely wants to predict: by name, else the last one that varies. */
export function suggestTarget(columns: readonly ColumnInfo[], rowCount: number): string {
  const usable = columns.filter((column) => canBeTarget(column) && reasonToLeaveOut(column, rowCount) === undefined);
  for (const name of targetNames) {
    const found = usable.find((column) => column.name.toLowerCase().trim() === name);
    if (found) return found.name;
  }
  return usable.at(-1)?.name ?? columns.at(-1)?.name ?? '';
}

/** A target needs a type that can be predicted and at least two different values. */
export function canBeTarget(column: ColumnInfo): boolean {
  if (column.type === 'category') return (column.categories?.length ?? 0) >= 2;
  if (column.type === 'number') return column.range !== undefined && column.range.max > column.range.min;
  return false;
}
