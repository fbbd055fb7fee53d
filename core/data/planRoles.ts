/** What Input and Output can be bound to: follows from the columns and the preparation, before anything is fitted. */
import { taskOf } from './columns.ts';
import type { ColumnInfo, DataRole, DataSetInfo } from './dataSet.ts';
import { findTarget, planColumns } from './features.ts';
import type { PlannedColumn } from './features.ts';
import { batchDim, dim } from '../graph/shape.ts';
import { raise } from '../problem.ts';
import type { ColumnPreparation, PreparationConfig, Scaling } from '../train/runConfig.ts';

export interface PlannedRoles {
  readonly image?: { readonly role: DataRole; readonly column: ColumnInfo; readonly preparation: ColumnPreparation };
  readonly features?: { readonly role: DataRole; readonly width: number };
  readonly target: { readonly role: DataRole; readonly column: ColumnInfo };
  /** Every column but the target. */
  readonly columns: readonly PlannedColumn[];
}

/** @throws ProblemError where the target or a column's preparation does not fit the data set */
export function planRoles(info: DataSetInfo, preparation: PreparationConfig): PlannedRoles {
  const target = findTarget(info, preparation);
  const columns = planColumns(info, preparation);
  const imageColumn = columns.find(({ info: column, preparation: { use } }) => column.type === 'image' && use);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  if (width === 0 && imageColumn === undefined) {
    raise({
      code: 'prepare.noInputs',
      message: `The data set ${info.id} has no column left to learn from: expected at least one number or category column in use besides the target "${target.name}".`,
      where: { kind: 'config', path: 'preparation.columns' },
      hint: 'Use another column as an input.',
    });
  }
  return {
    ...(imageColumn !== undefined && {
      image: {
        role: imageRole(imageColumn.info, imageColumn.preparation.scaling),
        column: imageColumn.info,
        preparation: imageColumn.preparation,
      },
    }),
    ...(width > 0 && { features: { role: featuresRole(columns, width), width } }),
    target: { role: targetRole(target, preparation.targetScaling), column: target },
    columns,
  };
}

function imageRole(column: ColumnInfo, scaling: Scaling): DataRole {
  const [channels, height, width] = column.imageShape ?? [1, 1, 1];
  const scaled = scaling === 'minMax' ? ', scaled 0–1' : scaling === 'standardise' ? ', standardised' : ', 0–255';
  return {
    name: 'image',
    kind: 'input',
    shape: [batchDim, dim('C', channels), dim('H', height), dim('W', width)],
    description: `${channels} × ${height} × ${width}${scaled}`,
  };
}

function featuresRole(columns: readonly PlannedColumn[], width: number): DataRole {
  const used = columns.filter((column) => column.width > 0);
  const numbers = used.filter((column) => column.info.type === 'number');
  const standardised = numbers.length > 0 && numbers.every((column) => column.preparation.scaling === 'standardise');
  const count = `${used.length} ${used.length === 1 ? 'column' : 'columns'}`;
  return {
    name: 'features',
    kind: 'input',
    shape: [batchDim, dim('F', width)],
    description: (width === used.length ? count : `${count} as ${width} features`) + (standardised ? ', standardised' : ''),
  };
}

function targetRole(column: ColumnInfo, scaling: Scaling): DataRole {
  const task = taskOf(column.type)!;
  if (task === 'classification') {
    const classNames = column.categories ?? [];
    return {
      name: column.name,
      kind: 'target',
      shape: [batchDim, dim('F', classNames.length)],
      task,
      classNames,
      description: `${classNames.length} classes`,
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
