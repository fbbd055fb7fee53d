/** One network that comes with Layerbench: what it is, how it is drawn and trained. */
import type { NetworkDocument } from '../../../core/graph/document.ts';
import { setParam } from '../../../core/graph/edit.ts';
import type { SampleNetwork } from '../../../electron/contract/calls.ts';

export interface ExampleNetwork extends SampleNetwork {
  /** Absent where the document was drawn by hand. */
  readonly build?: () => NetworkDocument;
}

/** Binds Inputs and Outputs, in their order, to roles of the data set. */
export function bind(document: NetworkDocument, ...roles: readonly string[]): NetworkDocument {
  const ends = document.nodes.filter(({ type }) => type === 'input' || type === 'output');
  return roles.reduce((bound, role, i) => setParam(bound, ends[i]?.id ?? '', 'role', role), document);
}

/** A processor with two cores, as most have. */
export const twoThreads = { 'engine.threads': '2' } as const;
