/** The roles of a data set for those who bind to them: from its description alone, or with everything fitted. */
import type { DataRole, DataSet, DataSetInfo } from '../data/dataSet.ts';
import { preparedRoles, type FittedColumn } from '../data/prepared.ts';
import { ProblemError } from '../problem.ts';
import type { Problem } from '../problem.ts';
import { taskOf } from './index.ts';
import { prepareData, type DataConfig } from './prepareData.ts';

/**
 * Inputs first, then the targets; the same roles that `prepareData` fills, without looking at a row.
 * @throws ProblemError where preparation or task do not fit the data set
 */
export function rolesOf(info: DataSetInfo, { preparation, split, task }: DataConfig): DataRole[] {
  const { inputs, targets } = taskOf(task).roles(info, { preparation, split }, task);
  return [...inputs, ...targets];
}

/** Roles, part sizes and what was fitted, for the Data place; what stops training stands in `problems`, nothing is thrown. */
export function describeRoles(
  dataSet: DataSet,
  config: DataConfig,
): {
  roles: readonly DataRole[];
  parts: { train: number; validation: number; test: number };
  fitted: readonly FittedColumn[];
  problems: readonly Problem[];
  /** What one should know and training can live with. */
  notices: readonly Problem[];
} {
  try {
    const prepared = prepareData(dataSet, config);
    const { train, validation, test } = prepared.parts;
    return {
      roles: preparedRoles(prepared),
      parts: { train: train.length, validation: validation.length, test: test.length },
      fitted: prepared.fitted,
      problems: [],
      notices: prepared.notices,
    };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { roles: [], parts: { train: 0, validation: 0, test: 0 }, fitted: [], problems: [error.problem], notices: [] };
  }
}
