/** Two columns and a target of a data set of the library, read through the calls that its preview uses. */
import type { ColumnInfo, DataSetInfo } from '../../../core/data/dataSet.ts';
import type { PlaneTable } from '../../../core/learn/planeData.ts';
import type { DataPreview } from '../../../electron/contract/calls.ts';
import type { OwnChoice } from './surfaceSettings.ts';

export const maxRows = 2_000;
const stretchRows = 100;
/** As many as there are colours. */
export const maxClasses = 8;

export function numberColumns(info: DataSetInfo): readonly ColumnInfo[] {
  return info.columns.filter(({ type }) => type === 'number');
}

/** Numbers, and categories of 2 to 8 values. */
export function targetColumns(info: DataSetInfo): readonly ColumnInfo[] {
  return info.columns.filter(
    ({ name, type, categories = [] }) =>
      name !== info.partColumn && (type === 'number' || (type === 'category' && categories.length >= 2 && categories.length <= maxClasses)),
  );
}

export function isUsable(info: DataSetInfo): boolean {
  return info.kind === 'table' && numberColumns(info).length >= 2 && targetColumns(info).length >= 1 && info.rowCount >= 10;
}

/** The choice where it fits the data set, else its first columns and its own target. */
export function choiceFor(info: DataSetInfo, { x, y, target }: OwnChoice): OwnChoice {
  const has = (columns: readonly ColumnInfo[], name: string): boolean => columns.some((column) => column.name === name);
  const targets = targetColumns(info);
  const chosen = has(targets, target) ? target : has(targets, info.defaultTarget ?? '') ? info.defaultTarget! : targets.at(-1)!.name;
  const numbers = numberColumns(info);
  const features = numbers.filter(({ name }) => name !== chosen);
  const first = has(numbers, x) ? x : (features[0] ?? numbers[0]!).name;
  const second = has(numbers, y) ? y : (features.find(({ name }) => name !== first) ?? numbers[0]!).name;
  return { dataSet: info.id, x: first, y: second, target: chosen };
}

/** Where the pages that are read begin and how long they are: all of a small table, else stretches spread evenly. */
export function stretches(rowCount: number): { offset: number; count: number }[] {
  if (rowCount <= maxRows) {
    return Array.from({ length: Math.ceil(rowCount / 1000) }, (_, i) => ({ offset: i * 1000, count: Math.min(1000, rowCount - i * 1000) }));
  }
  const count = maxRows / stretchRows;
  return Array.from({ length: count }, (_, i) => ({
    offset: Math.floor((i * (rowCount - stretchRows)) / (count - 1)),
    count: stretchRows,
  }));
}

/** The rows with all three values. `incomplete`: how many lack one. */
export function tableFrom(pages: readonly DataPreview[], choice: OwnChoice): PlaneTable & { readonly incomplete: number } {
  const columns = pages[0]?.columns ?? [];
  const at = (name: string): number => columns.findIndex((column) => column.name === name);
  const [ix, iy, it] = [at(choice.x), at(choice.y), at(choice.target)];
  const classes = columns[it]?.type === 'category' ? (columns[it].categories ?? []) : [];
  const rows = pages.flatMap((page) => page.rows);
  const read = (cell: string | null | undefined): number => (cell === null || cell === undefined || cell === '' ? NaN : Number(cell));
  const complete = rows
    .map(({ cells }) => {
      const cell = cells[it];
      const code = classes.indexOf(cell ?? '');
      return [read(cells[ix]), read(cells[iy]), classes.length === 0 ? read(cell) : code < 0 ? NaN : code] as const;
    })
    .filter((row) => row.every(Number.isFinite));
  return {
    x: Float64Array.from(complete, ([x]) => x),
    y: Float64Array.from(complete, ([, y]) => y),
    targets: Float64Array.from(complete, ([, , target]) => target),
    classes,
    incomplete: rows.length - complete.length,
  };
}
