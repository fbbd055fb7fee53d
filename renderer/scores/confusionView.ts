/** What a confusion matrix says: its cells as shown, each class's scores in the wanted order, the weakest class, the commonest mistake. */
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import { classScores, type ConfusionMatrix } from '../../core/metrics/confusion.ts';
import type { RunDetails } from '../../electron/contract/calls.ts';

export interface CellPlace {
  readonly row: number;
  readonly column: number;
}

export interface ClassRow {
  readonly name: string;
  /** Its place in the matrix. */
  readonly index: number;
  /** Undefined where no row was given this class. */
  readonly precision: number | undefined;
  /** Undefined where no row is of this class. */
  readonly recall: number | undefined;
  readonly f1: number | undefined;
  readonly support: number;
}

export type ClassColumn = 'name' | 'precision' | 'recall' | 'f1' | 'support';

export interface ClassSort {
  readonly column: ClassColumn;
  readonly descending: boolean;
}

/** Whether any part of a finished run has a matrix. */
export function hasClasses({ scores }: Pick<RunDetails, 'scores'>): boolean {
  return Object.values(scores).some((score) => score.confusion !== undefined);
}

/** Names of the target's categories; numbers where the data set is gone or has other classes by now. */
export function classNames(info: Pick<DataSetInfo, 'columns'> | undefined, target: string | undefined, count: number): readonly string[] {
  const categories = info?.columns.find((column) => column.name === target)?.categories;
  return categories?.length === count ? categories : Array.from({ length: count }, (_, c) => String(c));
}

/** Of the rows of its true class. */
export function shareOf(matrix: ConfusionMatrix, { row, column }: CellPlace): number {
  const support = total(matrix[row]!);
  return support === 0 ? 0 : matrix[row]![column]! / support;
}

/** The class of a cell's colour: twentieths, from 1 where there is anything at all. */
export function heatOf(share: number): string | undefined {
  return share === 0 ? undefined : `h${Math.ceil(share * 20 - 1e-9)}`;
}

/** A share in whole percents that is 0 and 100 only where it is exactly that; nothing for an empty cell. */
export function shareText(share: number): string {
  if (share === 0) return '';
  if (share < 0.01) return '<1';
  return String(share < 1 ? Math.min(99, Math.round(share * 100)) : 100);
}

/** A count in at most four characters: `987`, `1.2k`, `45k`. */
export function countText(count: number): string {
  if (count === 0) return '';
  if (count < 1000) return String(count);
  return count < 9950 ? `${(count / 1000).toFixed(1)}k` : `${Math.round(count / 1000)}k`;
}

/** The cell beside the diagonal with the largest share of its true class; undefined where there is no mistake. */
export function commonestMistake(matrix: ConfusionMatrix): CellPlace | undefined {
  let worst: CellPlace | undefined;
  matrix.forEach((counts, row) =>
    counts.forEach((count, column) => {
      if (row === column || count === 0) return;
      const place = { row, column };
      if (worst === undefined || shareOf(matrix, place) > shareOf(matrix, worst)) worst = place;
    }),
  );
  return worst;
}

export function classRows(matrix: ConfusionMatrix, names: readonly string[]): ClassRow[] {
  return classScores(matrix).map(({ precision, recall, f1, support }, index) => {
    const predicted = total(matrix.map((row) => row[index]!));
    return {
      name: names[index] ?? String(index),
      index,
      precision: predicted === 0 ? undefined : precision,
      recall: support === 0 ? undefined : recall,
      f1: predicted + support === 0 ? undefined : f1,
      support,
    };
  });
}

/** The class that occurs and has the lowest F1; undefined where all are perfect or there is only one. */
export function weakestClass(rows: readonly ClassRow[]): ClassRow | undefined {
  const present = rows.filter(({ support }) => support > 0);
  if (present.length < 2) return undefined;
  const weakest = present.reduce((low, row) => (row.f1! < low.f1! ? row : low));
  return weakest.f1 === 1 ? undefined : weakest;
}

/** A new array; classes without the value stand last, equals in the order of the matrix. */
export function sortClasses(rows: readonly ClassRow[], { column, descending }: ClassSort): ClassRow[] {
  const sign = descending ? -1 : 1;
  return [...rows].sort((a, b) => {
    // Names stand in the order of their classes, which may be ordinal.
    const [left, right] = column === 'name' ? [a.index, b.index] : [a[column], b[column]];
    if (left === right) return a.index - b.index;
    if (left === undefined) return 1;
    return right === undefined ? -1 : sign * (left - right);
  });
}

/** The same column turns round; scores start with the lowest, which is what one looks for, rows with the most. */
export function nextClassSort(sort: ClassSort, column: ClassColumn): ClassSort {
  return sort.column === column ? { column, descending: !sort.descending } : { column, descending: column === 'support' };
}

/** Where an arrow key, Home or End leads; undefined for any other key. Ctrl goes to the very first or last cell. */
export function moveCell({ row, column }: CellPlace, key: string, ctrl: boolean, classes: number): CellPlace | undefined {
  const keep = (at: number): number => Math.min(classes - 1, Math.max(0, at));
  const moves: Readonly<Record<string, CellPlace>> = {
    ArrowLeft: { row, column: column - 1 },
    ArrowRight: { row, column: column + 1 },
    ArrowUp: { row: row - 1, column },
    ArrowDown: { row: row + 1, column },
    Home: { row: ctrl ? 0 : row, column: 0 },
    End: { row: ctrl ? classes - 1 : row, column: classes - 1 },
  };
  const moved = Object.hasOwn(moves, key) ? moves[key] : undefined;
  return moved && { row: keep(moved.row), column: keep(moved.column) };
}

/** The widest cells that fit, in pixels. To have their numbers, which are read from 24 on, they may be higher than there is room; below 14 it scrolls. */
export function cellSize(room: { readonly width: number; readonly height: number }, classes: number): number {
  const highest = Math.max(narrowestWithText, room.height / classes);
  return Math.floor(Math.min(largest, Math.max(smallest, Math.min(room.width / classes, highest))));
}
const smallest = 14;
const largest = 36;
/** Cells that are narrower show their colour alone. */
export const narrowestWithText = 24;

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);
