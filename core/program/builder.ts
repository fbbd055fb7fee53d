/**
 * Writes a Program op by op. Layers, losses, optimizers and the gradient all speak to this one interface.
 * A wrong shape here is a defect of the caller (an Error naming op and shapes), never a Problem of the user.
 */
import { ops } from '../ops/index.ts';
import { broadcastShapes, elementCount, formatType, range, sameShape } from '../ops/shapes.ts';
import type { Assignment, BinaryFn, DType, Op, OpAttrs, OpName, Program, ReduceFn, TensorType, UnaryFn, ValueId } from './program.ts';

/** A tensor computed by the program under construction. */
export interface Value {
  readonly id: ValueId;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** A number stands for a constant of the other operand's dtype. */
export type Operand = Value | number;

export interface Builder {
  /** Rows per step; 0 where the program reads none. */
  readonly batchSize: number;
  /** The slot's value at the start of the step; asking twice gives the same value. */
  slot(name: string, type: TensorType): Value;
  /** This step's row indices, (B) i32. */
  rows(): Value;
  /** One of the step's scalars, () f32. */
  scalar(name: string): Value;
  constant(value: number, shape?: readonly number[], dtype?: DType): Value;
  iota(shape: readonly number[], axis: number): Value;
  /** Each call has its own stream, numbered in the order of calls. */
  random(distribution: 'uniform' | 'normal', shape: readonly number[]): Value;

  unary(fn: UnaryFn, x: Value): Value;
  /** Broadcasts as NumPy does. */
  binary(fn: BinaryFn, a: Operand, b: Operand): Value;
  add(a: Operand, b: Operand): Value;
  subtract(a: Operand, b: Operand): Value;
  multiply(a: Operand, b: Operand): Value;
  divide(a: Operand, b: Operand): Value;
  maximum(a: Operand, b: Operand): Value;
  minimum(a: Operand, b: Operand): Value;
  /** condition ≠ 0 chooses `whenTrue`; all three are broadcast. */
  select(condition: Value, whenTrue: Operand, whenFalse: Operand): Value;
  cast(x: Value, to: DType): Value;

  /** Axes may be negative, counted from the end. An empty list returns `x`. */
  sum(x: Value, axes: readonly number[], keepDims?: boolean): Value;
  max(x: Value, axes: readonly number[], keepDims?: boolean): Value;
  mean(x: Value, axes: readonly number[], keepDims?: boolean): Value;
  /** First index of the maximum, i32; the axis is removed. */
  argmax(x: Value, axis: number): Value;
  /** Einstein summation: `contract('bi,oi->bo', x, weight)`. */
  contract(equation: string, left: Value, right: Value): Value;
  /** Rows of the table's first axis. */
  gather(table: Value, indices: Value): Value;
  segmentReduce(fn: ReduceFn, values: Value, segments: Value, segmentCount: number): Value;

  reshape(x: Value, shape: readonly number[]): Value;
  /** Output axis i is input axis `axes[i]`. */
  transpose(x: Value, axes: readonly number[]): Value;
  slice(x: Value, axis: number, start: number, length: number): Value;
  pad(x: Value, axis: number, before: number, after: number, value?: number): Value;
  concat(values: readonly Value[], axis: number): Value;
  /** NumPy's alignment at the last axis. */
  broadcastTo(x: Value, shape: readonly number[]): Value;
  /** Input axis i becomes output axis `axes[i]`; the other axes are new. */
  broadcast(x: Value, shape: readonly number[], axes: readonly number[]): Value;
  flip(x: Value, axis: number): Value;
  /** Sliding windows of `size` taps: the axis becomes two, positions and taps. */
  window(x: Value, axis: number, size: number, options?: WindowOptions): Value;
  /** The adjoint of `window`: axes `axis` and `axis` + 1 become one of `length`. */
  fold(x: Value, axis: number, length: number, options?: WindowOptions): Value;
  /** The same value, taken for a constant by `gradients`; free, it is a view. */
  stopGradient(x: Value): Value;

  /** Stores the value in the slot at the end of the step. */
  assign(slot: string, value: Value): void;
  /** Stores the value as the next row of a ring slot. */
  append(ringSlot: string, value: Value): void;
  /** Says what a value is called where it is explained; the first name stays. @param step of what is unrolled, from 0 */
  name(x: Value, name: string, step?: number): Value;
  /** Ops added inside `fn` are tagged with the layer node. */
  within<T>(nodeId: string, fn: () => T): T;

