/**
 * GAT, several heads: every node takes the sum of W x over its neighbours and itself, weighted by the softmax over them of
 * LeakyReLU(a₁ · W x of the start + a₂ · W x of the end + a₃ · U e of the edge). As GATConv of PyTorch Geometric.
 */
import { sampleSize } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { activationOptions, activationSuffix, applyActivation, leakyRelu } from './activationMath.ts';
import { defineLayer, type WeightSpec } from './defineLayer.ts';
import { dropoutParam, dropValues } from './dropping.ts';
import {
  atTargets,
  collect,
  countArriving,
  countNodesAndEdges,
  edgeFeatureCount,
  flattenNodes,
  graphPorts,
  nodeFeatures,
  nodesWith,
  readMessages,
  requireGraph,
  withSelfLoops,
  type Messages,
} from './graphLayer.ts';
import { initialiserParam, startValues } from './initialisers.ts';

export const gat = defineLayer({
  type: 'gat',
  version: 1,
  title: 'GAT',
  family: 'graph',
  keywords: ['graph attention', 'heads', 'neighbour', 'message passing', 'gnn', 'node', 'edge'],
  doc: {
    summary:
      'Every node looks at its neighbours and itself and learns how much to listen to each: a softmax over the incoming edges, once for every head. Features of edges may join as a third input; an edge from a node to itself then has the mean of its others.',
    source: 'Veličković, Cucurull, Casanova, Romero, Liò, Bengio 2018, Graph attention networks; as GATConv of PyTorch Geometric',
  },
  params: {
    units: { kind: 'integer', label: 'Units per head', doc: 'Features that each head gives.', default: 8, min: 1, max: 65_536, step: 1 },
    heads: {
      kind: 'integer',
      label: 'Heads',
      doc: 'How many ways of attending there are side by side.',
      default: 8,
      min: 1,
      max: 256,
      step: 1,
    },
    combine: {
      kind: 'choice',
      label: 'Heads give',
      doc: 'How the heads become one row.',
      default: 'concat',
      options: [
        { value: 'concat', label: 'All side by side', doc: 'Heads × units features: for hidden layers.' },
        { value: 'mean', label: 'Their mean', doc: 'Units features: for the last layer.' },
      ],
    },
    negativeSlope: {
      kind: 'number',
      label: 'Negative slope',
      doc: 'Slope of the LeakyReLU of the scores below 0.',
      default: 0.2,
      min: 0,
      max: 1,
      step: 0.05,
      advanced: true,
    },
    dropout: { ...dropoutParam, doc: 'Share of the attention that is dropped in each training step.' },
    activation: { kind: 'choice', label: 'Activation', doc: 'Applied to every output.', default: 'linear', options: activationOptions },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds one learned number to every output.', default: true },
    initialiser: initialiserParam,
  },
  inputCount: { min: 2, max: 3 },
  ports: graphPorts,
  hasOutput: true,
  inferShape: (context) => requireGraph(context) ?? nodesWith(context.inputs, outputs(context.params)),
  weights({ params, inputs }) {
    const { heads, units } = params;
    const features = nodeFeatures(inputs);
    // Glorot, over the rows of all heads and over (heads, units).
    const start = (fanIn: number, fanOut: number) =>
      startValues(params.initialiser, fanIn, fanOut, { kind: 'uniform', bound: Math.sqrt(6 / (fanIn + fanOut)) });
    const score = start(units, heads).weight;
    const specs: WeightSpec[] = [
      { name: 'weight', shape: [heads * units, features], initialiser: start(features, heads * units).weight },
      { name: 'sourceScore', shape: [heads, units], initialiser: score },
      { name: 'targetScore', shape: [heads, units], initialiser: score },
    ];
    const edgeFeatures = edgeFeatureCount(inputs);
    if (edgeFeatures > 0) {
      specs.push({ name: 'edgeWeight', shape: [heads * units, edgeFeatures], initialiser: start(edgeFeatures, heads * units).weight });
      specs.push({ name: 'edgeScore', shape: [heads, units], initialiser: score });
    }
    return params.bias ? [...specs, { name: 'bias', shape: [outputs(params)], initialiser: { kind: 'zeros' } }] : specs;
  },
  lower({ b, params, values, weights, mode }) {
    const [nodes, edges, edgeValues] = values;
    const { weight, sourceScore, targetScore, edgeWeight, edgeScore, bias } = weights;
    const { heads, units } = params;
    if (nodes === undefined || edges === undefined || weight === undefined || sourceScore === undefined || targetScore === undefined)
      throw new Error('GAT was lowered without inputs or weights.');
    const [batch = 1, count = 1] = nodes.shape;
    const direct = readMessages(b, edges, count);
    const messages = withSelfLoops(b, direct);
    const x = b.contract('ni,oi->no', flattenNodes(b, nodes), weight);
    const projected = b.reshape(x, [batch * count, heads, units]);
    const scoreOf = (own: Value, score: Value) => b.contract('nhu,hu->nh', own, score);
    const fromSource = b.gather(scoreOf(projected, sourceScore), messages.sources); // (e, heads)
    const sum = b.add(fromSource, atTargets(b, messages, scoreOf(projected, targetScore)));
    const fromEdges =
      edgeValues === undefined || edgeWeight === undefined || edgeScore === undefined
        ? undefined
        : edgeScores(b, direct, edgeValues, edgeWeight, edgeScore);
    const scores = leakyRelu(b, fromEdges === undefined ? sum : b.add(sum, fromEdges), params.negativeSlope);
    const weighed = b.name(softmaxArriving(b, messages, b.name(scores, 'edgeScores')), 'attention'); // (e, heads)
    const attention = dropValues(b, weighed, params.dropout, mode);
    const travelling = b.name(b.multiply(b.gather(projected, messages.sources), b.reshape(attention, [...attention.shape, 1])), 'messages');
    const heard = b.name(collect(b, messages, 'sum', travelling), 'aggregated'); // (n, heads, units)
    const combined = params.combine === 'concat' ? b.reshape(heard, [batch * count, heads * units]) : b.mean(heard, [1]);
    const shifted = bias === undefined ? combined : b.add(combined, bias);
    return applyActivation(b, b.reshape(shifted, [batch, count, outputs(params)]), params.activation);
  },
  describe({ params }) {
    const heads = `${params.heads} ${params.heads === 1 ? 'head' : 'heads'}`;
    return `${heads} × ${params.units}${params.combine === 'mean' ? ', mean' : ''}${activationSuffix(params.activation)}`;
  },
  flops({ params, inputs }) {
    const { nodes, edges } = countNodesAndEdges(inputs);
    const width = params.heads * params.units;
    return 2 * sampleSize(inputs[0] ?? []) * width + 4 * nodes * width + (edges + nodes) * (2 * width + 8 * params.heads);
  },
});

