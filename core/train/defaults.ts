/**
 * The run config a person starts from: chosen so that an untouched first training of a small table or of the sample
 * images gives a good model within seconds to minutes.
 */
import { canBeTarget, reasonToLeaveOut, suggestTarget } from '../data/columns.ts';
import type { ColumnInfo, DataSetInfo, Task } from '../data/dataSet.ts';
import { defaultColumnPreparation } from '../data/features.ts';
import { defaultsOf } from '../layers/specs.ts';
import { defaultLossConfig } from '../losses/index.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { raise } from '../problem.ts';
import { defaultSchedule } from '../schedules/index.ts';
import { defaultTaskConfig, tasks, tasksFor } from '../tasks/index.ts';
import { paddingToken } from '../tasks/sequenceToSequence.ts';
import { controlSpecs } from './controlSpecs.ts';
import { runConfigVersion } from './runConfig.ts';
import type { ColumnPreparation, LossConfig, PreparationConfig, RunConfig, SplitConfig } from './runConfig.ts';

export function defaultRunConfig(
  info: DataSetInfo,
  options: { readonly network: string; readonly target?: string; readonly task?: Task; readonly seed?: number },
): RunConfig {
  const target = chooseTarget(info, options.target);
  const fitting = tasksFor(info, target);
  const task = options.task !== undefined && fitting.includes(options.task) ? options.task : (fitting[0] ?? 'classification');
  const seed = options.seed ?? 1;
  const split = defaultSplit(info, task, seed);
  const { batchSize, epochs } = defaultLength(info, split, task);
  return {
    version: runConfigVersion,
    network: { name: options.network },
    data: { id: info.id },
    split,
    preparation: defaultPreparation(info, target.name),
    task: defaultTaskConfig(task),
    loss: defaultLoss(task),
    optimizer: defaultOptimizer('adam'),
    ...defaultControls,
    epochs,
    batchSize,
    engine: { kind: 'auto', threads: 1 },
    seed,
  };
}

/** The same settings for another target: whatever follows from the target changes with it, all else stays. */
export function changeTarget(config: RunConfig, info: DataSetInfo, target: string): RunConfig {
  const fresh = defaultRunConfig(info, { network: config.network.name, target, task: config.task.type });
  const columns: Record<string, ColumnPreparation> = { ...fresh.preparation.columns };
  for (const [name, column] of Object.entries(config.preparation.columns)) if (columns[name] !== undefined) columns[name] = column;
  return {
    ...config,
    split: { ...config.split, stratify: fresh.split.stratify },
    preparation: { ...config.preparation, target, columns },
    ...(fresh.task.type === config.task.type ? {} : { task: fresh.task, loss: fresh.loss }),
  };
}

/** The same settings for another task: its loss comes along; augmentation and controls that only make sense with classes of rows go. */
export function changeTask(config: RunConfig, task: Task): RunConfig {
  if (task === config.task.type) return config;
  const byClass = task === 'classification' || task === 'nodeClassification';
  const { augmentation: _otherwise, ...others } = config;
  return {
    ...others,
    task: defaultTaskConfig(task),
    loss: defaultLoss(task),
    split: { ...config.split, stratify: byClass },
    controls: byClass ? config.controls : { ...config.controls, sampling: 'shuffle' },
  };
}

/** Schedule and controls that leave the optimizer alone. */
export const defaultControls: Pick<RunConfig, 'schedule' | 'controls' | 'layerRates'> = {
  schedule: defaultSchedule('constant'),
  controls: defaultsOf(controlSpecs),
  layerRates: {},
};

export function defaultLoss(task: Task): LossConfig {
  const { answer } = tasks[task];
  if (answer === 'classes') {
    const loss = defaultLossConfig('crossEntropy');
    // What follows the end of a text is not learned.
    return task === 'sequenceToSequence' ? { ...loss, ignoreIndex: paddingToken } : loss;
  }
  return defaultLossConfig(answer === 'labels' || answer === 'verdicts' ? 'binaryCrossEntropy' : 'mse');
}

function chooseTarget(info: DataSetInfo, wanted: string | undefined): ColumnInfo {
  const name = wanted ?? info.defaultTarget ?? suggestTarget(info.columns, info.rowCount);
  const target = info.columns.find((column) => column.name === name);
  if (target === undefined) {
    const possible = info.columns
      .filter(canBeTarget)
      .slice(0, 12)
      .map((column) => column.name)
      .join(', ');
    raise({
      code: 'target.unknown',
      message: `The data set ${info.id} has no column "${name}" to predict.`,
      where: { kind: 'config', path: 'preparation.target' },
      ...(possible !== '' && { hint: `Choose one of ${possible}.` }),
    });
  }
  return target;
}

/** 70 : 15 : 15; with a given test set, a tenth of the other rows validates. Few rows need larger shares to say anything. */
function defaultSplit(info: DataSetInfo, task: Task, seed: number): SplitConfig {
  const stratify = task === 'classification' || task === 'nodeClassification';
  if (info.partColumn !== undefined) return { train: 0.7, validation: 0.15, test: 0.15, seed, stratify, column: info.partColumn };
  if (info.kind === 'text') return { train: 0.8, validation: 0.1, test: 0.1, seed, stratify };
  if (info.testFrom !== undefined) return { train: 0.9, validation: 0.1, test: 0, seed, stratify };
  return { train: 0.7, validation: 0.15, test: 0.15, seed, stratify };
}

function defaultPreparation(info: DataSetInfo, target: string): PreparationConfig {
  const columns: Record<string, ColumnPreparation> = {};
  for (const column of info.columns) {
    if (column.name === target) continue;
    const preparation = defaultColumnPreparation(column, info.rowCount);
    columns[column.name] = column.name === info.partColumn ? { ...preparation, use: false } : preparation;
  }
  // Where every column looks like an identifier, using them beats having nothing.
  if (!Object.values(columns).some((column) => column.use)) {
    for (const column of info.columns) {
      const preparation = columns[column.name];
      if (preparation !== undefined && column.type !== 'text' && reasonToLeaveOut(column, info.rowCount) !== 'no values')
        columns[column.name] = { ...preparation, use: true };
    }
  }
  return { target, columns, targetScaling: 'standardise' };
}

/** Steps after which a small network on a table has usually settled. */
const tableSteps = 2_000;

/** Small batches and many epochs for small data sets, few epochs where one alone is thousands of rows. */
function defaultLength(info: DataSetInfo, split: SplitConfig, task: Task): { batchSize: number; epochs: number } {
  const trainRows = Math.max(1, Math.round((info.testFrom ?? info.rowCount) * split.train));
  if (info.kind === 'images' && trainRows > 10_000) return { batchSize: 64, epochs: 5 };
  // The whole graph is one batch.
  if (task === 'nodeClassification') return { batchSize: 65_536, epochs: 200 };
  if (task === 'nextToken') return { batchSize: 32, epochs: 5 };
  const batchSize = trainRows < 500 ? 16 : trainRows < 5_000 ? 32 : trainRows < 50_000 ? 64 : 128;
  const epochs = Math.round((tableSteps * batchSize) / trainRows);
  return { batchSize, epochs: Math.min(100, Math.max(5, epochs)) };
}
