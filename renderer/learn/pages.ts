/**
 * What Learn offers. A page is a folder beside this file with one component that fills the room it is given and fetches
 * what it needs; adding one is a line here.
 */
import type { Component } from 'svelte';
import type { learnText } from './learnText.ts';

export interface LearnPage {
  readonly id: string;
  readonly title: string;
  /** One line under the title: what can be done there. */
  readonly summary: string;
  readonly group: keyof typeof learnText.groups;
  readonly load: () => Promise<{ default: Component }>;
}

export const learnPages: readonly LearnPage[] = [
  {
    id: 'timeMachine',
    title: 'Time machine',
    summary: 'One training step, number by number',
    group: 'network',
    load: () => import('./timeMachine/TimeMachinePage.svelte'),
  },
  {
    id: 'diffusion',
    title: 'Diffusion',
    summary: 'An image on its way out of noise',
    group: 'network',
    load: () => import('./diffusion/DiffusionPage.svelte'),
  },
  {
    id: 'cost',
    title: 'Cost of a gradient',
    summary: 'Forward and backward, against one weight at a time',
    group: 'network',
    load: () => import('./cost/CostPage.svelte'),
  },
  {
    id: 'activations',
    title: 'Activations',
    summary: 'f and f′, what arrives at them, and swapping one',
    group: 'benches',
    load: () => import('./activations/ActivationsPage.svelte'),
  },
  {
    id: 'surface',
    title: 'Decision surface',
    summary: 'A small network on two features, unit by unit',
    group: 'benches',
    load: () => import('./surface/SurfaceView.svelte'),
  },
  {
    id: 'landscape',
    title: 'Loss landscape',
    summary: 'Optimizers race over a slice of the loss',
    group: 'benches',
    load: () => import('./landscape/LandscapeView.svelte'),
  },
  {
    id: 'collapse',
    title: 'Collapse',
    summary: 'Layers without activations are one layer',
    group: 'benches',
    load: () => import('./collapse/CollapsePage.svelte'),
  },
  {
    id: 'approximation',
    title: 'Universal approximation',
    summary: 'Draw a curve, choose a width, see the largest error',
    group: 'benches',
    load: () => import('./approximation/ApproximationPage.svelte'),
  },
  {
    id: 'scale',
    title: 'Scale',
    summary: 'LeNet-5 to Llama 3: size, data, compute, memory, time',
    group: 'benches',
    load: () => import('./scale/ScalePage.svelte'),
  },
];
