/** GlobalGraphPool: one row per graph, the mean, sum or maximum of its nodes; a second input says how many of them are real. */
import { dim, formatShape, sampleSize } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { defineLayer } from './defineLayer.ts';
import { nodeFeatures, nodesProblem } from './graphLayer.ts';

export const globalGraphPool = defineLayer({
  type: 'globalGraphPool',
  version: 1,
  title: 'GlobalGraphPool',
  family: 'graph',
  keywords: ['readout', 'pooling', 'mean', 'sum', 'maximum', 'graph classification', 'gnn'],
  doc: {
    summary:
      'Turns the nodes of each graph into one row of features: their mean, sum or maximum. Before the Dense that classifies whole graphs. Where graphs differ in size, connect their node counts as the second input: what pads the smaller ones is then left out.',
    source: 'Xu, Hu, Leskovec, Jegelka 2019, How powerful are graph neural networks?; as global_mean_pool of PyTorch Geometric',
  },
  params: {
    pool: {
      kind: 'choice',
      label: 'Each feature gives',
      doc: 'How the nodes become one row.',
      default: 'mean',
      options: [
        { value: 'mean', label: 'Its mean', doc: 'Shares: the size of the graph does not show.' },
        { value: 'sum', label: 'Its sum', doc: 'Amounts: larger graphs give larger numbers.' },
        { value: 'max', label: 'Its maximum', doc: 'Whether it occurs; equal maxima share the gradient.' },
      ],
    },
  },
  inputCount: { min: 1, max: 2 },
  ports: ['nodes', 'node counts'],
  hasOutput: true,
  inferShape({ inputs, inputNames, name }) {
    const [nodes = [], counts] = inputs;
    const problem = nodesProblem(nodes, inputNames[0], name);
    if (problem !== undefined) return problem;
    if (counts === undefined || (counts.length === 2 && counts[1]?.size === 1))
      return [...nodes.slice(0, 1), dim('F', nodeFeatures(inputs))];
    return {
      code: 'graph.counts',
      port: 1,
      message: `${name} expects the number of nodes of each graph (B × 1) as its second input, got ${formatShape(counts)} from ${inputNames[1]}.`,
      hint: 'Connect the Input of the node counts, or leave it free where all graphs have the same size.',
      fixes: [{ kind: 'removeEdge', label: `Disconnect ${inputNames[1]}`, edge: '' }],
    };
  },
  weights: () => [],
  lower({ b, params: { pool }, values }) {
    const [nodes, counts] = values;
    if (nodes === undefined) throw new Error('GlobalGraphPool was lowered without its nodes.');
    return counts === undefined ? poolAll(b, nodes, pool) : poolReal(b, nodes, b.cast(counts, 'f32'), pool);
  },
  describe: ({ params }) => ({ mean: 'mean', sum: 'sum', max: 'maximum' })[params.pool] ?? params.pool,
  flops: ({ inputs }) => sampleSize(inputs[0] ?? []),
});

function poolAll(b: Builder, nodes: Value, pool: string): Value {
  return pool === 'max' ? b.max(nodes, [1]) : pool === 'sum' ? b.sum(nodes, [1]) : b.mean(nodes, [1]);
}

/** Of the first `counts` (B, 1) nodes of each graph; 0 where there are none. */
function poolReal(b: Builder, nodes: Value, counts: Value, pool: string): Value {
  const [batch = 1, count = 1] = nodes.shape;
  const place = b.cast(b.iota([1, count, 1], 1), 'f32');
  const perGraph = b.reshape(counts, [batch, 1, 1]);
  const real = b.binary('less', place, perGraph); // (B, N, 1)
  if (pool === 'max') return b.select(b.binary('less', 0, counts), b.max(b.select(real, nodes, -Infinity), [1]), 0);
  const sum = b.sum(b.select(real, nodes, 0), [1]);
  return pool === 'sum' ? sum : b.divide(sum, b.maximum(counts, 1));
}
