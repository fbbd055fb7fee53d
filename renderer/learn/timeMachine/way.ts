/** What is lit on the canvas: layers of the network itself, for whatever stands in their blocks. */
import type { TimeMachine } from './machine.svelte.ts';
import { nodesBehind } from './moments.ts';

export const rootOf = (node: string): string => node.split('/')[0]!;

/** Backwards: the chain rule's way from the chosen number, or the moment's layer, to the loss. */
export function wayOf({ view, moment, explained, names }: TimeMachine): ReadonlySet<string> | undefined {
  if (view === null || moment?.phase !== 'backward') return undefined;
  const start = explained === null ? moment.node : names.get(explained.value)?.node;
  return start === undefined ? undefined : new Set([...nodesBehind(view.stages, start)].map(rootOf));
}
