/** A data set, a network and a config small enough that a whole training takes milliseconds. */
import type { Column, DataSet } from '../data/dataSet.ts';
import { documentFormat, documentVersion } from '../graph/document.ts';
import type { NetworkDocument, ParamValues } from '../graph/document.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { defaultControls, defaultLoss } from '../train/defaults.ts';
import type { RunConfig } from '../train/runConfig.ts';

const rowCount = 90;

/** Points (x, y) in three stripes of x + y / 2, which is also the number target `height`. */
export function tinyDataSet(target: 'stripe' | 'height' = 'stripe'): DataSet {
  const x = Float64Array.from({ length: rowCount }, (_, i) => ((i * 37) % rowCount) / 10 - 4.5);
  const y = Float64Array.from({ length: rowCount }, (_, i) => ((i * 53) % 71) / 20);
  const height = x.map((value, i) => 20 + 3 * (value + y[i]! / 2));
  const stripe = Int32Array.from(height, (value) => (value < 16 ? 0 : value < 24 ? 1 : 2));
  const columns: Column[] = [
    { type: 'number', values: x, info: { name: 'x', type: 'number', missing: 0 } },
    { type: 'number', values: y, info: { name: 'y', type: 'number', missing: 0 } },
    target === 'stripe'
      ? { type: 'category', values: stripe, info: { name: 'stripe', type: 'category', missing: 0, categories: ['low', 'middle', 'high'] } }
      : { type: 'number', values: height, info: { name: 'height', type: 'number', missing: 0, unit: 'm' } },
  ];
  return {
    info: {
      id: 'stripes',
      name: 'Stripes',
      hash: `tiny-${target}`,
      origin: 'csv',
      kind: 'table',
      rowCount,
      columns: columns.map((column) => column.info),
      defaultTarget: target,
      description: 'Points in three stripes.',
    },
    columns,
  };
}

/** Input, Dense 8 tanh, Dropout, Dense, Output; dropout makes the random numbers of a step matter. */
export function tinyNetwork(target: 'stripe' | 'height' = 'stripe', dropout = 0.1): NetworkDocument {
  const layers: [string, ParamValues][] = [
    ['input', { role: 'features' }],
    ['dense', { units: 8, activation: 'tanh' }],
    ['dropout', { probability: dropout }],
    ['dense', { units: target === 'stripe' ? 3 : 1 }],
    ['output', { role: target }],
  ];
  const nodes = layers.map(([type, params], i) => ({
    id: `n${i}`,
    type,
    typeVersion: 1,
    name: `${type}_${i}`,
    params,
    position: { x: 0, y: i * 100 },
  }));
  const edges = nodes.slice(1).map((node, i) => ({ id: `e${i}`, from: nodes[i]!.id, to: node.id, toPort: 0 }));
  return { format: documentFormat, version: documentVersion, name: 'tiny', nodes, edges, blocks: [] };
}

/** 63 training rows in batches of 10: six whole ones and a tail of 3; 18 validation rows, 9 test rows. */
export function tinyConfig(target: 'stripe' | 'height' = 'stripe', change: Partial<RunConfig> = {}): RunConfig {
  return {
    version: 3,
    network: { name: 'tiny' },
    data: { id: 'stripes', hash: `tiny-${target}` },
    split: { train: 0.7, validation: 0.2, test: 0.1, seed: 3, stratify: false },
    preparation: { target, columns: {}, targetScaling: 'standardise' },
    task: { type: target === 'stripe' ? 'classification' : 'regression' },
    loss: defaultLoss(target === 'stripe' ? 'classification' : 'regression'),
    optimizer: { ...defaultOptimizer('adam'), learningRate: 0.02 },
    ...defaultControls,
    epochs: 4,
    batchSize: 10,
    engine: { kind: 'reference', threads: 1 },
    seed: 11,
    ...change,
  };
}
