/** Runs as if they had been trained, with weights that are drawn or written down by hand. */
import type { Column, DataSet, DataSetInfo } from '../data/dataSet.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { averageSlot } from '../program/lowerNetwork.ts';
import { initialiseParameters } from '../program/initialise.ts';
import { defaultRunConfig } from '../train/defaults.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { readTrained, type Trained } from '../use/trained.ts';

export function dataSetOf(columns: readonly Column[], rowCount: number, change: Partial<DataSetInfo> = {}): DataSet {
  const info: DataSetInfo = {
    id: 'd',
    name: 'D',
    hash: 'h',
    origin: 'csv',
    kind: 'table',
    rowCount,
    columns: columns.map((column) => column.info),
    description: '',
    ...change,
  };
  return { info, columns };
}

/** `count` images of 1 × 2 × 2 in two classes. */
export function imagesOf(count: number): DataSet {
  const image: Column = {
    info: { name: 'image', type: 'image', missing: 0, imageShape: [1, 2, 2] },
    type: 'image',
    values: Uint8Array.from({ length: 4 * count }, (_, i) => (i * 37) % 256),
  };
  const label: Column = {
    info: { name: 'label', type: 'category', missing: 0, categories: ['a', 'b'] },
    type: 'category',
    values: Int32Array.from({ length: count }, (_, i) => i % 2),
  };
  return dataSetOf([image, label], count, { kind: 'images', defaultTarget: 'label' });
}

interface TrainedOptions {
  readonly target: string;
  readonly task: RunConfig['task'];
  readonly change?: Partial<RunConfig>;
  /** By slot; all others are drawn. With moving averages these are what the averages are. */
  readonly weights?: Readonly<Record<string, readonly number[]>>;
}

export function trainedRun(
  document: NetworkDocument,
  dataSet: DataSet,
  { target, task, change = {}, weights = {} }: TrainedOptions,
): Trained {
  const start = defaultRunConfig(dataSet.info, { network: 'n', target, task: task.type });
  const config: RunConfig = { ...start, task, ...change };
  const trained = readTrained({ document, config, dataSet, weights: {} });
  const { parameters, statistics, averaged = false } = trained.network;
  const slots: Record<string, Float32Array> = Object.fromEntries(initialiseParameters({ parameters, statistics }, 3));
  for (const [slot, values] of Object.entries(weights)) slots[slot] = Float32Array.from(values);
  if (averaged) {
    for (const { slot } of parameters) {
      slots[averageSlot(slot)] = slots[slot]!;
      slots[slot] = slots[slot]!.map(() => NaN);
    }
  }
  return { ...trained, weights: slots };
}
