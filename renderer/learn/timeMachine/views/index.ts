/**
 * Views of a layer beside its plain numbers: a kernel sliding, gates over time, attention maps. A view gets the machine and
 * the moment, reads the numbers it needs through the machine, and chooses numbers through it. Adding one is a line here.
 */
import type { Component } from 'svelte';
import type { TimeMachine } from '../machine.svelte.ts';
import type { Moment } from '../moments.ts';
import { isGraphMoment } from './graph/graphData.ts';
import { graphText } from './graph/graphText.ts';

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

export const layerViews: readonly LayerView[] = [
  { id: 'graph', title: graphText.title, fits: isGraphMoment, load: () => import('./graph/GraphView.svelte') },
];
