/** The column to predict: what an Output is bound to, which rows have one, and its codes or scaled numbers. */
import type { Column, ColumnInfo, DataRole, Task } from './dataSet.ts';
import { fitScale, presentValues } from './fit.ts';
import type { PreparedRole, TargetScale } from './prepared.ts';
import { batchDim, dim } from '../graph/shape.ts';
import type { Problem } from '../problem.ts';
import type { PreparationConfig, Scaling } from '../train/runConfig.ts';

export function targetRole(column: ColumnInfo, scaling: Scaling, task: Task): DataRole {
  if (column.type === 'category') {
    const classNames = column.categories ?? [];
    return {
      name: column.name,
      kind: 'target',
      shape: [batchDim, dim('F', classNames.length)],
      task,
      classNames,
      description: classNames.length === 1 ? '1 class' : `${classNames.length} classes`,
    };
  }
  const scaled = scaling === 'standardise' ? ', standardised for training' : scaling === 'minMax' ? ', scaled 0–1 for training' : '';
  return {
    name: column.name,
    kind: 'target',
    shape: [batchDim, dim('F', 1)],
    task,
    ...(column.unit !== undefined && { unit: column.unit }),
    description: `number${column.unit === undefined ? '' : ` in ${column.unit}`}${scaled}`,
  };
}

/** A row whose target is a gap can neither train nor score. */
export function rowsWithTarget(target: Column, rowCount: number, notices: Problem[]): Int32Array {
  const rows = new Int32Array(rowCount);
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    const present = target.type === 'category' ? target.values[row]! >= 0 : target.type !== 'number' || !Number.isNaN(target.values[row]!);
    if (present) rows[count++] = row;
  }
  const left = rowCount - count;
  if (left > 0) {
    notices.push({
      code: 'prepare.targetGaps',
      message: `${left} of ${rowCount} rows ${left === 1 ? 'is' : 'are'} left out because the target "${target.info.name}" has no value there.`,
      where: { kind: 'column', column: target.info.name },
    });
  }
  return rows.subarray(0, count);
}

export function prepareTarget(
  target: Column,
  role: DataRole,
  preparation: PreparationConfig,
  trainRows: Int32Array,
  notices: Problem[],
): { target: PreparedRole; targetScale?: TargetScale } {
  if (target.type === 'category') {
    // A row without a class is in no part; code 0 keeps the column valid for every engine.
    return { target: { role, dtype: 'i32', rowShape: [], values: target.values.map((code) => Math.max(code, 0)) } };
  }
  if (target.type !== 'number') throw new Error(`target "${target.info.name}" of type ${target.type}`);
  const { shift, scale, constant } = fitScale(presentValues(target.values, trainRows), preparation.targetScaling);
  if (constant) {
    notices.push({
      code: 'prepare.constantTarget',
      message: `The target "${target.info.name}" has the same value in every training row, so there is nothing to learn.`,
      where: { kind: 'column', column: target.info.name },
      hint: 'Choose another split or another target.',
    });
  }
  const values = new Float32Array(target.values.length);
  target.values.forEach((value, row) => {
    if (!Number.isNaN(value)) values[row] = (value - shift) / scale;
  });
  return {
    target: { role, dtype: 'f32', rowShape: [1], values },
    targetScale: { shift, scale, ...(target.info.unit !== undefined && { unit: target.info.unit }) },
  };
}
