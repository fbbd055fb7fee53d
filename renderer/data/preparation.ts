/** Reading and changing how a run config splits and prepares the data, as pure functions. */
import type { ColumnInfo, Task } from '../../core/data/dataSet.ts';
import type { ColumnPreparation, GapFill, RunConfig, Scaling, SplitConfig } from '../../core/train/runConfig.ts';

/** Least share that is left for training. */
export const leastTraining = 0.05;

/** The other parts keep their share; training takes what is left. Undefined where too little would be left. */
export function withShare(split: SplitConfig, part: 'validation' | 'test', share: number): SplitConfig | undefined {
  const other = part === 'validation' ? split.test : split.validation;
  const train = round(1 - share - other);
  if (!(share >= 0) || train < leastTraining) return undefined;
  return { ...split, train, [part]: share };
}

const round = (share: number): number => Math.round(share * 1e6) / 1e6;

export function withColumn(config: RunConfig, column: string, preparation: ColumnPreparation): RunConfig {
  return { ...config, preparation: { ...config.preparation, columns: { ...config.preparation.columns, [column]: preparation } } };
}

/** What gaps of a column can be filled with. */
export function gapFillsFor(column: ColumnInfo): readonly GapFill[] {
  return column.type === 'category' ? ['mostFrequent', 'ownCategory'] : ['mean', 'median', 'mostFrequent'];
}

export const scalings: readonly Scaling[] = ['standardise', 'minMax', 'none'];

export function unusedColumns(
  columns: readonly ColumnInfo[],
  preparation: (column: ColumnInfo) => ColumnPreparation,
  target: string,
): Set<string> {
  return new Set(
    columns.filter((column) => column.name !== target && (column.type === 'text' || !preparation(column).use)).map((column) => column.name),
  );
}

/** Columns that can be predicted: numbers and categories with at least two values; texts where texts are written. */
export function targetChoices(columns: readonly ColumnInfo[], task: Task = 'classification'): ColumnInfo[] {
  if (task === 'sequenceToSequence') return columns.filter(({ alphabet }) => alphabet !== undefined);
  return columns.filter(
    (column) =>
      (column.type === 'number' || column.type === 'category') && (column.categories === undefined || column.categories.length > 1),
  );
}
