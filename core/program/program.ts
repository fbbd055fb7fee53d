/**
 * A Program: forward pass, loss, backward pass and optimizer as one flat list of ops from a small closed set,
 * every shape static. What layers lower to, what autodiff extends, what the planner reads.
 */

export type DType = 'f32' | 'i32' | 'u8';

/** Index into `Program.values`. */
export type ValueId = number;

export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export type UnaryFn =
  | 'negate'
  | 'abs'
  | 'sign'
  | 'exp'
  | 'log'
  | 'log1p'
  | 'sqrt'
  | 'rsqrt'
  | 'reciprocal'
  | 'square'
  | 'tanh'
  | 'sigmoid'
  | 'erf'
  | 'sin'
  | 'cos'
  | 'floor'
  | 'isFinite';

/** Comparisons yield f32 0 or 1. */
export type BinaryFn = 'add' | 'subtract' | 'multiply' | 'divide' | 'maximum' | 'minimum' | 'power' | 'equal' | 'less' | 'lessEqual';

export type ReduceFn = 'sum' | 'max';

/**
 * Attributes of every op of the closed set. `inputs` per op are given in the comments.
 * Adding an op: this table, one file in `core/ops`, one line in `core/ops/index.ts`.
 */
export interface OpAttrs {
  /** Leaf: the value of a slot at the start of the step. */
  slot: { readonly slot: string };
  /** Leaf: this step's batch of row indices into the data slots, (B) i32. */
  rows: Record<never, never>;
  /** Leaf: one of this step's scalars (learning rate and the like), () f32. */
  scalar: { readonly index: number };
  /** Leaf: one number broadcast to a shape. */
  constant: { readonly value: number; readonly shape: readonly number[]; readonly dtype: DType };
  /** Leaf: 0, 1, 2, ... along `axis`, i32. */
  iota: { readonly axis: number; readonly shape: readonly number[] };
  /** Leaf: Philox4x32-10 keyed by (session seed, step, stream); uniform in [0, 1) or standard normal, f32. */
  random: { readonly distribution: 'uniform' | 'normal'; readonly stream: number; readonly shape: readonly number[] };
  /** (x) */
  unary: { readonly fn: UnaryFn };
  /** (a, b) with equal shapes; broadcasting is explicit through `broadcast`. */
  binary: { readonly fn: BinaryFn };
  /** (condition, whenTrue, whenFalse), equal shapes; condition ≠ 0 chooses whenTrue. */
  select: Record<never, never>;
  /** (x) to another dtype; f32 to integers truncates. */
  cast: { readonly to: DType };
  /** (x); reduced axes are removed. */
  reduce: { readonly fn: ReduceFn; readonly axes: readonly number[] };
  /** (x); the first index of the maximum along `axis`, i32; the axis is removed. */
  argmax: { readonly axis: number };
  /** (left, right): Einstein summation with one letter per axis, e.g. left `bi`, right `oi`, out `bo`. */
  contract: { readonly left: string; readonly right: string; readonly out: string };
  /** (table, indices i32): rows of the table's first axis; out shape = indices.shape + table.shape[1..]. */
  gather: Record<never, never>;
  /** (values, segments i32 of values.shape[0]): sums or maxima per segment; out shape = (segmentCount, ...values.shape[1..]). */
  segmentReduce: { readonly fn: ReduceFn; readonly segmentCount: number };
  reshape: { readonly shape: readonly number[] };
  /** (x): out axis i is input axis `axes[i]`. */
  transpose: { readonly axes: readonly number[] };
  /** (x): along one axis, `length` elements from `start`. */
  slice: { readonly axis: number; readonly start: number; readonly length: number };
  /** (x): zeros (or `value`) around one axis. */
  pad: { readonly axis: number; readonly before: number; readonly after: number; readonly value: number };
  /** (x0, x1, ...) along `axis`. */
  concat: { readonly axis: number };
  /** (x) to `shape`; input axis i becomes output axis `axes[i]`, an axis of size 1 is stretched. */
  broadcast: { readonly shape: readonly number[]; readonly axes: readonly number[] };
  flip: { readonly axis: number };
  /**
   * (x): sliding windows of `size` taps; `axis` becomes two axes, positions and taps:
   * out[…, p, t, …] = x[…, p·stride + t·dilation, …], a pure view. Windows that don't fit whole are left out.
   */
  window: { readonly axis: number; readonly size: number; readonly stride: number; readonly dilation: number };
  /** (x), the adjoint of `window`: axes `axis` (positions) and `axis` + 1 (taps) become one of `length`, sums where windows overlap. */
  fold: { readonly axis: number; readonly length: number; readonly stride: number; readonly dilation: number };
}

export type OpName = keyof OpAttrs;

export type Op = {
  [K in OpName]: {
    readonly op: K;
    readonly attrs: OpAttrs[K];
    readonly inputs: readonly ValueId[];
    readonly output: ValueId;
    /** The layer node that caused it, for explanation and profiles. */
    readonly node?: string;
  };
}[OpName];

/**
 * At the end of a step a value is stored in a slot. `replace` overwrites it;
 * `append` writes one row of a ring slot at its cursor and advances the cursor.
 */
export interface Assignment {
  readonly slot: string;
  readonly value: ValueId;
  readonly mode: 'replace' | 'append';
}

export interface Program {
  readonly name: string;
  /** Rows per step; 0 where the program reads none. */
  readonly batchSize: number;
  readonly ops: readonly Op[];
  /** Type of each value, indexed by ValueId; each value is the output of exactly one op. */
  readonly values: readonly TensorType[];
  readonly assignments: readonly Assignment[];
  /** Names of the per-step scalars, in the order of `run`'s `scalars`. */
  readonly scalarNames: readonly string[];
}

/** Persistent memory of a session, shared by its programs. */
export type SlotKind = 'parameter' | 'optimizer' | 'statistic' | 'carry' | 'data' | 'ring';

export interface SlotSpec {
  readonly name: string;
  readonly kind: SlotKind;
  readonly type: TensorType;
  /** Ring slots: the first axis of `type.shape` is the capacity in rows. */
}
