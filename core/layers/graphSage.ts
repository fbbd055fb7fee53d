/** GraphSAGE: activation(W₁ · aggregate of the neighbours + W₂ · x + b), as SAGEConv of PyTorch Geometric. */
import { sampleSize } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { activationOptions, activationSuffix, applyActivation } from './activationMath.ts';
import { defineLayer, type WeightSpec } from './defineLayer.ts';
import {
  collect,
  countArriving,
  countNodesAndEdges,
  flattenNodes,
  graphPorts,
  nodeFeatures,
  nodesWith,
  readMessages,
  requireGraph,
  unitsParam,
  type Messages,
} from './graphLayer.ts';
import { initialiserParam, startValues } from './initialisers.ts';

export const graphSage = defineLayer({
  type: 'graphSage',
  version: 1,
  title: 'GraphSAGE',
  family: 'graph',
  keywords: ['graph', 'sage', 'aggregate', 'neighbour', 'message passing', 'gnn', 'inductive', 'node'],
  doc: {
    summary:
      'Every node puts together its own features and the mean or the maximum of those of its neighbours, each side with a Dense of its own. It learns how to sum up a neighbourhood, so that it also works on nodes and graphs never seen.',
    source: 'Hamilton, Ying, Leskovec 2017, Inductive representation learning on large graphs; as SAGEConv of PyTorch Geometric',
  },
  params: {
    units: unitsParam,
    aggregation: {
      kind: 'choice',
      label: 'Aggregation',
      doc: 'How the features of all neighbours become one row.',
      default: 'mean',
      options: [
        { value: 'mean', label: 'Mean', doc: 'The mean of every feature.' },
        { value: 'max', label: 'Maximum', doc: 'The largest of every feature; equal ones share the gradient.' },
      ],
    },
    project: {
      kind: 'boolean',
      label: 'Dense before',
      doc: 'Neighbours pass a Dense with ReLU before they are aggregated; with the maximum this is the pooling of the paper.',
      default: false,
    },
    normalise: { kind: 'boolean', label: 'Unit length', doc: 'Every node’s output is scaled to length 1.', default: false, advanced: true },
    activation: { kind: 'choice', label: 'Activation', doc: 'Applied to every output.', default: 'linear', options: activationOptions },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds one learned number to every unit.', default: true },
    initialiser: initialiserParam,
  },
  inputCount: { min: 2, max: 2 },
  ports: graphPorts,
  hasOutput: true,
  inferShape(context) {
    return requireGraph(context) ?? nodesWith(context.inputs, context.params.units);
  },
  weights({ params, inputs }) {
    const features = nodeFeatures(inputs);
    const { weight, bias } = startValues(params.initialiser, features, params.units);
    const before = startValues(params.initialiser, features, features);
    const specs: WeightSpec[] = [
      { name: 'neighbourWeight', shape: [params.units, features], initialiser: weight },
      { name: 'ownWeight', shape: [params.units, features], initialiser: weight },
    ];
    if (params.bias) specs.push({ name: 'bias', shape: [params.units], initialiser: bias });
    if (params.project) {
      specs.push({ name: 'projectWeight', shape: [features, features], initialiser: before.weight });
      specs.push({ name: 'projectBias', shape: [features], initialiser: before.bias });
    }
    return specs;
  },
  lower({ b, params, values, weights }) {
    const [nodes, edges] = values;
    const { neighbourWeight, ownWeight, bias, projectWeight, projectBias } = weights;
    if (nodes === undefined || edges === undefined || neighbourWeight === undefined || ownWeight === undefined)
      throw new Error('GraphSAGE was lowered without inputs or weights.');
    const [batch = 1, count = 1, features = 1] = nodes.shape;
    const messages = readMessages(b, edges, count);
    const x = flattenNodes(b, nodes); // (n, F)
    const told =
      projectWeight === undefined || projectBias === undefined
        ? x
        : b.maximum(b.add(b.contract('ni,oi->no', x, projectWeight), projectBias), 0);
    // A mean may be taken before or behind the Dense; the narrower side is the shorter way.
    const early = params.aggregation === 'mean' && params.units < features;
    const heard = early
      ? meanOf(b, messages, b.contract('ni,oi->no', told, neighbourWeight))
      : b.contract(
          'ni,oi->no',
          b.name(params.aggregation === 'mean' ? meanOf(b, messages, told) : largestOf(b, messages, told), 'collected'),
          neighbourWeight,
        );
    const sum = b.add(b.name(heard, 'aggregated'), b.contract('ni,oi->no', x, ownWeight));
    const shifted = bias === undefined ? sum : b.add(sum, bias);
    const out = b.reshape(params.normalise ? unitLength(b, shifted) : shifted, [batch, count, params.units]);
    return applyActivation(b, out, params.activation);
  },
  describe: ({ params }) =>
    `${params.units} units · ${params.aggregation === 'max' ? 'maximum' : 'mean'} of neighbours${activationSuffix(params.activation)}`,
  flops({ params, inputs }) {
    const { edges } = countNodesAndEdges(inputs);
    const features = nodeFeatures(inputs);
    return sampleSize(inputs[0] ?? []) * (4 * params.units + (params.project ? 2 * features : 0)) + edges * features;
  },
});

/** 0 where a node has no neighbours. */
function meanOf(b: Builder, messages: Messages, x: Value): Value {
  const sums = collect(b, messages, 'sum', b.name(b.gather(x, messages.sources), 'messages'));
  return b.divide(sums, b.maximum(countArriving(b, messages), 1));
}

function largestOf(b: Builder, messages: Messages, x: Value): Value {
  return collect(b, messages, 'max', b.name(b.gather(x, messages.sources), 'messages'));
}

/** x ÷ max(‖x‖, 10⁻¹²), as torch.nn.functional.normalize. */
function unitLength(b: Builder, x: Value): Value {
  const squares = b.sum(b.unary('square', x), [1], true);
  return b.multiply(x, b.unary('rsqrt', b.maximum(squares, 1e-24)));
}
