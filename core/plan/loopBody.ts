/**
 * The inside of a loop kernel: expression nodes over loop axes. `outer` axes are shared out in units; phases run one
 * after the other within a unit, each over its own axes; what depends on no phase axis is computed once per row.
 * Plain data, so that equal bodies are equal as JSON.
 */
import type { BinaryFn, DType, UnaryFn } from '../program/program.ts';

export type AxisId = number;
export type NodeId = number;

/** offset + Σ coefficient · index of axis; axes ascending, coefficients not 0. In elements. */
export interface Affine {
  readonly offset: number;
  readonly terms: readonly (readonly [AxisId, number])[];
}

export type LoopNode =
  /** Element `at` of a buffer; `row` adds row · `rowStride`, the row checked against `rowCount` (status is `buffer` of the check). */
  | {
      readonly op: 'load';
      readonly buffer: number;
      readonly dtype: DType;
      readonly at: Affine;
      /** Of what the kernel itself stores: after how many phases it can be read. */
      readonly after?: number;
      readonly row?: { readonly node: NodeId; readonly stride: number; readonly count: number; readonly status: number };
    }
  /** The sum of the tile at this m, n: epilogues only. */
  | { readonly op: 'tile'; readonly dtype: 'f32' }
  | { readonly op: 'constant'; readonly value: number | 'NaN' | 'Infinity' | '-Infinity' | '-0'; readonly dtype: DType }
  | { readonly op: 'index'; readonly at: Affine; readonly dtype: 'i32' }
  /** Number `at` of a stream, by Philox; `step` is the buffer of key and step number. */
  | {
      readonly op: 'random';
      readonly distribution: 'uniform' | 'normal';
      readonly stream: number;
      readonly at: Affine;
      readonly step: number;
      readonly dtype: 'f32';
    }
  | { readonly op: 'unary'; readonly fn: UnaryFn; readonly inputs: readonly [NodeId]; readonly dtype: DType }
  | { readonly op: 'binary'; readonly fn: BinaryFn; readonly inputs: readonly [NodeId, NodeId]; readonly dtype: DType }
  | { readonly op: 'select'; readonly inputs: readonly [NodeId, NodeId, NodeId]; readonly dtype: DType }
  | { readonly op: 'cast'; readonly inputs: readonly [NodeId]; readonly dtype: DType }
  /** Over all axes of a phase; `argmax` takes (value, index) and gives the first index of the maximum. */
  | {
      readonly op: 'reduce';
      readonly fn: 'sum' | 'max' | 'argmax';
      readonly phase: number;
      readonly inputs: readonly NodeId[];
      readonly dtype: DType;
    };

export interface LoopStore {
  readonly buffer: number;
  readonly dtype: DType;
  readonly at: Affine;
  readonly node: NodeId;
  /** In the loop of this phase, or absent: once per row. */
  readonly phase?: number;
}

export interface LoopBody {
  /** Sizes by AxisId. */
  readonly sizes: readonly number[];
  /** Shared out in units, outermost first. */
  readonly outer: readonly AxisId[];
  /** Axes of each phase, outermost first. */
  readonly phases: readonly (readonly AxisId[])[];
  /** Which axis goes four at a time: the last of `outer`, or the last of each phase. */
  readonly vector: 'outer' | 'inner';
  /** Indices of the last outer axis per unit. */
  readonly chunk: number;
  /** Inputs before uses. */
  readonly nodes: readonly LoopNode[];
  readonly stores: readonly LoopStore[];
}
