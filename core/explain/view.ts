/** A time machine as it is seen from outside: where it stands and what can be looked at, without the numbers. */
import type { Mode } from '../program/lowerNetwork.ts';
import type { ValueId } from '../program/program.ts';
import type { NamedValue } from './explanation.ts';
import type { Edit } from './record.ts';
import type { Parameter, Stage } from './stages.ts';

/** Where a machine stands. */
export interface ExplainState {
  /** Optimizer steps before the one that is shown, those of the run included. */
  readonly step: number;
  /** Steps that can be taken back. */
  readonly taken: number;
  readonly learningRate: number;
  /** Mean loss of the samples. */
  readonly loss: number;
  readonly edits: readonly Edit[];
}

/** One network on a few samples, opened. */
export interface ExplainView extends ExplainState {
  readonly machine: number;
  readonly mode: Mode;
  readonly rows: readonly number[];
  readonly stages: readonly Stage[];
  readonly parameters: readonly Parameter[];
  /** Names of values by id, for what derivations lead to. */
  readonly names: readonly (readonly [ValueId, NamedValue])[];
  readonly classNames?: readonly string[];
  /** What the numbers of an input stand for, by role: its tokens. */
  readonly roleNames: Readonly<Record<string, readonly string[]>>;
  /** Samples that can be looked at, by part: the first ones. */
  readonly samples: { readonly train: readonly number[]; readonly validation: readonly number[] };
}
