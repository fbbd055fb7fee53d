/** The roles of a data set for those who bind to them: from its description alone, or with everything fitted. */
import type { DataRole, DataSet, DataSetInfo } from './dataSet.ts';
import { planRoles } from './planRoles.ts';
import { prepareData } from './prepare.ts';
import type { FittedColumn } from './prepared.ts';
import { ProblemError } from '../problem.ts';
import type { Problem } from '../problem.ts';
import type { PreparationConfig, SplitConfig } from '../train/runConfig.ts';

/**
 * Inputs first, then the target; the same roles that `prepareData` fills, without looking at a row.
 * @throws ProblemError where the preparation does not fit the data set
 */
export function rolesOf(info: DataSetInfo, preparation: PreparationConfig): DataRole[] {
  const { image, features, target } = planRoles(info, preparation);
  return [image?.role, features?.role, target.role].filter((role) => role !== undefined);
}

/** Roles, part sizes and what was fitted, for the Data place; what is wrong stands in `problems`, nothing is thrown. */
export function describeRoles(
  dataSet: DataSet,
  config: { readonly preparation: PreparationConfig; readonly split: SplitConfig },
): {
  roles: readonly DataRole[];
  parts: { train: number; validation: number; test: number };
  fitted: readonly FittedColumn[];
  problems: readonly Problem[];
} {
  try {
    const prepared = prepareData(dataSet, config);
    const { train, validation, test } = prepared.parts;
    return {
      roles: [...prepared.inputs.map((input) => input.role), prepared.target.role],
      parts: { train: train.length, validation: validation.length, test: test.length },
      fitted: prepared.fitted,
      problems: prepared.notices,
    };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { roles: [], parts: { train: 0, validation: 0, test: 0 }, fitted: [], problems: [error.problem] };
  }
}
