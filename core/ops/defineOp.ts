/**
 * What one op of the closed set is: shape rule, gradient rule and plain-loop reference, together in one file.
 * Fast kernels live in the engines; the loops here are the specification they are tested against.
 */
import type { SlotData } from '../engines/engine.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { OpAttrs, OpName, TensorType } from '../program/program.ts';
import { formatType } from './shapes.ts';

type Pair = 'binary' | 'contract' | 'gather' | 'segmentReduce';
type Leaf = 'slot' | 'rows' | 'scalar' | 'constant' | 'iota' | 'random';

/** One T per input of the op. */
export type Inputs<K extends OpName, T> = K extends Leaf
  ? readonly []
  : K extends Pair
    ? readonly [T, T]
    : K extends 'select'
      ? readonly [T, T, T]
      : K extends 'concat'
        ? readonly T[]
        : readonly [T];

export interface GradientContext<K extends OpName> {
  readonly b: Builder;
  readonly attrs: OpAttrs[K];
  readonly inputs: Inputs<K, Value>;
  readonly output: Value;
  /** Of the loss by the output; same shape as the output. */
  readonly gradient: Value;
}

/** Builds the loss's gradient by one input, only when it is needed; null where there is none. */
export type InputGradient = (() => Value) | null;

/** An operand of a reference loop: its elements in row-major order, exactly as many as the type says. */
export interface Tensor {
  readonly type: TensorType;
  /** Elementwise ops and broadcast also take, and may give, one element that stands for all. */
  readonly data: SlotData;
  /** What messages call it: the slot, if it is one. */
  readonly label: string;
}

/** What leaves read; the engine changes it before each step. */
export interface StepState {
  /** Philox key: the session's seed as two words. */
  readonly key: Uint32Array;
  /** The global step number, low and high word. */
  readonly step: Uint32Array;
  rows: Int32Array;
  rowsStart: number;
  scalars: Float32Array;
  scalarsStart: number;
}

/** Working memory shared by all loops of a session; `array` is at least as long as the largest reservation. */
export interface Scratch {
  readonly array: Float64Array;
  reserve(length: number): void;
}

export interface ReferenceContext<K extends OpName> {
  readonly attrs: OpAttrs[K];
  readonly inputs: Inputs<K, Tensor>;
  readonly output: Tensor;
  readonly state: StepState;
  readonly scratch: Scratch;
}

export interface OpDefinition<K extends OpName> {
  /** @throws Error, a defect of the caller, naming the op and the shapes */
  inferType(attrs: OpAttrs[K], inputs: Inputs<K, TensorType>): TensorType;
  /** One entry per input; null for leaves and ops without derivative. */
  readonly gradient: ((context: GradientContext<K>) => readonly InputGradient[]) | null;
  /** Prepares the plain loop over fixed arrays; what it returns runs once per step and allocates nothing. */
  reference(context: ReferenceContext<K>): () => void;
}

/** Ties the definition to its op's name, so that attributes and inputs are typed. */
export function defineOp<K extends OpName>(_name: K, definition: OpDefinition<K>): OpDefinition<K> {
  return definition;
}

/** A shape error inside a program is a defect of ours: layers and losses check what the user can get wrong. */
export function defect(op: OpName, message: string, inputs: readonly TensorType[] = []): never {
  const types = inputs.length === 0 ? '' : `; inputs ${inputs.map(formatType).join(', ')}`;
  throw new Error(`${op}: ${message}${types}`);
}

export function checkAxis(op: OpName, axis: number, inputs: readonly TensorType[], rank = inputs[0]!.shape.length): void {
  if (!Number.isInteger(axis) || axis < 0 || axis >= rank) defect(op, `axis ${axis} is outside 0..${rank - 1}`, inputs);
}

/** Distance of neighbours in an elementwise loop: 0 where one element stands for all. */
export function elementStep(tensor: Tensor): number {
  return tensor.data.length === 1 ? 0 : 1;
}
