/** Tasks whose samples are the rows of a table or a set of images, and whose target is one column. */
import type { ColumnInfo, DataSet, DataSetInfo, Task } from '../data/dataSet.ts';
import { findTarget } from '../data/features.ts';
import { inputRolesOf, planInputs } from '../data/inputRoles.ts';
import { columnOf, prepareInputs } from '../data/inputs.ts';
import type { PreparedData } from '../data/prepared.ts';
import { checkParts, divideRows, type SplitParts } from '../data/split.ts';
import { prepareTarget, rowsWithTarget, targetRole } from '../data/targets.ts';
import type { Problem } from '../problem.ts';
import type { TaskRoles, TaskSource } from './defineTask.ts';

/** Columns that are no inputs: the target, and the one that divides the rows. */
export function notInputs({ preparation, split }: TaskSource): string[] {
  return [preparation.target, ...(split.column === undefined ? [] : [split.column])];
}

/** Whether samples are rows of columns, as they are not in a text or a graph. */
export function hasRows({ kind }: DataSetInfo): boolean {
  return kind === 'table' || kind === 'images' || kind === 'graphs';
}

export function rowRoles(info: DataSetInfo, source: TaskSource, task: Task): TaskRoles {
  const target: ColumnInfo = findTarget(info, source.preparation);
  return {
    inputs: inputRolesOf(planInputs(info, source.preparation, notInputs(source))),
    targets: [targetRole(target, source.preparation.targetScaling, task)],
  };
}

export function prepareRows(dataSet: DataSet, source: TaskSource, task: Task): Omit<PreparedData, 'task'> {
  const { info } = dataSet;
  const { preparation } = source;
  const found = findTarget(info, preparation);
  const planned = planInputs(info, preparation, notInputs(source));
  const target = columnOf(dataSet, found.name);
  const notices: Problem[] = [];
  const parts = divide(dataSet, rowsWithTarget(target, info.rowCount, notices), source, notices, target);
  const inputs = prepareInputs(dataSet, planned, parts.train);
  notices.push(...inputs.notices);
  const role = targetRole(found, preparation.targetScaling, task);
  const prepared = prepareTarget(target, role, preparation, parts.train, notices);
  const { fitted, encodings } = inputs;
  return { rowCount: info.rowCount, inputs: inputs.inputs, ...prepared, parts, fitted, encodings, notices };
}

/** The parts of `rows`; what is odd about them goes to the notices. */
export function divide(
  dataSet: DataSet,
  rows: Int32Array,
  { split }: TaskSource,
  notices: Problem[],
  target?: DataSet['columns'][number],
): SplitParts {
  const { testFrom } = dataSet.info;
  const parts = divideRows(dataSet, rows, split, {
    ...(target?.type === 'category' && { codes: target.values }),
    ...(testFrom !== undefined && { testFrom }),
  });
  checkParts(parts, split, testFrom !== undefined, rows.length, notices);
  return parts;
}
