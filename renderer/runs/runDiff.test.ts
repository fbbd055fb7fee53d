import { describe, expect, it } from 'vitest';
import type { LayerNode, NetworkDocument } from '../../core/graph/document.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { configRows, formatSetting, labelOfPath, networkRows } from './runDiff.ts';

const node = (name: string, type: string, params: LayerNode['params'] = {}): LayerNode => ({
  id: name,
  type,
  typeVersion: 1,
  name,
  params,
  position: { x: 0, y: 0 },
});
const network = (nodes: LayerNode[], edges: [string, string][] = []): NetworkDocument => ({
  format: 'layerbench.network',
  version: 2,
  name: 'n',
  nodes,
  edges: edges.map(([from, to]) => ({ id: `${from}-${to}`, from, to, toPort: 0 })),
  blocks: [],
});

describe('differences of networks', () => {
  it('looks into blocks', () => {
    const withBlock = (units: number, frozen: boolean): NetworkDocument => ({
      ...network([{ ...node('stage', 'block', { repeat: 3 }), block: 'b1', ...(frozen ? { frozen: true as const } : {}) }]),
      blocks: [{ id: 'b1', name: 'body', nodes: [node('d', 'dense', { units })], edges: [] }],
    });
    expect(networkRows([withBlock(8, false), withBlock(9, true)])).toEqual([
      { group: 'network', label: 'stage', values: ['Block · Repeat 3', 'Block · Repeat 3 · frozen'] },
      { group: 'network', label: 'body › d', values: ['Dense · Units 8', 'Dense · Units 9'] },
    ]);
  });

  it('names only layers that are not the same, with none where one is absent', () => {
    const left = network([node('dense_1', 'dense', { units: 128 }), node('out', 'output')]);
    const right = network([node('dense_1', 'dense', { units: 64 }), node('drop', 'dropout'), node('out', 'output')]);
    expect(networkRows([left, right])).toEqual([
      { group: 'network', label: 'dense_1', values: ['Dense · Units 128', 'Dense · Units 64'] },
      { group: 'network', label: 'drop', values: ['none', 'Dropout'] },
    ]);
  });

  it('does not care for positions, but for connections', () => {
    const a = node('a', 'dense');
    const moved = { ...a, position: { x: 9, y: 9 } };
    expect(networkRows([network([a]), network([moved])])).toEqual([]);
    const nodes = [a, node('b', 'dense')];
    expect(networkRows([network(nodes, [['a', 'b']]), network(nodes)])).toEqual([
      { group: 'network', label: 'Connections', values: ['a → b', ''] },
    ]);
  });
});

describe('differences of settings', () => {
  const config = (learningRate: number, extra: object = {}): RunConfig =>
    ({ optimizer: { type: 'adam', learningRate }, preparation: { columns: { 'a.b': { use: true } } }, ...extra }) as unknown as RunConfig;

  it('gives one row per path that differs in any run, with a value for each run', () => {
    const rows = configRows([config(0.1), config(0.1), config(0.01)], (a, b) =>
      a.optimizer.learningRate === b.optimizer.learningRate
        ? []
        : [
            { path: 'optimizer.learningRate', left: 1, right: 2 },
            { path: 'network.hash', left: 1, right: 2 },
          ],
    );
    expect(rows).toEqual([{ group: 'settings', label: 'Learning rate', values: ['0.1', '0.1', '0.01'] }]);
  });

  it('finds a value under a column name with a dot', () => {
    const rows = configRows([config(1), config(1)], () => [{ path: 'preparation.columns.a.b.use', left: 1, right: 2 }]);
    expect(rows[0]).toEqual({ group: 'data', label: 'a.b · used', values: ['yes', 'yes'] });
  });

  it('writes settings in words', () => {
    expect(labelOfPath('something.new')).toBe('something.new');
    expect([labelOfPath('task.type'), formatSetting('nextToken', 'task.type')]).toEqual(['Task', 'Next token']);
    expect(labelOfPath('task.past')).not.toContain('task.');
    expect(formatSetting(undefined)).toBe('–');
    expect(formatSetting(false)).toBe('no');
  });
});
