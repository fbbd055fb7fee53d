/** What can be tried with a run, the most telling first. */
import type { UseDescription } from '../../electron/contract/calls.ts';

export type UseMode = 'image' | 'form' | 'rows' | 'text' | 'translate' | 'forecast' | 'nodes' | 'sample';

export function modesOf(description: UseDescription): UseMode[] {
  const { predict } = description;
  const modes: UseMode[] = [];
  if (description.generate !== undefined) modes.push('text');
  if (description.translate !== undefined) modes.push('translate');
  if (description.sample !== undefined) modes.push('sample');
  if (description.forecast !== undefined) modes.push('forecast');
  if (description.nodes !== undefined) modes.push('nodes');
  if (predict !== undefined) {
    if (predict.typed && predict.image !== undefined) modes.push('image');
    else if (predict.typed && predict.fields.length > 0) modes.push('form');
    // A series' windows and a graph's nodes are seen better in their own places.
    else if (modes.length === 0) modes.push('rows');
  }
  return modes;
}
