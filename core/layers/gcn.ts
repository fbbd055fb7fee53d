/** GCN: activation(D^(−½) (A + I) D^(−½) · X · Wᵀ + b), D the degrees of A + I; weight (units, features). */
import { sampleSize } from '../graph/shape.ts';
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
} from './graphLayer.ts';
import type { Builder, Value } from '../program/builder.ts';
import { initialiserParam, startValues } from './initialisers.ts';

export const gcn = defineLayer({
  type: 'gcn',
  version: 1,
  title: 'GCN',
  family: 'graph',
  keywords: ['graph convolution', 'node', 'edge', 'network', 'message passing', 'gnn', 'kipf'],
  doc: {
    summary:
      'Every node takes the mean of its own features and those of its neighbours, each weighted down by the degrees of both ends, then a Dense. Two in a row see neighbours of neighbours. A third input may bring one weight per edge.',
    source: 'Kipf, Welling 2017, Semi-supervised classification with graph convolutional networks; as GCNConv of PyTorch Geometric',
  },
  params: {
    units: unitsParam,
    activation: { kind: 'choice', label: 'Activation', doc: 'Applied to every output.', default: 'linear', options: activationOptions },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds one learned number to every unit.', default: true },
    initialiser: initialiserParam,
  },
  inputCount: { min: 2, max: 3 },
  ports: graphPorts,
  hasOutput: true,
  inferShape(context) {
    return requireGraph(context, { count: 1, what: 'one weight per edge' }) ?? nodesWith(context.inputs, context.params.units);
  },
  weights({ params, inputs }) {
    const features = nodeFeatures(inputs);
    // Glorot, as in the paper.
    const glorot = { kind: 'uniform', bound: Math.sqrt(6 / (features + params.units)) } as const;
    const { weight, bias } = startValues(params.initialiser, features, params.units, glorot);
    const specs: WeightSpec[] = [{ name: 'weight', shape: [params.units, features], initialiser: weight }];
    return params.bias ? [...specs, { name: 'bias', shape: [params.units], initialiser: bias }] : specs;
  },
  lower({ b, params, values, weights }) {
    const [nodes, edges, edgeWeights] = values;
    const { weight, bias } = weights;
    if (nodes === undefined || edges === undefined || weight === undefined) throw new Error('GCN was lowered without inputs or weight.');
    const [batch = 1, count = 1] = nodes.shape;
    const messages = readMessages(b, edges, count);
    const perEdge = edgeWeights === undefined ? undefined : b.reshape(edgeWeights, [messages.targets.shape[0] ?? 1, 1]); // (e, 1)
    const degrees = b.add(perEdge === undefined ? countArriving(b, messages) : collect(b, messages, 'sum', perEdge), 1); // (n, 1)
    const scale = perEdge === undefined ? b.unary('rsqrt', degrees) : rootsOf(b, degrees);
    const projected = b.contract('ni,oi->no', flattenNodes(b, nodes), weight);
    // The scale of the start before the sum, the scale of the end behind it.
    const sent = b.name(b.multiply(projected, scale), 'sent'); // (n, units)
    const travelling = b.name(b.gather(sent, messages.sources), 'messages'); // (e, units)
    const arrived = b.name(collect(b, messages, 'sum', perEdge === undefined ? travelling : b.multiply(travelling, perEdge)), 'aggregated');
    const mixed = b.multiply(b.add(arrived, sent), scale);
    const out = b.reshape(bias === undefined ? mixed : b.add(mixed, bias), [batch, count, params.units]);
    return applyActivation(b, out, params.activation);
  },
  describe: ({ params }) => `${params.units} units${activationSuffix(params.activation)}`,
  flops({ params, inputs }) {
    const { edges } = countNodesAndEdges(inputs);
    return 2 * sampleSize(inputs[0] ?? []) * params.units + 2 * edges * params.units;
  },
});

/** degrees^(−½), and 0 for a degree of 0, which negative weights may leave. */
function rootsOf(b: Builder, degrees: Value): Value {
  const none = b.binary('equal', degrees, 0);
  return b.select(none, 0, b.unary('rsqrt', b.select(none, 1, degrees)));
}
