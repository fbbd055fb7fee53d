/** Graphs: nodes told apart by their neighbours, and whole graphs by what they contain. */
import { drawing } from '../../../core/zoo/drawing.ts';
import type { Sketch } from '../../../core/zoo/drawing.ts';
import type { NodeId, ParamValues } from '../../../core/graph/document.ts';
import { bind, type ExampleNetwork } from './example.ts';

interface Plan {
  readonly name: string;
  /** Numbers of a node, where no data set is chosen. */
  readonly features: number;
  readonly hidden: ParamValues;
  readonly classes: ParamValues;
  readonly layer: 'gcn' | 'gat';
  readonly target: string;
  readonly dropout: number;
}

/** Two layers that see the neighbours, and theirs. */
function twoHops({ name, features, hidden, classes, layer, target, dropout }: Plan) {
  const d = drawing(name, `34 × ${features}`);
  const nodes = d.last();
  const edges = d.add('input', { shape: '156 × 2' }, { from: [], name: 'edges' });
  const first = dropout > 0 ? d.add('dropout', { probability: dropout }, { from: nodes }) : nodes;
  d.add(layer, hidden, { from: [first, edges] });
  if (layer === 'gat') d.add('elu');
  if (dropout > 0) d.add('dropout', { probability: dropout });
  d.add(layer, classes, { from: [d.last(), edges] });
  return bind(d.finish(), 'nodes', 'edges', target);
}

/** Neighbours are summed, then two dense layers (Xu 2019), three times. */
function isomorphism(s: Sketch, nodes: NodeId, edges: NodeId): void {
  for (let hop = 0; hop < 3; hop++) {
    s.add('gin', { units: 32 }, { from: [hop === 0 ? nodes : s.last(), edges] });
    s.add('relu');
  }
}

const karate = {
  dataSet: 'karate',
  settings: { epochs: '200', 'optimizer.learningRate': '0.02', 'optimizer.weightDecay': '0.0005' },
} as const;

const wordnet = {
  dataSet: 'wordnet',
  settings: { epochs: '100', 'optimizer.learningRate': '0.01', 'optimizer.weightDecay': '0.0005' },
} as const;

export const graphNetworks: readonly ExampleNetwork[] = [
  {
    id: 'gcn-karate',
    family: 'graph',
    name: 'GCN for the karate club',
    description: 'Two members have said which club they join; a graph network finds out the others from who knows whom.',
    ...karate,
    build: () =>
      twoHops({
        name: 'GCN for the karate club',
        features: 34,
        layer: 'gcn',
        hidden: { units: 16, activation: 'relu' },
        classes: { units: 2 },
        target: 'club',
        dropout: 0,
      }),
  },
  {
    id: 'gat-karate',
    family: 'graph',
    name: 'GAT for the karate club',
    description: 'The same with attention: a member listens more to some friends than to others.',
    ...karate,
    settings: { ...karate.settings, epochs: '20', 'optimizer.learningRate': '0.01' },
    build: () =>
      twoHops({
        name: 'GAT for the karate club',
        features: 34,
        layer: 'gat',
        hidden: { units: 8, heads: 4 },
        classes: { units: 2, heads: 1 },
        target: 'club',
        dropout: 0,
      }),
  },
  {
    id: 'gcn-wordnet',
    family: 'graph',
    name: 'GCN for WordNet nouns',
    description: 'Nouns and what they are kinds and parts of: neighbours say more of a word than its few words of explanation.',
    ...wordnet,
    build: () =>
      twoHops({
        name: 'GCN for WordNet nouns',
        features: 1433,
        layer: 'gcn',
        hidden: { units: 16, activation: 'relu' },
        classes: { units: 7 },
        target: 'class',
        dropout: 0.5,
      }),
  },
  {
    id: 'gat-wordnet',
    family: 'graph',
    name: 'GAT for WordNet nouns',
    description: 'The same with attention over the neighbours, eight heads of eight numbers.',
    ...wordnet,
    build: () =>
      twoHops({
        name: 'GAT for WordNet nouns',
        features: 1433,
        layer: 'gat',
        hidden: { units: 8, heads: 8 },
        classes: { units: 7, heads: 1 },
        target: 'class',
        dropout: 0.5,
      }),
  },
  {
    id: 'mlp-wordnet',
    family: 'graph',
    name: 'MLP for WordNet nouns',
    description: 'What a network finds that sees every noun by itself: to compare the graph networks with.',
    ...wordnet,
    build() {
      const d = drawing('MLP for WordNet nouns', '34 × 1433');
      d.add('dropout', { probability: 0.5 });
      d.add('dense', { units: 16, activation: 'relu' });
      d.add('dropout', { probability: 0.5 });
      d.add('dense', { units: 7 });
      return bind(d.finish(), 'nodes', 'class');
    },
  },
  {
    id: 'gin-motifs',
    family: 'graph',
    name: 'GIN for motifs',
    description: 'Tells small graphs apart by the motif that is hidden in them.',
    dataSet: 'motifs',
    settings: { epochs: '150', 'optimizer.learningRate': '0.002', 'schedule.kind': 'cosine', batchSize: '32' },
    build() {
      const d = drawing('GIN for motifs', '25 × 1');
      const nodes = d.last();
      const edges = d.add('input', { shape: '60 × 2' }, { from: [], name: 'edges' });
      const counts = d.add('input', { shape: '1' }, { from: [], name: 'node counts' });
      isomorphism(d, nodes, edges);
      d.add('globalGraphPool', { pool: 'sum' }, { from: [d.last(), counts] });
      d.add('dense', { units: 32, activation: 'relu' });
      d.add('dense', { units: 3 });
      return bind(d.finish(), 'nodes', 'edges', 'node counts', 'motif');
    },
  },
];
