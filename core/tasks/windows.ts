/**
 * Tasks over rows in order, as of a text or a time series: a sample is a window of neighbouring rows, stored nowhere: the
 * program gathers it from the rows. The parts follow one another in time, so that nothing is learned from what comes later.
 */
import type { Column, ColumnInfo, DataRole, DataSet, Task } from '../data/dataSet.ts';
import type { PlannedInputs } from '../data/inputRoles.ts';
import type { PreparedRole } from '../data/prepared.ts';
import { checkParts, checkShares, type SplitParts } from '../data/split.ts';
import { batchDim, dim, type Shape } from '../graph/shape.ts';
import { raise, type Problem } from '../problem.ts';
import type { SplitConfig } from '../train/runConfig.ts';

export interface WindowPlan {
  /** Rows of a window, what is to be predicted included. */
  readonly length: number;
  /** Rows before the first that is predicted: these may lie in the part before, as what has happened is known. */
  readonly known: number;
  /** Rows from the start of one training window to that of the next. */
  readonly stride: number;
  /** The same where windows are scored. */
  readonly scoreStride: number;
}

/** First rows of the windows of each part. */
export function splitWindows(
  dataSet: DataSet,
  split: SplitConfig,
  plan: WindowPlan,
  notices: Problem[],
): SplitParts & { readonly trainRows: Int32Array } {
  const { rowCount, testFrom } = dataSet.info;
  checkShares(split, testFrom !== undefined);
  const free = testFrom ?? rowCount;
  const trainTo = Math.round(free * split.train);
  const validationTo = testFrom === undefined ? Math.round(free * (split.train + split.validation)) : free;
  const { length, known, stride, scoreStride } = plan;
  const starts = (from: number, to: number, step: number): Int32Array => {
    const first = Math.max(0, from - known);
    const count = Math.max(0, Math.floor((to - length - first) / step) + 1);
    return Int32Array.from({ length: count }, (_, i) => first + i * step);
  };
  const parts = {
    train: starts(0, trainTo, stride),
    validation: starts(trainTo, validationTo, scoreStride),
    test: starts(validationTo, rowCount, scoreStride),
  };
  if (parts.train.length === 0) {
    raise({
      code: 'window.tooLong',
      message: `A sample takes ${length} rows in a row, expected at most the ${trainTo} rows of the training part.`,
      where: { kind: 'config', path: 'task' },
      hint: 'Choose fewer steps or bring more rows.',
    });
  }
  checkParts(parts, split, testFrom !== undefined, rowCount, notices);
  return { ...parts, trainRows: Int32Array.from({ length: trainTo }, (_, row) => row) };
}

/** Codes of a category column with a row per step; a gap counts as the first category. */
export function codesOf(column: Column): Int32Array {
  if (column.type !== 'category') throw new Error(`column "${column.info.name}" of type ${column.type} has no codes`);
  return column.values.map((code) => Math.max(code, 0));
}

export function tokensRole(column: ColumnInfo, kind: DataRole['kind'], steps: number, task: Task): DataRole {
  const names = column.categories ?? [];
  const shape: Shape = kind === 'input' ? [batchDim, dim('T', steps)] : [batchDim, dim('T', steps), dim('F', names.length)];
  return {
    name: column.name,
    kind,
    shape,
    ...(kind === 'target' ? { task } : {}),
    classNames: names,
    description: kind === 'input' ? `${steps} of ${names.length} kinds` : `${names.length} classes per step`,
  };
}

/** The used columns of `steps` rows, (B, T, F). */
export function sequenceRole({ features }: PlannedInputs, width: number, steps: number): DataRole {
  const columns = features?.role.description ?? '';
  return {
    name: 'sequence',
    kind: 'input',
    shape: [batchDim, dim('T', steps), dim('F', width)],
    description: `${steps} steps${columns === '' ? '' : ` of ${columns}`}`,
  };
}

/** Features of all rows, read in windows. */
export function sequenceInput(role: DataRole, values: Float32Array, steps: number): PreparedRole {
  return { role, dtype: 'f32', rowShape: [role.shape[2]?.size ?? 1], values, reading: { kind: 'window', offset: 0, length: steps } };
}
