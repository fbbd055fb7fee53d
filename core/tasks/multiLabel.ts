/** Multi-label classification: several questions at once, each yes or no. */
import type { ColumnInfo, DataRole, DataSet, DataSetInfo } from '../data/dataSet.ts';
import { inputRolesOf, planInputs } from '../data/inputRoles.ts';
import { columnOf, prepareInputs } from '../data/inputs.ts';
import { batchDim, dim } from '../graph/shape.ts';
import { raise, type Problem } from '../problem.ts';
import { defineTask, type TaskSource } from './defineTask.ts';
import { divide, hasRows } from './rows.ts';

/** Two values, of which the second (1, true, yes, or the later in order) is yes. */
function isYesNo({ type, distinct, categories, integers, range }: ColumnInfo): boolean {
  if (type === 'category') return categories?.length === 2;
  return type === 'number' && distinct === 2 && integers === true && range?.min === 0 && range.max === 1;
}

function labelColumns(info: DataSetInfo, labels: string): readonly ColumnInfo[] {
  const names = labels
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) return info.columns.filter(isYesNo);
  return names.map((name) => {
    const column = info.columns.find((candidate) => candidate.name === name);
    if (column !== undefined && isYesNo(column)) return column;
    const possible = info.columns.filter(isYesNo).map((candidate) => candidate.name);
    return raise({
      code: 'labels.column',
      message: `task.labels: expected columns of two values, got "${name}"${column === undefined ? `, which ${info.id} does not have` : ''}.`,
      where: { kind: 'config', path: 'task.labels' },
      ...(possible.length > 0 && { hint: `Columns of two values: ${possible.join(', ')}.` }),
    });
  });
}

function labelsRole(columns: readonly ColumnInfo[]): DataRole {
  return {
    name: 'labels',
    kind: 'target',
    shape: [batchDim, dim('F', columns.length)],
    task: 'multiLabel',
    classNames: columns.map(({ name }) => name),
    description: `${columns.length} labels, each yes or no`,
  };
}

function notInputs({ split }: TaskSource, columns: readonly ColumnInfo[]): string[] {
  return [...columns.map(({ name }) => name), ...(split.column === undefined ? [] : [split.column])];
}

/** 1 for yes, 0 for no, NaN for a gap, (rows, labels). */
function yesNo(dataSet: DataSet, columns: readonly ColumnInfo[]): Float32Array {
  const values = new Float32Array(dataSet.info.rowCount * columns.length);
  columns.forEach(({ name }, k) => {
    const column = columnOf(dataSet, name);
    for (let row = 0; row < dataSet.info.rowCount; row++) {
      const value = column.type === 'category' || column.type === 'number' ? column.values[row]! : NaN;
      values[row * columns.length + k] = column.type === 'category' && value < 0 ? NaN : value;
    }
  });
  return values;
}

export const multiLabel = defineTask({
  type: 'multiLabel',
  title: 'Multi-label',
  doc: 'Answers several yes-or-no questions about every row at once; any number of them may be yes.',
  source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.2.2.2',
  params: {
    labels: {
      kind: 'text',
      label: 'Labels',
      doc: 'Columns of two values to predict, with commas between; empty: all there are.',
      default: '',
      placeholder: 'all columns of two values',
    },
  },
  answer: 'labels',
  fits: (info) => hasRows(info) && info.columns.filter(isYesNo).length > 1,
  roles(info, source, { labels }) {
    const columns = labelColumns(info, labels);
    return { inputs: inputRolesOf(planInputs(info, source.preparation, notInputs(source, columns))), targets: [labelsRole(columns)] };
  },
  prepare(dataSet, source, { labels }) {
    const { info } = dataSet;
    const columns = labelColumns(info, labels);
    const values = yesNo(dataSet, columns);
    const complete = (row: number) => columns.every((_, k) => !Number.isNaN(values[row * columns.length + k]!));
    const rows = Int32Array.from({ length: info.rowCount }, (_, row) => row).filter(complete);
    const notices: Problem[] = [];
    if (rows.length < info.rowCount) {
      notices.push({
        code: 'prepare.targetGaps',
        message: `${info.rowCount - rows.length} of ${info.rowCount} rows are left out because a label has no value there.`,
      });
    }
    const parts = divide(dataSet, rows, source, notices);
    const prepared = prepareInputs(dataSet, planInputs(info, source.preparation, notInputs(source, columns)), parts.train);
    const target = {
      role: labelsRole(columns),
      dtype: 'f32',
      rowShape: [columns.length],
      values: values.map((value) => value || 0),
    } as const;
    return {
      rowCount: info.rowCount,
      inputs: prepared.inputs,
      target,
      parts,
      fitted: prepared.fitted,
      encodings: prepared.encodings,
      notices: [...notices, ...prepared.notices],
    };
  },
});
