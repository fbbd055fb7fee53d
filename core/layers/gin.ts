/**
 * GIN: a two-layer MLP of (1 + ε) · x + Σ of the neighbours. With edge features it is GINE: Σ of ReLU(neighbour + Dense of the
 * edge). As GINConv and GINEConv of PyTorch Geometric.
 */
import type { Builder, Value } from '../program/builder.ts';
import { activationOptions, activationSuffix, applyActivation } from './activationMath.ts';
import { defineLayer, type WeightSpec } from './defineLayer.ts';
import {
  collect,
  countNodesAndEdges,
  edgeFeatureCount,
  flattenNodes,
  graphPorts,
  nodeFeatures,
  nodesWith,
  readMessages,
  requireGraph,
  unitsParam,
} from './graphLayer.ts';
import { initialiserParam, startValues } from './initialisers.ts';

export const gin = defineLayer({
  type: 'gin',
  version: 1,
  title: 'GIN',
  family: 'graph',
  keywords: ['graph isomorphism', 'gine', 'sum', 'mlp', 'message passing', 'gnn', 'molecule', 'edge features'],
  doc: {
    summary:
      'Every node adds up its neighbours and itself, then passes a small MLP. A sum, unlike a mean or a maximum, also tells how many neighbours there are: as good at telling graphs apart as any layer that looks at neighbours. A third input brings features of the edges (GINE).',
    source:
      'Xu, Hu, Leskovec, Jegelka 2019, How powerful are graph neural networks?; edges: Hu and others 2020, Strategies for pre-training graph neural networks; as GINConv and GINEConv of PyTorch Geometric',
  },
  params: {
    units: unitsParam,
    hidden: {
      kind: 'integer',
      label: 'Hidden units',
      doc: 'Width of the MLP’s first layer, which has a ReLU.',
      default: 16,
      min: 1,
      max: 65_536,
      step: 1,
    },
    epsilon: { kind: 'number', label: 'ε', doc: 'How much more a node counts than a neighbour.', default: 0, min: -10, max: 10, step: 0.1 },
    learnEpsilon: { kind: 'boolean', label: 'Learn ε', doc: 'ε is trained with the weights.', default: false },
    activation: { kind: 'choice', label: 'Activation', doc: 'Applied to every output.', default: 'linear', options: activationOptions },
    initialiser: initialiserParam,
  },
  inputCount: { min: 2, max: 3 },
  ports: graphPorts,
  hasOutput: true,
  inferShape: (context) => requireGraph(context) ?? nodesWith(context.inputs, context.params.units),
  weights({ params, inputs }) {
    const features = nodeFeatures(inputs);
    const edgeFeatures = edgeFeatureCount(inputs);
    const dense = (prefix: string, fanIn: number, fanOut: number): WeightSpec[] => {
      const { weight, bias } = startValues(params.initialiser, fanIn, fanOut);
      return [
        { name: `${prefix}Weight`, shape: [fanOut, fanIn], initialiser: weight },
        { name: `${prefix}Bias`, shape: [fanOut], initialiser: bias },
      ];
    };
    const epsilon: WeightSpec = { name: 'epsilon', shape: [1], initialiser: { kind: 'constant', value: params.epsilon } };
    return [
      ...dense('hidden', features, params.hidden),
      ...dense('out', params.hidden, params.units),
      ...(params.learnEpsilon ? [epsilon] : []),
      ...(edgeFeatures > 0 ? dense('edge', edgeFeatures, features) : []),
    ];
  },
  lower({ b, params, values, weights }) {
    const [nodes, edges, edgeValues] = values;
    const { hiddenWeight, hiddenBias, outWeight, outBias, epsilon, edgeWeight, edgeBias } = weights;
    if (nodes === undefined || edges === undefined) throw new Error('GIN was lowered without inputs.');
    const [batch = 1, count = 1] = nodes.shape;
    const messages = readMessages(b, edges, count);
    const x = flattenNodes(b, nodes);
    const heard = b.name(b.gather(x, messages.sources), 'messages'); // (e, F)
    const travelling =
      edgeValues === undefined ? heard : b.maximum(b.add(heard, denseOf(b, flattenNodes(b, edgeValues), edgeWeight, edgeBias)), 0);
    const own = b.multiply(x, epsilon === undefined ? 1 + params.epsilon : b.add(epsilon, 1));
    const sum = b.name(b.add(own, b.name(collect(b, messages, 'sum', travelling), 'aggregated')), 'combined');
    const hidden = b.maximum(b.name(denseOf(b, sum, hiddenWeight, hiddenBias), 'hiddenSum'), 0);
    const out = b.reshape(denseOf(b, hidden, outWeight, outBias), [batch, count, params.units]);
    return applyActivation(b, out, params.activation);
  },
  describe: ({ params }) =>
    `MLP ${params.hidden}, ${params.units}${params.learnEpsilon ? ' · learned ε' : ''}${activationSuffix(params.activation)}`,
  flops({ params, inputs }) {
    const { nodes, edges } = countNodesAndEdges(inputs);
    const features = nodeFeatures(inputs);
    const perNode = 2 * params.hidden * (features + params.units) + 2 * features;
    return nodes * perNode + edges * features * (1 + 2 * edgeFeatureCount(inputs));
  },
});

function denseOf(b: Builder, x: Value, weight: Value | undefined, bias: Value | undefined): Value {
  if (weight === undefined || bias === undefined) throw new Error('GIN was lowered without its weights.');
  return b.add(b.contract('ni,oi->no', x, weight), bias);
}
