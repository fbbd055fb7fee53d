import { describe, expect, it } from 'vitest';
import type { ParamValues } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { formatShape } from '../graph/shape.ts';
import { checkLayer, type LayerCheck } from '../testing/checkLayer.ts';
import { draw } from '../testing/documents.ts';

const nodes = 'N5 F3';
const edges = 'E6 N2';

const checks: readonly LayerCheck[] = [
  {
    type: 'gcn',
    params: { units: 4 },
    inputs: [nodes, edges],
    shape: 'B × 5 × 4',
    fixtures: ['gcn', 'gcn with tanh, without bias', 'gcn with edge weights'],
  },
  {
    type: 'gcn',
    params: { units: 2, bias: false, activation: 'tanh' },
    inputs: [nodes, edges, 'E6 F1'],
    range: [0.2, 2],
    shape: 'B × 5 × 2',
  },
  {
    type: 'graphSage',
    params: { units: 4 },
    inputs: [nodes, edges],
    shape: 'B × 5 × 4',
    fixtures: ['graphSage', 'graphSage to fewer features'],
  },
  { type: 'graphSage', params: { units: 2, bias: false }, inputs: [nodes, edges], shape: 'B × 5 × 2' },
  {
    type: 'graphSage',
    params: { units: 2, aggregation: 'max', project: true, normalise: true },
    inputs: [nodes, edges],
    shape: 'B × 5 × 2',
    fixtures: ['graphSage maximum', 'graphSage pooling of the paper', 'graphSage maximum of equal values'],
  },
  { type: 'gat', params: { units: 2, heads: 3 }, inputs: [nodes, edges], shape: 'B × 5 × 6', fixtures: ['gat', 'gat, mean of heads'] },
  {
    type: 'gat',
    params: { units: 2, heads: 2, combine: 'mean' },
    inputs: [nodes, edges, 'E6 F2'],
    shape: 'B × 5 × 2',
    fixtures: ['gat with edge features'],
  },
  { type: 'gat', params: { units: 2, heads: 2, dropout: 0.5 }, mode: 'train', inputs: [nodes, edges], shape: 'B × 5 × 4' },
  {
    type: 'gin',
    params: { units: 2, hidden: 4 },
    inputs: [nodes, edges],
    shape: 'B × 5 × 2',
    fixtures: ['gin', 'gin with learned epsilon'],
  },
  {
    type: 'gin',
    params: { units: 1, hidden: 2, learnEpsilon: true },
    inputs: ['N4 F2', 'E4 N2', 'E4 F1'],
    shape: 'B × 4 × 1',
    fixtures: ['gin with edge features'],
  },
  ...['mean', 'sum', 'max'].flatMap((pool): LayerCheck[] => {
    const how = pool === 'max' ? 'amax' : pool;
    const fixtures = [`globalGraphPool ${how}`, `globalGraphPool ${how} of real nodes`];
    return [
      { type: 'globalGraphPool', params: { pool }, inputs: [nodes], shape: 'B × 3', fixtures },
      { type: 'globalGraphPool', params: { pool }, inputs: [nodes, 'F1'], range: [1.2, 1.9], shape: 'B × 3' },
    ];
  }),
  // What stands between graph layers treats nodes as places.
  { type: 'dense', params: { units: 4, activation: 'relu' }, inputs: [nodes], shape: 'B × 5 × 4' },
  { type: 'layerNorm', inputs: [nodes], shape: 'B × 5 × 3' },
  { type: 'batchNorm', inputs: [nodes], mode: 'train', shape: 'B × 5 × 3' },
  { type: 'dropout', inputs: [nodes], mode: 'train', shape: 'B × 5 × 3' },
  { type: 'gelu', inputs: [nodes], shape: 'B × 5 × 3' },
  { type: 'add', inputs: [nodes, nodes], shape: 'B × 5 × 3' },
  { type: 'concat', inputs: [nodes, 'N5 F2'], shape: 'B × 5 × 5' },
];

describe('graph layers', () => {
  it.each(checks.map((check) => [`${check.type} of ${check.inputs.join(', ')} ${JSON.stringify(check.params ?? {})}`, check] as const))(
    '%s',
    { timeout: 60_000 },
    async (_, check) => checkLayer(check),
  );
});

const shapesOf = (type: string, from: readonly string[], params: ParamValues = {}) =>
  inferShapes(
    draw(
      `nodes:input edges:input weights:input image:input counts:input layer:${type} out:output`,
      [...from.map((name) => `${name}>layer`), 'layer>out'].join(' '),
      {
        nodes: { shape: '5 nodes × 3' },
        edges: { shape: '8 edges' },
        weights: { shape: '8 edges × 2' },
        image: { shape: '1 × 2 × 2' },
        counts: { shape: '1' },
        layer: params,
      },
    ),
    null,
  );

describe('the inputs of graph layers', () => {
  it('are nodes, edges and edge features', () => {
    const shapes = shapesOf('gat', ['nodes', 'edges', 'weights'], { units: 2, heads: 2 });
    expect(shapes.problems.filter(({ where }) => where?.kind === 'node' && where.node === 'layer')).toEqual([]);
    expect(formatShape(shapes.nodes.get('layer')!.output!)).toBe('B × 5 × 4');
    expect(shapes.nodes.get('edges')!.summary).toBe('8 edges');
    // weight, two scores, edge weight and score, bias
    expect(shapes.parameters).toBe(12 + 4 + 4 + 8 + 4 + 4);
  });

  it.each([
    ['gcn', ['nodes'], 'layer has only the input nodes, expected 2 to 3 inputs: nodes and edges.', 'Connect edges to layer'],
    [
      'gcn',
      ['edges', 'nodes'],
      'layer expects the nodes of graphs (B × nodes × features) as its first input, got B × 8 × 2 from edges.',
      'Disconnect edges',
    ],
    [
      'gat',
      ['nodes', 'weights', 'edges'],
      'layer expects edge features (B × 8 × features) as its third input, got B × 8 × 2 from edges.',
      'Disconnect edges',
    ],
    ['gin', ['nodes', 'nodes'], 'layer expects edges (B × edges × 2) as its second input, got B × 5 × 3 from nodes.', 'Disconnect nodes'],
    [
      'gcn',
      ['nodes', 'edges', 'weights'],
      'layer expects one weight per edge (B × 8 × 1) as its third input, got B × 8 × 2 from weights.',
      'Disconnect weights',
    ],
    [
      'graphSage',
      ['image', 'edges'],
      'layer expects the nodes of graphs (B × nodes × features) as its first input, got B × 1 × 2 × 2 from image.',
      'Disconnect image',
    ],
    [
      'globalGraphPool',
      ['nodes', 'edges'],
      'layer expects the number of nodes of each graph (B × 1) as its second input, got B × 8 × 2 from edges.',
      'Disconnect edges',
    ],
    ['dense', ['edges'], 'layer expects features, got edges (B × 8 × 2, pairs of node numbers) from edges.', 'Disconnect edges'],
  ] as const)('%s of %j is refused', (type, from, message, fix) => {
    const problem = shapesOf(type, from).nodes.get('layer')?.problems[0];
    expect(problem?.message).toBe(message);
    expect(problem?.fixes?.[0]?.label).toBe(fix);
  });
});
