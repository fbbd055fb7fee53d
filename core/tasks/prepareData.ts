/** From a data set to what training reads: rows divided into parts, inputs and target as the config's task wants them. */
import type { DataSet } from '../data/dataSet.ts';
import type { PreparedData } from '../data/prepared.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { taskOf } from './index.ts';

/** Everything of a run config that decides what is read from the data. */
export type DataConfig = Pick<RunConfig, 'preparation' | 'split' | 'task'>;

/** @throws ProblemError where target, preparation, split or task do not fit the data */
export function prepareData(dataSet: DataSet, { preparation, split, task }: DataConfig): PreparedData {
  return { task: task.type, ...taskOf(task).prepare(dataSet, { preparation, split }, task) };
}