function outputs({ heads, units, combine }: { readonly heads: number; readonly units: number; readonly combine: string }): number {
  return combine === 'concat' ? heads * units : units;
}

/** What edges add to the scores, (e + n, heads): of each edge, then of each node's own the mean of those that arrive there. */
function edgeScores(b: Builder, direct: Messages, edgeValues: Value, weight: Value, score: Value): Value {
  const [batch = 1, edges = 1, features = 1] = edgeValues.shape;
  const [heads = 1, units = 1] = score.shape;
  // The score of U e is linear in e: one row per head.
  const rows = b.contract('hui,hu->hi', b.reshape(weight, [heads, units, features]), score);
  const own = b.contract('ei,hi->eh', b.reshape(edgeValues, [batch * edges, features]), rows);
  const mean = b.divide(collect(b, direct, 'sum', own), b.maximum(countArriving(b, direct), 1));
  return b.concat([own, mean], 0);
}

/** Over the edges that arrive at the same node; every node has at least its own. */
function softmaxArriving(b: Builder, messages: Messages, scores: Value): Value {
  const largest = b.stopGradient(collect(b, messages, 'max', b.stopGradient(scores)));
  // Edges that carry nothing arrive nowhere; exp(0) keeps them finite.
  const shifted = b.subtract(scores, atTargets(b, messages, largest));
  const carries = b.binary('less', messages.targets, messages.count);
  const exponentials = b.unary('exp', b.select(b.reshape(carries, [carries.shape[0] ?? 1, 1]), shifted, 0));
  const totals = collect(b, messages, 'sum', exponentials);
  return b.divide(exponentials, b.gather(b.pad(totals, 0, 0, 1, 1), messages.targets));
}
