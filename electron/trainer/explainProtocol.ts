/** What the host asks the thread that explains a network's steps. */
import type { Mode } from '../../core/program/lowerNetwork.ts';
import type { Composition, CompositionRequest } from '../../core/explain/composition.ts';
import type { Derivation, DerivationRequest } from '../../core/explain/derivation.ts';
import type { Edit } from '../../core/explain/record.ts';
import type { ExplainState, ExplainView } from '../../core/explain/view.ts';
import type { LayerCost } from '../../core/learn/cost.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import type { ValueId } from '../../core/program/program.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { DataReference } from './protocol.ts';

export interface ExplainSource {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  readonly data: DataReference;
  /** Of a run; without it the seed's start weights are looked at. */
  readonly checkpointFile?: string;
}

export interface ExplainAsks {
  open: { args: { readonly source: ExplainSource; readonly rows: readonly number[]; readonly mode?: Mode }; result: ExplainView };
  /** Whole values, or a stretch of one. */
  read: { args: { readonly values: readonly ValueId[] }; result: readonly (Float32Array | Int32Array)[] };
  derive: { args: { readonly request: DerivationRequest }; result: Derivation };
  compose: { args: { readonly request: CompositionRequest }; result: Composition };
  change: { args: { readonly edits: readonly Edit[] }; result: ExplainState };
  advance: { args: Record<never, never>; result: ExplainState };
  back: { args: Record<never, never>; result: ExplainState };
  close: { args: Record<never, never>; result: null };
  /** What a gradient of the network costs; opens no machine. */
  cost: { args: { readonly source: ExplainSource }; result: readonly LayerCost[] };
}

export type ExplainAskName = keyof ExplainAsks;

/** All but `open` and `cost` say which machine. */
export type ExplainAsk = {
  [K in ExplainAskName]: { readonly kind: K } & ExplainAsks[K]['args'] &
    (K extends 'open' | 'cost' ? unknown : { readonly machine: number });
}[ExplainAskName];