  /** The op that computes a value, and all ops so far, in order. */
  opOf(value: Value): Op;
  readonly ops: readonly Op[];
  valueOf(id: ValueId): Value;
  isStopped(id: ValueId): boolean;
  readonly names: ReadonlyMap<ValueId, ValueName>;
  build(): Program;
}

export interface ValueName {
  /** `preActivation`, `inputGate`, `attention`, ... */
  readonly name: string;
  readonly step?: number;
}

export interface WindowOptions {
  /** Distance of neighbouring windows, default 1. */
  readonly stride?: number;
  /** Distance of neighbouring taps, default 1. */
  readonly dilation?: number;
}

export interface BuilderOptions {
  readonly name: string;
  /** Rows per step; 0 for a program that reads none. */
  readonly batchSize: number;
}

export function createBuilder({ name, batchSize }: BuilderOptions): Builder {
  const program: Op[] = [];
  const values: Value[] = [];
  const assignments: Assignment[] = [];
  const scalarNames: string[] = [];
  const leaves = new Map<string, Value>();
  const stopped = new Set<ValueId>();
  const names = new Map<ValueId, ValueName>();
  let streams = 0;
  let node: string | undefined;

  function emitTyped<K extends OpName>(op: K, attrs: OpAttrs[K], inputs: readonly Value[], type: TensorType): Value {
    const output: Value = { id: values.length, shape: type.shape, dtype: type.dtype };
    const entry = { op, attrs, inputs: inputs.map((input) => input.id), output: output.id, ...(node === undefined ? {} : { node }) };
    program.push(entry as unknown as Op);
    values.push(output);
    return output;
  }

  function emit<K extends OpName>(op: K, attrs: OpAttrs[K], inputs: readonly Value[]): Value {
    return emitTyped(op, attrs, inputs, ops[op].inferType(attrs, inputs as never));
  }

  function leaf(key: string, create: () => Value): Value {
    const value = leaves.get(key) ?? create();
    leaves.set(key, value);
    return value;
  }

  function normaliseAxis(x: Value, axis: number): number {
    return axis < 0 ? axis + x.shape.length : axis;
  }

  /** Both operands as values of the broadcast shape. */
  function align(context: string, operands: readonly Operand[]): Value[] {
    const tensors = operands.filter((operand) => typeof operand !== 'number');
    const dtype = tensors[0]?.dtype ?? 'f32';
    let shape: readonly number[] = [];
    for (const tensor of tensors) {
      const joint = broadcastShapes(shape, tensor.shape);
      if (joint === undefined) throw new Error(`${context}: shapes do not broadcast; inputs ${tensors.map(formatType).join(', ')}`);
      shape = joint;
    }
    return operands.map((operand) => (typeof operand === 'number' ? b.constant(operand, shape, dtype) : b.broadcastTo(operand, shape)));
  }

  function reduce(fn: ReduceFn, x: Value, axes: readonly number[], keepDims: boolean): Value {
    if (axes.length === 0) return x;
    const sorted = axes.map((axis) => normaliseAxis(x, axis)).sort((p, q) => p - q);
    const reduced = emit('reduce', { fn, axes: sorted }, [x]);
    return keepDims
      ? b.reshape(
          reduced,
          x.shape.map((size, axis) => (sorted.includes(axis) ? 1 : size)),
        )
      : reduced;
  }

  /** x + 0, x − 0, x · 1 and x / 1 are x. */
  function isIdentity(fn: BinaryFn, left: Operand, right: Operand): Value | undefined {
    const neutral = fn === 'add' || fn === 'subtract' ? 0 : fn === 'multiply' || fn === 'divide' ? 1 : undefined;
    if (neutral === undefined) return undefined;
    if (right === neutral && typeof left !== 'number') return left;
    const commutes = fn === 'add' || fn === 'multiply';
    return commutes && left === neutral && typeof right !== 'number' ? right : undefined;
  }

  const b: Builder = {
    batchSize,
    slot(slotName, type) {
      const value = leaf(`slot ${slotName}`, () => emitTyped('slot', { slot: slotName }, [], type));
      if (value.dtype !== type.dtype || !sameShape(value.shape, type.shape)) {
        throw new Error(`slot: "${slotName}" is ${formatType(value)}, not ${formatType(type)}`);
      }
      return value;
    },
    rows() {
      if (batchSize === 0) throw new Error(`rows: program "${name}" has batch size 0`);
      return leaf('rows', () => emitTyped('rows', {}, [], { shape: [batchSize], dtype: 'i32' }));
    },
    scalar: (scalarName) => leaf(`scalar ${scalarName}`, () => emit('scalar', { index: scalarNames.push(scalarName) - 1 }, [])),
    constant: (value, shape = [], dtype = 'f32') => emit('constant', { value, shape, dtype }, []),
    iota: (shape, axis) => emit('iota', { shape, axis: axis < 0 ? axis + shape.length : axis }, []),
    random: (distribution, shape) => emit('random', { distribution, stream: streams++, shape }, []),

    unary: (fn, x) => emit('unary', { fn }, [x]),
    binary(fn, left, right) {
      return isIdentity(fn, left, right) ?? emit('binary', { fn }, align(fn, [left, right]));
    },
    add: (left, right) => b.binary('add', left, right),
    subtract: (left, right) => b.binary('subtract', left, right),
    multiply: (left, right) => b.binary('multiply', left, right),
    divide: (left, right) => b.binary('divide', left, right),
    maximum: (left, right) => b.binary('maximum', left, right),
    minimum: (left, right) => b.binary('minimum', left, right),
    select(condition, whenTrue, whenFalse) {
      const tensor = typeof whenTrue === 'number' ? whenFalse : whenTrue;
      const dtype = typeof tensor === 'number' ? 'f32' : tensor.dtype;
      const branches = [whenTrue, whenFalse].map((branch) => (typeof branch === 'number' ? b.constant(branch, [], dtype) : branch));
      return emit('select', {}, align('select', [condition, ...branches]));
    },
    cast: (x, to) => (x.dtype === to ? x : emit('cast', { to }, [x])),

    sum: (x, axes, keepDims = false) => reduce('sum', x, axes, keepDims),
    max: (x, axes, keepDims = false) => reduce('max', x, axes, keepDims),
    mean(x, axes, keepDims = false) {
      const total = reduce('sum', x, axes, keepDims);
      return b.divide(total, elementCount(x.shape) / elementCount(total.shape));
    },
    argmax: (x, axis) => emit('argmax', { axis: normaliseAxis(x, axis) }, [x]),
    contract(equation, left, right) {
      const match = /^([a-zA-Z]*),([a-zA-Z]*)->([a-zA-Z]*)$/.exec(equation);
      if (match === null) throw new Error(`contract: "${equation}" does not read like "bi,oi->bo"`);
      return emit('contract', { left: match[1]!, right: match[2]!, out: match[3]! }, [left, right]);
    },
    gather: (table, indices) => emit('gather', {}, [table, indices]),
    segmentReduce: (fn, x, segments, segmentCount) => emit('segmentReduce', { fn, segmentCount }, [x, segments]),

    reshape: (x, shape) => (sameShape(x.shape, shape) ? x : emit('reshape', { shape }, [x])),
    transpose(x, axes) {
      const from = axes.map((axis) => normaliseAxis(x, axis));
      return from.length === x.shape.length && from.every((axis, i) => axis === i) ? x : emit('transpose', { axes: from }, [x]);
    },
    slice(x, axis, start, length) {
      const at = normaliseAxis(x, axis);
      return start === 0 && length === x.shape[at] ? x : emit('slice', { axis: at, start, length }, [x]);
    },
    pad(x, axis, before, after, value = 0) {
      return before === 0 && after === 0 ? x : emit('pad', { axis: normaliseAxis(x, axis), before, after, value }, [x]);
    },
    concat(parts, axis) {
      return parts.length === 1
        ? parts[0]!
        : emit('concat', { axis: parts[0] === undefined ? axis : normaliseAxis(parts[0], axis) }, parts);
    },
    broadcastTo(x, shape) {
      return b.broadcast(
        x,
        shape,
        range(x.shape.length).map((axis) => axis + shape.length - x.shape.length),
      );
    },
    broadcast(x, shape, axes) {
      if (sameShape(x.shape, shape)) return x;
      const source = b.opOf(x);
      if (source.op === 'constant') return b.constant(source.attrs.value, shape, source.attrs.dtype);
      return emit('broadcast', { shape, axes }, [x]);
    },
    flip: (x, axis) => emit('flip', { axis: normaliseAxis(x, axis) }, [x]),
    window(x, axis, size, { stride = 1, dilation = 1 } = {}) {
      const at = normaliseAxis(x, axis);
      // Windows side by side that use up the axis: nothing moves.
      const tiles = (dilation === 1 || size === 1) && stride === size && x.shape[at]! % size === 0;
      return tiles
        ? b.reshape(x, x.shape.toSpliced(at, 1, x.shape[at]! / size, size))
        : emit('window', { axis: at, size, stride, dilation }, [x]);
    },
    fold: (x, axis, length, { stride = 1, dilation = 1 } = {}) =>
      emit('fold', { axis: normaliseAxis(x, axis), length, stride, dilation }, [x]),
    stopGradient(x) {
      const view = emit('reshape', { shape: x.shape }, [x]);
      stopped.add(view.id);
      return view;
    },

    assign: (slot, value) => void assignments.push({ slot, value: value.id, mode: 'replace' }),
    append: (slot, value) => void assignments.push({ slot, value: value.id, mode: 'append' }),
    name(x, called, step) {
      if (!names.has(x.id)) names.set(x.id, step === undefined ? { name: called } : { name: called, step });
      return x;
    },
    within(nodeId, fn) {
      const outer = node;
      node = nodeId;
      try {
        return fn();
      } finally {
        node = outer;
      }
    },

    ops: program,
    opOf(value) {
      const op = program[value.id];
      if (op === undefined || values[value.id] !== value) throw new Error(`value ${value.id} is not of program "${name}"`);
      return op;
    },
    valueOf: (id) => values[id]!,
    isStopped: (id) => stopped.has(id),
    names,
    build() {
      return {
        name,
        batchSize,
        ops: [...program],
        values: values.map(({ shape, dtype }) => ({ shape, dtype })),
        assignments: [...assignments],
        scalarNames: [...scalarNames],
      };
    },
  };
  return b;
}
