import { describe, expect, it } from 'vitest';
import type { LayerNode, NetworkDocument } from '../../core/graph/document.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { nameRun } from './runNames.ts';

const node = (id: string, params: LayerNode['params'] = {}, type = 'dense'): LayerNode => ({
  id,
  type,
  typeVersion: 1,
  name: `${type}_${id}`,
  params,
  position: { x: 0, y: 0 },
});
const network = (...nodes: LayerNode[]): NetworkDocument => ({
  format: 'layerbench.network',
  version: 2,
  name: 'mlp',
  nodes,
  edges: [],
  blocks: [],
});
const document = network(node('0', { role: 'image' }, 'input'), node('1', { units: 128 }), node('2', { units: 10 }));
const config = {
  version: 2,
  network: { name: 'mlp' },
  data: { id: 'penguins' },
  epochs: 5,
  batchSize: 64,
  seed: 1,
  loss: { type: 'crossEntropy' },
  optimizer: { type: 'adam', learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
} as unknown as RunConfig;
const first = { document, config };
const name = (changed: Partial<RunConfig>, changedDocument = document, taken: string[] = []): string =>
  nameRun({ document: changedDocument, config: { ...config, ...changed }, first, taken: new Set(taken) });

describe('a run’s name', () => {
  it('is the network’s for the first one', () => {
    expect(nameRun({ document, config, taken: new Set() })).toBe('mlp');
  });

  it.each([
    ['a learning rate', { optimizer: { ...config.optimizer, learningRate: 0.01 } }, 'mlp · lr 0.01'],
    ['a batch size and a seed', { batchSize: 7, seed: 2 }, 'mlp · batch 7 · seed 2'],
    ['a data set', { data: { id: 'iris', hash: 'x' } }, 'mlp · iris'],
    ['only a hash', { network: { name: 'mlp', hash: 'x' } }, 'mlp'],
  ] satisfies [string, Partial<RunConfig>, string][])('says %s', (_name, changed, expected) => {
    expect(name(changed)).toBe(expected);
  });

  it('says what became of the layers', () => {
    expect(name({}, network(node('0', { role: 'other' }, 'input'), node('1', { units: 256 }), node('2', { units: 10 })))).toBe(
      'mlp · dense_1 units 256',
    );
    expect(name({}, network(node('0', {}, 'input'), node('2', { units: 10 }), node('3', { rate: 0.5 }, 'dropout')))).toBe(
      'mlp · + dropout_3 · − dense_1',
    );
  });

  it('looks into blocks, and says what is frozen', () => {
    const withBlock = (units: number): NetworkDocument => ({
      ...document,
      blocks: [{ id: 'b1', name: 'body', nodes: [node('7', { units })], edges: [] }],
    });
    const frozen = withBlock(64).nodes.map((layer) => (layer.id === '1' ? { ...layer, frozen: true as const } : layer));
    const before = { document: withBlock(32), config };
    expect(nameRun({ document: { ...withBlock(64), nodes: frozen }, config, first: before, taken: new Set() })).toBe(
      'mlp · dense_1 frozen · dense_7 units 64',
    );
  });

  it('names at most three differences and is never given twice', () => {
    expect(name({ batchSize: 7, seed: 2, epochs: 9, loss: { type: 'mse' } }).split(' · ')).toHaveLength(4);
    expect(name({ loss: { type: 'mse' }, schedule: { kind: 'cosine', minimum: 0.1, warmUp: 1, warmUpStart: 0.1 } })).toBe(
      'mlp · mse · cosine · minimum 0.1',
    );
    expect(name({}, document, ['mlp', 'mlp (2)'])).toBe('mlp (3)');
  });
});
