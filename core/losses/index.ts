/** Every loss, by the name it has in a run config. */
import type { Task } from '../data/dataSet.ts';
import type { LossName } from '../train/runConfig.ts';
import { crossEntropy } from './crossEntropy.ts';
import type { LossDefinition } from './defineLoss.ts';
import { huber } from './huber.ts';
import { mae } from './mae.ts';
import { mse } from './mse.ts';

export type { LossDefinition } from './defineLoss.ts';

export const losses: { readonly [K in LossName]: LossDefinition } = { crossEntropy, mse, mae, huber };

/** The losses that fit a task; the first is the usual one. */
export function lossesFor(task: Task): LossName[] {
  return (Object.keys(losses) as LossName[]).filter((name) => losses[name].tasks.includes(task));
}
