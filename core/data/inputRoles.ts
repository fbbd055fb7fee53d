/** What Input nodes can be bound to in a table or a set of images: follows from the columns and the preparation, before anything is fitted. */
import type { ColumnInfo, DataRole, DataSetInfo } from './dataSet.ts';
import { planGraphs, type PlannedGraphs } from './graphInputs.ts';
import { planColumns } from './features.ts';
import type { PlannedColumn } from './features.ts';
import { batchDim, dim } from '../graph/shape.ts';
import { raise } from '../problem.ts';
import type { ColumnPreparation, PreparationConfig, Scaling } from '../train/runConfig.ts';

export interface PlannedInputs {
  readonly image?: { readonly role: DataRole; readonly column: ColumnInfo; readonly preparation: ColumnPreparation };
  readonly features?: { readonly role: DataRole; readonly width: number };
  readonly graphs?: PlannedGraphs;
  /** Every column but those that are no inputs. */
  readonly columns: readonly PlannedColumn[];
}

/**
 * @param except columns that are no inputs: the target, the one that divides the rows
 * @throws ProblemError where a column's preparation does not fit the data set or nothing is left to learn from
 */
export function planInputs(info: DataSetInfo, preparation: PreparationConfig, except: readonly string[]): PlannedInputs {
  const columns = planColumns(info, preparation).filter(({ info: { name } }) => !except.includes(name));
  const imageColumn = columns.find(({ info: column, preparation: { use } }) => column.type === 'image' && use);
  const width = columns.reduce((sum, column) => sum + column.width, 0);
  const graphColumn = columns.find(({ info: column, preparation: { use } }) => column.type === 'graph' && use);
  if (width === 0 && imageColumn === undefined && graphColumn === undefined) {
    raise({
      code: 'prepare.noInputs',
      message: `The data set ${info.id} has no column left to learn from: expected at least one number or category column in use besides the target "${except[0] ?? ''}".`,
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
    ...(graphColumn !== undefined && { graphs: planGraphs(graphColumn.info) }),
    columns,
  };
}

/** Image first, then features, then the parts of graphs. */
export function inputRolesOf({ image, features, graphs }: PlannedInputs): DataRole[] {
  return [image?.role, features?.role, graphs?.nodes, graphs?.edges, graphs?.counts].filter((role) => role !== undefined);
}

export function imageRole(column: ColumnInfo, scaling: Scaling): DataRole {
  const [channels, height, width] = column.imageShape ?? [1, 1, 1];
  const scaled = scaling === 'minMax' ? ', scaled 0–1' : scaling === 'standardise' ? ', standardised' : ', 0–255';
  return {
    name: 'image',
    kind: 'input',
    shape: [batchDim, dim('C', channels), dim('H', height), dim('W', width)],
    description: `${channels} × ${height} × ${width}${scaled}`,
  };
}

export function featuresRole(columns: readonly PlannedColumn[], width: number): DataRole {
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
