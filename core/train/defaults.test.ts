import { describe, expect, it } from 'vitest';
import type { ColumnInfo, DataSetInfo } from '../data/dataSet.ts';
import { defaultLossConfig } from '../losses/index.ts';
import { changeTarget, defaultRunConfig } from './defaults.ts';
import { parseRunConfig } from './runConfigSchema.ts';

const number = (name: string, change: Partial<ColumnInfo> = {}): ColumnInfo => ({
  name,
  type: 'number',
  missing: 0,
  range: { min: 0, max: 9.5 },
  integers: false,
  increasing: false,
  distinct: 80,
  ...change,
});
const category = (name: string): ColumnInfo => ({ name, type: 'category', missing: 0, categories: ['a', 'b'] });
const table = (columns: ColumnInfo[], change: Partial<DataSetInfo> = {}): DataSetInfo => ({
  id: 't',
  name: 'T',
  hash: 'h',
  origin: 'csv',
  kind: 'table',
  rowCount: 344,
  columns,
  description: '',
  ...change,
});

const images = table([{ name: 'image', type: 'image', missing: 0, imageShape: [1, 28, 28] }, { ...category('label') }], {
  id: 'fashion-mnist',
  kind: 'images',
  rowCount: 30_000,
  testFrom: 20_000,
  defaultTarget: 'label',
});

describe('defaultRunConfig', () => {
  it('trains images 5 epochs with the given test set', () => {
    expect(defaultRunConfig(images, { network: 'mlp' })).toEqual({
      version: 3,
      network: { name: 'mlp' },
      data: { id: 'fashion-mnist' },
      split: { train: 0.9, validation: 0.1, test: 0, seed: 1, stratify: true },
      preparation: {
        target: 'label',
        columns: { image: { use: true, gaps: 'mostFrequent', scaling: 'minMax' } },
        targetScaling: 'standardise',
      },
      task: { type: 'classification' },
      loss: { type: 'crossEntropy', classWeights: 'none', labelSmoothing: 0, ignoreIndex: -100 },
      optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0, amsgrad: false },
      schedule: { kind: 'constant', warmUp: 0, warmUpStart: 0.1 },
      controls: {
        clipNorm: 0,
        clipValue: 0,
        accumulation: 1,
        averageDecay: 0,
        sampling: 'shuffle',
        earlyStopping: 'off',
        patience: 5,
        minimumDelta: 0,
        restoreBest: true,
      },
      layerRates: {},
      epochs: 5,
      batchSize: 64,
      engine: { kind: 'auto', threads: 1 },
      seed: 1,
    });
  });

  it('takes the task and the loss from the target', () => {
    const info = table([number('a'), category('b')]);
    expect(defaultRunConfig(info, { network: 'n', target: 'a' })).toMatchObject({
      task: { type: 'regression' },
      loss: { type: 'mse' },
      split: { stratify: false },
    });
    expect(defaultRunConfig(info, { network: 'n', target: 'b' })).toMatchObject({
      task: { type: 'classification' },
      loss: { type: 'crossEntropy' },
      split: { stratify: true },
    });
    expect(defaultRunConfig(info, { network: 'n' }).preparation.target).toBe('b');
  });

  it('leaves out identifiers and text, unless nothing else is left', () => {
    const id = number('id', { integers: true, increasing: true, distinct: 344, range: { min: 1, max: 344 } });
    const note: ColumnInfo = { name: 'note', type: 'text', missing: 0 };
    const columns = (info: DataSetInfo) =>
      Object.entries(defaultRunConfig(info, { network: 'n', target: 'y' }).preparation.columns)
        .filter(([, column]) => column.use)
        .map(([name]) => name);
    expect(columns(table([id, note, number('x'), category('y')]))).toEqual(['x']);
    expect(columns(table([id, note, category('y')]))).toEqual(['id']);
  });

  it.each([
    [1, 16, 100],
    [344, 16, 100],
    [1000, 32, 91],
    [30_000, 64, 6],
    [1_000_000, 128, 5],
  ])('gives %d rows batches of %d and %d epochs', (rowCount, batchSize, epochs) => {
    expect(defaultRunConfig(table([number('a'), category('b')], { rowCount }), { network: 'n' })).toMatchObject({ batchSize, epochs });
  });

  it('is valid for its own schema', () => {
    for (const info of [images, table([number('a'), category('b')])]) {
      const config = defaultRunConfig(info, { network: 'n', seed: 7 });
      expect(parseRunConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
      expect(config.split.seed).toBe(7);
    }
  });

  it('refuses a target that is not there', () => {
    expect(() => defaultRunConfig(table([number('a'), category('b')]), { network: 'n', target: 'z' })).toThrow(
      'The data set t has no column "z" to predict. Choose one of a, b.',
    );
  });
});

describe('changeTarget', () => {
  it('brings task, loss and the former target along and keeps the rest', () => {
    const info = table([number('a'), category('b'), number('c')]);
    const config = { ...defaultRunConfig(info, { network: 'n', target: 'b' }), epochs: 7, seed: 9 };
    const kept = { use: false, gaps: 'mean', scaling: 'none' } as const;
    const edited = { ...config, preparation: { ...config.preparation, columns: { ...config.preparation.columns, c: kept } } };
    const changed = changeTarget(edited, info, 'a');
    expect(changed).toMatchObject({
      task: { type: 'regression' },
      loss: { type: 'mse' },
      epochs: 7,
      seed: 9,
      split: { stratify: false },
      preparation: { target: 'a' },
    });
    expect(Object.keys(changed.preparation.columns).sort()).toEqual(['b', 'c']);
    expect(changed.preparation.columns['c']).toEqual(kept);
    expect(changeTarget({ ...changed, loss: defaultLossConfig('huber') }, info, 'c').loss.type).toBe('huber');
  });
});
