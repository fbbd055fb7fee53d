/** How each column becomes features: what can be known from the columns alone, before anything is fitted. */
import { reasonToLeaveOut } from './columns.ts';
import type { ColumnInfo, ColumnType, DataSetInfo } from './dataSet.ts';
import type { ColumnPreparation, PreparationConfig } from '../train/runConfig.ts';
import { raise } from '../problem.ts';

export interface PlannedColumn {
  readonly info: ColumnInfo;
  readonly preparation: ColumnPreparation;
  /** Features it becomes; 0 where it is not used. */
  readonly width: number;
  /** Why it is not used. */
  readonly unused?: string;
}

export function defaultColumnPreparation(info: ColumnInfo, rowCount: number): ColumnPreparation {
  const use = reasonToLeaveOut(info, rowCount) === undefined;
  switch (info.type) {
    case 'number':
      return { use, gaps: 'median', scaling: 'standardise' };
    case 'category':
      return { use, gaps: 'ownCategory', scaling: 'none' };
    case 'image':
      return { use, gaps: 'mostFrequent', scaling: 'minMax' };
    case 'text':
      return { use: false, gaps: 'mostFrequent', scaling: 'none' };
    case 'vector':
    case 'graph':
      return { use, gaps: 'mostFrequent', scaling: 'none' };
    default:
      return info.type satisfies never;
  }
}

/** Every column but the target, with how many features it becomes. */
export function planColumns(info: DataSetInfo, preparation: PreparationConfig): PlannedColumn[] {
  for (const name of Object.keys(preparation.columns)) {
    if (!info.columns.some((column) => column.name === name)) {
      raise({
        code: 'prepare.unknownColumn',
        message: `preparation.columns: the data set ${info.id} has no column "${name}".`,
        where: { kind: 'config', path: `preparation.columns.${name}` },
        hint: `Its columns are ${listNames(info.columns)}.`,
      });
    }
  }
  return info.columns.filter((column) => column.name !== preparation.target).map((column) => planColumn(column, preparation, info));
}

function planColumn(info: ColumnInfo, config: PreparationConfig, { rowCount, partColumn }: DataSetInfo): PlannedColumn {
  const preparation = config.columns[info.name] ?? defaultColumnPreparation(info, rowCount);
  if (info.name === partColumn) return { info, preparation, width: 0, unused: 'not used: says which part a row is in' };
  if (!preparation.use || info.type === 'text' || info.missing === rowCount) {
    const reason = reasonToLeaveOut(info, rowCount);
    return { info, preparation, width: 0, unused: reason === undefined ? 'not used' : `not used: ${reason}` };
  }
  if (info.type === 'category' && (preparation.gaps === 'mean' || preparation.gaps === 'median')) {
    raise({
      code: 'prepare.gaps',
      message: `Column "${info.name}" holds categories: its gaps can be filled with mostFrequent or ownCategory, got ${preparation.gaps}.`,
      where: { kind: 'config', path: `preparation.columns.${info.name}.gaps` },
      fixes: [
        { kind: 'setConfig', label: 'Give gaps their own category', path: `preparation.columns.${info.name}.gaps`, value: 'ownCategory' },
      ],
    });
  }
  const gapFeature = preparation.gaps === 'ownCategory' && info.missing > 0 ? 1 : 0;
  return { info, preparation, width: widthOf(info, gapFeature) };
}

/** Features of a row; images and graphs are inputs of their own. */
function widthOf(info: ColumnInfo, gapFeature: number): number {
  switch (info.type) {
    case 'number':
      return 1 + gapFeature;
    case 'category':
      return (info.categories?.length ?? 0) + gapFeature;
    case 'vector':
      return info.vectorSize ?? 0;
    case 'image':
    case 'text':
    case 'graph':
      return 0;
    default:
      return info.type satisfies never;
  }
}

const valuesOf: { readonly [K in ColumnType]: string } = {
  number: 'numbers',
  category: 'categories',
  image: 'images',
  text: 'free text',
  vector: 'vectors',
  graph: 'graphs',
};

function listNames(columns: readonly ColumnInfo[]): string {
  const names = columns.slice(0, 12).map((column) => column.name);
  return names.join(', ') + (columns.length > names.length ? ', ...' : '');
}

/** The column to predict, checked. */
export function findTarget(info: DataSetInfo, preparation: PreparationConfig): ColumnInfo {
  const target = info.columns.find((column) => column.name === preparation.target);
  const where = { kind: 'config', path: 'preparation.target' } as const;
  if (target === undefined) {
    raise({
      code: 'target.unknown',
      message: `preparation.target: the data set ${info.id} has no column "${preparation.target}".`,
      where,
      hint: `Its columns are ${listNames(info.columns)}.`,
    });
  }
  if (target.type !== 'number' && target.type !== 'category') {
    raise({
      code: 'target.type',
      message: `Column "${target.name}" cannot be predicted: expected numbers or categories, got ${valuesOf[target.type]}.`,
      where,
      hint: 'Choose another target, or import the column as a category.',
    });
  }
  if (target.missing === info.rowCount) {
    raise({
      code: 'target.empty',
      message: `Column "${target.name}" cannot be predicted: none of its ${info.rowCount} rows has a value.`,
      where,
      hint: 'Choose another target.',
    });
  }
  const single =
    target.type === 'category' ? target.categories?.length === 1 : target.range !== undefined && target.range.min === target.range.max;
  if (single) {
    const value = target.type === 'category' ? target.categories?.[0] : target.range?.min;
    raise({
      code: 'target.oneValue',
      message: `Column "${target.name}" cannot be predicted: expected at least two different values, every row has "${value}".`,
      where,
      hint: 'Choose another target.',
    });
  }
  return target;
}
