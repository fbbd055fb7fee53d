/** Every task, by its `type` in a run config, in the order they are offered. Adding one: its file and a line here. */
import type { ColumnInfo, DataSetInfo, Task } from '../data/dataSet.ts';
import type { ParamSpecs, ParamsOf } from '../layers/defineLayer.ts';
import { defaultsOf } from '../layers/specs.ts';
import { adversarial } from './adversarial.ts';
import { autoencoding } from './autoencoding.ts';
import { classification } from './classification.ts';
import type { TaskDefinition } from './defineTask.ts';
import { diffusion } from './diffusion.ts';
import { forecasting } from './forecasting.ts';
import { multiLabel } from './multiLabel.ts';
import { nextToken } from './nextToken.ts';
import { nodeClassification } from './nodeClassification.ts';
import { regression } from './regression.ts';
import { sequenceLabelling } from './sequenceLabelling.ts';
import { sequenceToSequence } from './sequenceToSequence.ts';

export type { Answer, Feed, TaskDefinition } from './defineTask.ts';

export const tasks = {
  classification,
  regression,
  nodeClassification,
  nextToken,
  sequenceToSequence,
  forecasting,
  sequenceLabelling,
  multiLabel,
  autoencoding,
  diffusion,
  adversarial,
} satisfies { readonly [K in Task]: { readonly type: K } };

export type TaskConfig = { [K in Task]: { readonly type: K } & ParamsOf<(typeof tasks)[K]['params']> }[Task];

/** Any of them, with settings that are its own. */
export type AnyTask = TaskDefinition<ParamSpecs, TaskConfig>;

export const taskNames = Object.keys(tasks) as Task[];

/** The definition that belongs to a config. */
export function taskOf(config: { readonly type: Task }): AnyTask {
  return tasks[config.type] as AnyTask;
}

/** A task's config with every setting at its default. */
export function defaultTaskConfig<K extends Task>(type: K): Extract<TaskConfig, { type: K }> {
  return { type, ...defaultsOf(tasks[type].params) } as unknown as Extract<TaskConfig, { type: K }>;
}

/** The tasks that can be asked of a data set with this target, the usual one first. */
export function tasksFor(info: DataSetInfo, target: ColumnInfo | undefined): Task[] {
  return taskNames.filter((name) => tasks[name].fits(info, target));
}
