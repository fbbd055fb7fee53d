/** The networks of the workloads as documents of the app. The peers' twins stand in peers/. */
import type { NetworkDocument, NodeId, ParamValues } from '../../core/graph/document.ts';
import { addNode, connect, disconnect, setParam } from '../../core/graph/edit.ts';
import { emptyDocument } from '../../core/graph/parseDocument.ts';
import { ddpm28 } from '../../core/zoo/ddpm28.ts';
import { resNet20 } from '../../core/zoo/resNet.ts';

/** What a peer needs to know to build the same network. */
export type NetworkDescription =
  | { readonly family: 'mlp'; readonly sizes: readonly number[]; readonly activation: 'relu' | 'tanh' }
  | { readonly family: 'lenet' | 'cnn' | 'resnet20' | 'ddpm28' | 'gcn' }
  | { readonly family: 'lstm'; readonly vocabulary: number; readonly features: number; readonly units: number }
  | {
      readonly family: 'gpt';
      readonly vocabulary: number;
      readonly features: number;
      readonly heads: number;
      readonly blocks: number;
      readonly time: number;
    };

export function buildDocument(network: NetworkDescription): NetworkDocument {
  switch (network.family) {
    case 'mlp':
      return mlp(network.sizes, network.activation);
    case 'lenet':
      return lenet();
    case 'cnn':
      return cnn();
    case 'resnet20':
      return bound(resNet20.build(), ['image']);
    case 'ddpm28':
      return flattened(bound(ddpm28.build(), ['image', 'step']));
    case 'gcn':
      return gcn();
    case 'lstm':
      return lstm(network);
    case 'gpt':
      return gpt(network);
    default:
      return network satisfies never;
  }
}

/** A model of the zoo with its Inputs, in order, and its Output bound to the roles of the workload. */
function bound(document: NetworkDocument, inputs: readonly string[]): NetworkDocument {
  const ends = (type: string) => document.nodes.filter((node) => node.type === type);
  const bind = (drawn: NetworkDocument, id: NodeId, role: string) => setParam(drawn, id, 'role', role);
  const entered = ends('input').reduce((drawn, { id }, i) => bind(drawn, id, inputs[i] ?? ''), document);
  return ends('output').reduce((drawn, { id }) => bind(drawn, id, 'target'), entered);
}

/** Output takes rows: the image that is predicted arrives as one. */
function flattened(document: NetworkDocument): NetworkDocument {
  const output = document.nodes.find(({ type }) => type === 'output');
  const edge = document.edges.find(({ to }) => to === output?.id);
  if (output === undefined || edge === undefined) return document;
  const added = addNode(disconnect(document, [edge.id]), { type: 'flatten', position: output.position });
  return connect(connect(added.document, edge.from, added.node.id), added.node.id, output.id);
}

/** Draws node after node; `add` returns its id and connects it to the node before unless told to which. */
function drawing(name: string) {
  let document = emptyDocument(name);
  let last: NodeId | undefined;
  return {
    add(type: string, params: ParamValues = {}, from: readonly NodeId[] = last === undefined ? [] : [last]): NodeId {
      const added = addNode(document, { type, params, position: { x: 0, y: 100 * document.nodes.length } });
      document = from.reduce((drawn, id) => connect(drawn, id, added.node.id), added.document);
      last = added.node.id;
      return last;
    },
    finish(): NetworkDocument {
      this.add('output', { role: 'target' });
      return document;
    },
  };
}

/** Images are flattened first, as the app does with its sample. */
function mlp(sizes: readonly number[], activation: string): NetworkDocument {
  const d = drawing('mlp');
  d.add('input', { role: sizes[0] === 784 ? 'image' : 'features' });
  if (sizes[0] === 784) d.add('flatten');
  sizes.slice(1).forEach((units, i) => d.add('dense', i === sizes.length - 2 ? { units } : { units, activation }));
  return d.finish();
}

/** LeNet-5 in its usual present form: ReLU and maximum pooling (LeCun and others 1998 had tanh and averages). */
function lenet(): NetworkDocument {
  const d = drawing('lenet');
  d.add('input', { role: 'image' });
  d.add('conv2d', { filters: 6, kernel: 5, padding: 'same', activation: 'relu' });
  d.add('maxPool2d');
  d.add('conv2d', { filters: 16, kernel: 5, activation: 'relu' });
  d.add('maxPool2d');
  d.add('flatten');
  d.add('dense', { units: 120, activation: 'relu' });
  d.add('dense', { units: 84, activation: 'relu' });
  d.add('dense', { units: 10 });
  return d.finish();
}

/** The zoo's GCN without its dropout, so that every contender computes the same. */
function gcn(): NetworkDocument {
  const d = drawing('gcn');
  const nodes = d.add('input', { role: 'nodes' });
  const edges = d.add('input', { role: 'edges' }, []);
  const hidden = d.add('gcn', { units: 16, activation: 'relu' }, [nodes, edges]);
  d.add('gcn', { units: 7 }, [hidden, edges]);
  return d.finish();
}

function cnn(): NetworkDocument {
  const d = drawing('cnn');
  d.add('input', { role: 'image' });
  d.add('conv2d', { filters: 32, kernel: 3, padding: 'same', activation: 'relu' });
  d.add('conv2d', { filters: 64, kernel: 3, padding: 'same', activation: 'relu' });
  d.add('maxPool2d');
  d.add('conv2d', { filters: 64, kernel: 3, padding: 'same', activation: 'relu' });
  d.add('maxPool2d');
  d.add('flatten');
  d.add('dense', { units: 128, activation: 'relu' });
  d.add('dense', { units: 10 });
  return d.finish();
}

/** Predicts the next token after every token. */
function lstm({ vocabulary, features, units }: Extract<NetworkDescription, { family: 'lstm' }>): NetworkDocument {
  const d = drawing('lstm');
  d.add('input', { role: 'tokens' });
  d.add('embedding', { vocabulary, features });
  d.add('lstm', { units, returns: 'sequence' });
  d.add('dense', { units: vocabulary });
  return d.finish();
}

/** Blocks of GPT-2's form: normalisation before attention and before the two dense layers, each around a skip. */
function gpt({ vocabulary, features, heads, blocks }: Extract<NetworkDescription, { family: 'gpt' }>): NetworkDocument {
  const d = drawing('gpt');
  d.add('input', { role: 'tokens' });
  d.add('embedding', { vocabulary, features, initialiser: 'normal' });
  let stream = d.add('positionalEmbedding', { initialiser: 'normal' });
  for (let block = 0; block < blocks; block++) {
    d.add('layerNorm');
    stream = d.add('add', {}, [stream, d.add('selfAttention', { heads, causal: true })]);
    d.add('layerNorm');
    d.add('dense', { units: 4 * features, activation: 'gelu' });
    stream = d.add('add', {}, [stream, d.add('dense', { units: features })]);
  }
  d.add('layerNorm');
  d.add('dense', { units: vocabulary });
  return d.finish();
}
