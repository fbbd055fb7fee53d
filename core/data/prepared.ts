/** Data as training consumes it: columns in their stored type, row indices of each part, and what was fitted. */
import type { Problem } from '../problem.ts';
import type { DataRole, Task } from './dataSet.ts';
import type { ColumnEncoding } from './encoding.ts';
import type { DType } from '../program/program.ts';
import type { SlotData } from '../engines/engine.ts';

/** How a batch is made from the stored values. */
export type RoleReading =
  /** The rows' own values. */
  | { readonly kind: 'rows' }
  /** Of every row the `length` rows from `offset` on: (B, length, ...). */
  | { readonly kind: 'window'; readonly offset: number; readonly length: number }
  /** All of it, the same for every batch: (1, ...), as the one graph there is. */
  | { readonly kind: 'whole' }
  /** Nothing is stored: the task computes it, as the noise of a diffusion. */
  | { readonly kind: 'computed' };

/** One role's values for all rows, ready to be written into a data slot. */
export interface PreparedRole {
  readonly role: DataRole;
  readonly dtype: DType;
  /**
   * Shape of one row as stored: image (C, H, W) u8, features (F) f32, tokens (T) i32, class target () i32 codes, or (T)
   * for a class per time step, number target (1) f32 on the training scale.
   */
  readonly rowShape: readonly number[];
  readonly values: SlotData;
  /** Default: rows. */
  readonly reading?: RoleReading;
  /** Name of the input whose stored values are this role's too. */
  readonly sharesWith?: string;
  /** The program computes `stored × multiply + add` after the cast to f32; images: 1/255 and 0. */
  readonly affine?: { readonly multiply: number; readonly add: number };
}

/** How a number target was scaled: stored = (own − shift) ÷ scale. */
export interface TargetScale {
  readonly shift: number;
  readonly scale: number;
  readonly unit?: string;
}

/** What was fitted on the training part for one column; `features` is 0 where it is not used. */
export interface FittedColumn {
  readonly column: string;
  /** For display: `standardised: mean 43.92, deviation 5.46; 2 gaps filled with the mean`. */
  readonly becomes: string;
  readonly features: number;
}

export interface PreparedData {
  readonly task: Task;
  readonly rowCount: number;
  readonly inputs: readonly PreparedRole[];
  readonly target: PreparedRole;
  /** Further ends of the network that the task looks at, beside the target. */
  readonly otherTargets?: readonly DataRole[];
  /** Numbers the task looks up in its programs, such as a noise schedule. */
  readonly tables?: readonly { readonly name: string; readonly values: Float32Array }[];
  readonly targetScale?: TargetScale;
  /** Disjoint row indices. A part may be empty, train may not. */
  readonly parts: { readonly train: Int32Array; readonly validation: Int32Array; readonly test: Int32Array };
  readonly fitted: readonly FittedColumn[];
  /** The same as plain data, for rows that come later: the image's first, then those of the features in their order. */
  readonly encodings?: readonly ColumnEncoding[];
  /** What the user should know and training can live with: rows left out, constant columns, an empty part. */
  readonly notices: readonly Problem[];
}

/** What Input and Output nodes can be bound to: inputs first, then the targets. */
export function preparedRoles(data: {
  readonly inputs: readonly { readonly role: DataRole }[];
  readonly target: { readonly role: DataRole };
  readonly otherTargets?: readonly DataRole[];
}): DataRole[] {
  return [...data.inputs.map(({ role }) => role), data.target.role, ...(data.otherTargets ?? [])];
}
