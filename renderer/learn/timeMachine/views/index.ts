/**
 * Views of a layer beside its plain numbers: a kernel sliding, gates over time, attention maps. A view gets the machine and
 * the moment, reads the numbers it needs through the machine, and chooses numbers through it. Adding one is a line here.
 */
import type { Component } from 'svelte';
import type { TimeMachine } from '../machine.svelte.ts';
import type { Moment } from '../moments.ts';
import { isGraphMoment } from './graph/graphData.ts';
import { graphText } from './graph/graphText.ts';
import { isOfLayer } from './layerParts.ts';
import { isClassLoss } from './loss/classLoss.ts';
import { viewsText } from './viewsText.ts';

export interface ViewProps {
  readonly machine: TimeMachine;
  readonly moment: Moment;
}

export interface LayerView {
  readonly id: string;
  readonly title: string;
  readonly fits: (moment: Moment) => boolean;
  readonly load: () => Promise<{ default: Component<ViewProps> }>;
}

const isDense = (moment: Moment): boolean => moment.type === 'dense' && isOfLayer(moment);

const convolutions = new Set(['conv1d', 'conv2d', 'convTranspose1d', 'convTranspose2d']);
const pools = new Set(['maxPool1d', 'maxPool2d', 'avgPool1d', 'avgPool2d']);
const recurrent = new Set(['rnn', 'gru', 'lstm']);
/** Attention over steps; that of GAT runs along edges. */
const attentive = new Set(['selfAttention', 'crossAttention', 'transformerEncoder', 'transformerDecoder']);

export const layerViews: readonly LayerView[] = [
  { id: 'matrix', title: viewsText.matrix, fits: isDense, load: () => import('./dense/DenseMatrix.svelte') },
  { id: 'neuron', title: viewsText.neuron, fits: isDense, load: () => import('./dense/DenseNeuron.svelte') },
  {
    id: 'attention',
    title: viewsText.attention,
    fits: (moment) => attentive.has(moment.type) && isOfLayer(moment),
    load: () => import('./attention/AttentionView.svelte'),
  },
  {
    id: 'gates',
    title: viewsText.gates,
    fits: (moment) => recurrent.has(moment.type) && isOfLayer(moment),
    load: () => import('./recurrent/RecurrentView.svelte'),
  },
  {
    id: 'kernel',
    title: viewsText.kernel,
    fits: (moment) => convolutions.has(moment.type) && isOfLayer(moment),
    load: () => import('./convolution/ConvolutionView.svelte'),
  },
  {
    id: 'pooling',
    title: viewsText.pooling,
    fits: (moment) => pools.has(moment.type) && isOfLayer(moment),
    load: () => import('./convolution/PoolView.svelte'),
  },
  { id: 'classes', title: viewsText.classes, fits: isClassLoss, load: () => import('./loss/ClassLoss.svelte') },
  { id: 'graph', title: graphText.title, fits: isGraphMoment, load: () => import('./graph/GraphView.svelte') },
  {
    id: 'edgeAttention',
    title: graphText.map,
    fits: (moment) => moment.type === 'gat' && isGraphMoment(moment),
    load: () => import('./graph/EdgeAttention.svelte'),
  },
];
