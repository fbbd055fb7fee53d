/** Each layer family has a fixed hue and its place in the palette. */
import type { LayerDefinition, LayerFamily } from '../../core/layers/defineLayer.ts';
import { text } from '../text.ts';

export const familyColour = (family: LayerFamily): string => `var(--${family})`;

const order: readonly LayerFamily[] = [
  'input',
  'output',
  'dense',
  'structure',
  'convolution',
  'pooling',
  'activation',
  'normalisation',
  'regularisation',
  'recurrent',
  'attention',
  'graph',
];

export interface PaletteGroup {
  readonly title: string;
  readonly layers: readonly LayerDefinition[];
}

/** The layers by family, families in a fixed order; families of one title share a group. */
export function groupLayers(layers: readonly LayerDefinition[]): PaletteGroup[] {
  const groups = new Map<string, LayerDefinition[]>();
  for (const family of order) {
    for (const layer of layers) {
      if (layer.family !== family) continue;
      const title = text.build.families[family];
      groups.set(title, [...(groups.get(title) ?? []), layer]);
    }
  }
  return [...groups].map(([title, members]) => ({ title, layers: members }));
}
