/** What units are called. */
import type { SurfacePage } from './surfacePage.svelte.ts';
import { surfaceText } from './surfaceText.ts';

type Named = Pick<SurfacePage, 'settings' | 'counts' | 'data'>;

export function unitName(page: Named, layer: number, unit: number): string {
  if (layer === 0) return surfaceText.input(surfaceText.inputNames[page.settings.inputs[unit]!]);
  if (layer < page.counts.length - 1) return surfaceText.unit(layer, unit + 1);
  return page.counts.at(-1) === 1 ? surfaceText.output : surfaceText.outputOf(page.data?.classes[unit] ?? String(unit));
}

/** As in a list of weights: `x²`, `1.3`, `output`. */
export function shortName(page: Named, layer: number, unit: number): string {
  if (layer === 0) return surfaceText.inputNames[page.settings.inputs[unit]!];
  if (layer < page.counts.length - 1) return `${layer}.${unit + 1}`;
  return unitName(page, layer, unit);
}
