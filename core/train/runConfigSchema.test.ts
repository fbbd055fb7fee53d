import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { defaultOptimizer } from '../optimizers/index.ts';
import { defaultControls, defaultLoss } from './defaults.ts';
import type { RunConfig } from './runConfig.ts';
import { diffConfigs, parseRunConfig, setConfigPath } from './runConfigSchema.ts';
import type { DataSetInfo } from '../data/dataSet.ts';

const config: RunConfig = {
  version: 3,
  network: { name: 'mlp' },
  data: { id: 'penguins' },
  split: { train: 0.7, validation: 0.15, test: 0.15, seed: 1, stratify: true },
  preparation: {
    target: 'Species',
    columns: { 'a.b (mm)': { use: true, gaps: 'median', scaling: 'standardise' } },
    targetScaling: 'standardise',
  },
  task: { type: 'classification' },
  loss: defaultLoss('classification'),
  optimizer: defaultOptimizer('adam'),
  ...defaultControls,
  epochs: 5,
  batchSize: 64,
  engine: { kind: 'auto', threads: 1 },
  seed: 1,
};

/** A copy with the value at a path replaced; `undefined` removes it. */
function withValue(path: string, value: unknown): unknown {
  const copy = JSON.parse(JSON.stringify(config)) as Record<string, unknown>;
  const keys = path.split('/');
  const last = keys.pop()!;
  const parent = keys.reduce((object, key) => object[key] as Record<string, unknown>, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

describe('parseRunConfig', () => {
  it('takes what it is', () => {
    expect(parseRunConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
    const hashed = { ...config, network: { name: 'm', hash: 'abc' }, data: { id: 'p', hash: 'def' } };
    expect(parseRunConfig(hashed)).toEqual(hashed);
  });

  it.each([
    ['epochs', 0, 'epochs: expected a whole number from 1 to 1000000, got 0.'],
    ['epochs', 2.5, 'got 2.5'],
    ['epochs', undefined, 'epochs: expected'],
    ['batchSize', '64', 'batchSize: expected a whole number from 1 to 65536, got "64".'],
    ['seed', -1, 'seed: expected a whole number from 0 to 2^53 − 1, got -1.'],
    ['seed', 2 ** 53, 'got 9007199254740992'],
    ['loss', 'mse', 'loss: expected one of crossEntropy, focal,'],
    [
      'loss/type',
      'zero',
      'loss.type: expected one of crossEntropy, focal, binaryCrossEntropy, klDivergence, hinge, cosineEmbedding, mse, mae, huber, smoothL1, got "zero".',
    ],
    ['loss/labelSmoothing', 2, 'loss.labelSmoothing: expected a number from 0 to 1, got 2.'],
    ['schedule/kind', 'sine', 'schedule.kind: expected one of constant, cosine, cosineRestarts, oneCycle,'],
    ['schedule/warmUp', -1, 'schedule.warmUp: expected a number from 0 to 1,000,000, got -1.'],
    ['controls/accumulation', 1.5, 'controls.accumulation: expected a whole number from 1 to 1,024, got 1.5.'],
    ['controls/clip', 1, 'there is no setting "controls.clip". Settings there: clipNorm, clipValue,'],
    ['layerRates', 2, 'layerRates: expected an object, got 2.'],
    ['task/type', 'guess', 'task.type: expected one of classification, regression, nodeClassification,'],
    ['task/steps', 5, 'there is no setting "task.steps". Settings there: type.'],
    ['split/train', 1.5, 'split.train: expected a share from 0 to 1, got 1.5.'],
    ['split/stratify', 1, 'split.stratify: expected true or false, got 1.'],
    ['split', 3, 'split: expected an object, got 3.'],
    ['optimizer/learningRate', 0, 'optimizer.learningRate: expected a number above 0 and at most 1,000, got 0.'],
    ['optimizer/beta1', 1, 'optimizer.beta1: expected a number from 0 to 0.9999999, got 1.'],
    ['optimizer/type', 'bfgs', 'optimizer.type: expected one of adam, adamw, sgd, rmsprop,'],
    [
      'optimizer/momentum',
      0.9,
      'there is no setting "optimizer.momentum". Settings there: type, learningRate, beta1, beta2, epsilon, weightDecay, amsgrad.',
    ],
    ['optimiser', {}, 'there is no setting "optimiser". Settings there: version, network'],
    ['preparation/columns/a.b (mm)/gaps', 'zero', 'expected one of mean, median, mostFrequent, ownCategory, got "zero".'],
    ['preparation/target', '', 'preparation.target: expected a column, got "".'],
    ['engine/kind', 'cuda', 'engine.kind: expected one of auto, reference, wasm, native, webgpu, got "cuda".'],
    ['version', 0, 'version: expected 3, got 0.'],
    ['version', 4, 'This run config has version 4, this Layerbench reads up to 3. Open it with a newer Layerbench.'],
  ])('refuses %s = %j', (path, value, sentence) => {
    try {
      parseRunConfig(withValue(path, value));
      expect.unreachable();
    } catch (error) {
      expect((error as Error).message).toContain(sentence);
      expect((error as { problem: unknown }).problem).toMatchObject({ where: { kind: 'config', path: path.replaceAll('/', '.') } });
    }
  });

  it.each([
    [null, 'got null'],
    ['x', 'got "x"'],
    [[], 'got'],
    [{}, 'version: expected a value, got nothing'],
  ])('refuses %j', (json, sentence) => expect(() => parseRunConfig(json)).toThrow(sentence));
});

describe('configs of earlier versions', () => {
  const read = (file: string): unknown => JSON.parse(readFileSync(new URL(`fixtures/${file}`, import.meta.url), 'utf8'));

  it.each(['config.v1.json', 'config.v1.sgd.json'])('%s opens and trains as it did', (file) => {
    const old = read(file) as { loss: string; task: string; optimizer: { type: string } };
    const config = parseRunConfig(old);
    expect(config).toMatchObject({
      ...(old as object),
      version: 3,
      task: { type: old.task },
      loss: { type: old.loss },
      optimizer: old.optimizer,
      ...defaultControls,
    });
    expect(parseRunConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it('a setting left out of a group takes its default', () => {
    const short = { ...config, optimizer: { type: 'sgd', learningRate: 1 }, schedule: { kind: 'cosine' }, controls: { clipNorm: 1 } };
    expect(parseRunConfig(short)).toMatchObject({
      optimizer: { ...defaultOptimizer('sgd'), learningRate: 1 },
      schedule: { kind: 'cosine', minimum: 0 },
      controls: { ...defaultControls.controls, clipNorm: 1 },
    });
  });

  it('a broken one says what is wrong with it', () => {
    expect(() => parseRunConfig({ ...(read('config.v1.json') as object), loss: 'zero' })).toThrow('loss.type: expected one of');
    expect(() => parseRunConfig({ ...(read('config.v1.json') as object), epochs: 0 })).toThrow('epochs: expected');
  });
});

describe('setConfigPath', () => {
  it.each([
    ['optimizer.learningRate', '0.01', { optimizer: { ...config.optimizer, learningRate: 0.01 } }],
    ['epochs', '3', { epochs: 3 }],
    ['split.stratify', 'false', { split: { ...config.split, stratify: false } }],
    ['network.name', 'wide', { network: { name: 'wide' } }],
    ['optimizer.type', 'sgd', { optimizer: defaultOptimizer('sgd') }],
    ['optimizer', 'lion', { optimizer: defaultOptimizer('lion') }],
    ['loss', 'focal', { loss: { type: 'focal', gamma: 2, classWeights: 'none' } }],
    ['loss.classWeights', 'balanced', { loss: { ...config.loss, classWeights: 'balanced' } }],
    ['schedule.kind', 'cosine', { schedule: { kind: 'cosine', minimum: 0, warmUp: 0, warmUpStart: 0.1 } }],
    ['controls.clipNorm', '1', { controls: { ...config.controls, clipNorm: 1 } }],
    ['layerRates.dense_1', '0.1', { layerRates: { dense_1: 0.1 } }],
    [
      'preparation.columns.a.b (mm).use',
      'false',
      { preparation: { ...config.preparation, columns: { 'a.b (mm)': { use: false, gaps: 'median', scaling: 'standardise' } } } },
    ],
    ['task', 'regression', { task: { type: 'regression' }, loss: { type: 'mse' }, split: { ...config.split, stratify: false } }],
  ] as const)('sets %s = %s and nothing else', (path, text, change) => {
    const before = JSON.stringify(config);
    expect(setConfigPath(config, path, text)).toEqual({ ...config, ...change });
    expect(JSON.stringify(config)).toBe(before);
  });

  it('brings along what follows from a target', () => {
    const info: DataSetInfo = {
      id: 'penguins',
      name: 'P',
      hash: 'h',
      origin: 'csv',
      kind: 'table',
      rowCount: 10,
      description: '',
      columns: [
        { name: 'Species', type: 'category', missing: 0, categories: ['a', 'b'] },
        { name: 'a.b (mm)', type: 'number', missing: 0, range: { min: 0, max: 1 } },
      ],
    };
    expect(setConfigPath(config, 'preparation.target', 'a.b (mm)', info)).toMatchObject({
      task: { type: 'regression' },
      loss: { type: 'mse' },
      preparation: { target: 'a.b (mm)', columns: { Species: { use: true } } },
    });
    expect(() => setConfigPath(config, 'preparation.target', 'zz', info)).toThrow('no column "zz"');
  });

  it.each([
    ['learningRate', '1', 'There is no setting "learningRate". Settings: version, network'],
    ['optimizer.lr', '1', 'There is no setting "optimizer.lr". Under optimizer: type, learningRate'],
    ['epochs.first', '1', '"epochs" is a single value'],
    ['preparation.columns.x.use', 'true', 'Under preparation.columns: a.b (mm).'],
    ['__proto__.x', '1', 'There is no setting "__proto__.x"'],
    ['split', '1', 'split: expected one of the settings below it (split.train,'],
    ['epochs', 'many', 'epochs: expected a number, got "many".'],
    ['epochs', '', 'epochs: expected a number, got "".'],
    ['epochs', '-1', 'epochs: expected a whole number from 1'],
    ['split.stratify', 'yes', 'split.stratify: expected true or false, got "yes".'],
    ['optimizer.type', 'bfgs', 'optimizer.type: expected one of adam, adamw, sgd, rmsprop,'],
    ['layerRates.d', 'x', 'layerRates.d: expected a number, got "x".'],
  ])('refuses %s = %j', (path, text, sentence) => expect(() => setConfigPath(config, path, text)).toThrow(sentence));
});

describe('diffConfigs', () => {
  it('lists what differs, by path', () => {
    expect(diffConfigs(config, config)).toEqual([]);
    const other = setConfigPath(
      setConfigPath(setConfigPath(config, 'epochs', '9'), 'optimizer.type', 'sgd'),
      'preparation.columns.a.b (mm).use',
      'false',
    );
    expect(diffConfigs(config, other)).toEqual([
      { path: 'preparation.columns.a.b (mm).use', left: true, right: false },
      { path: 'optimizer.type', left: 'adam', right: 'sgd' },
      { path: 'optimizer.learningRate', left: 0.001, right: 0.01 },
      { path: 'optimizer.beta1', left: 0.9, right: undefined },
      { path: 'optimizer.beta2', left: 0.999, right: undefined },
      { path: 'optimizer.epsilon', left: 1e-8, right: undefined },
      { path: 'optimizer.amsgrad', left: false, right: undefined },
      { path: 'optimizer.momentum', left: undefined, right: 0.9 },
      { path: 'optimizer.nesterov', left: undefined, right: false },
      { path: 'optimizer.dampening', left: undefined, right: 0 },
      { path: 'epochs', left: 5, right: 9 },
    ]);
  });
});
