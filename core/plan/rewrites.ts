/** Rewrites of a simplified program that make fused kernels fewer or better; results differ at most in rounding. */
import { ops as definitions } from '../ops/index.ts';
import type { OpDefinition } from '../ops/defineOp.ts';
import { elementCount, range } from '../ops/shapes.ts';
import type { Op, OpAttrs, OpName, Program, TensorType, ValueId } from '../program/program.ts';
import { expandFold } from './expandFold.ts';
import { isView } from './roots.ts';
import { dropDeadOps, mergeEqualOps } from './simplify.ts';

/** Contractions of at most so many multiply-adds are plain loops: packing would cost more than it saves. */
const smallContraction = 1024;
/** Of one row or column, from so many multiply-adds and so long a sum on kernels of contractions are worth it again. */
const largeContraction = { all: 2 ** 20, sum: 64 };
/** Sums over more rows than this, of few results, go in two stages, so that they can be shared out. */
const longSum = 4096;

export function rewriteForFusion(program: Program): Program {
  let current = program;
  for (const rule of [expandFold, foldConstants, replaceEmpty, contractionsToLoops, compareActivations, joinPads, splitLongSums]) {
    const next = rewrite(current, rule);
    if (next !== current) current = mergeEqualOps(dropDeadOps(next));
  }
  return dropDeadOps(current);
}

interface Rewriter {
  emit<K extends OpName>(op: K, attrs: OpAttrs[K], inputs: readonly ValueId[]): ValueId;
  typeOf(id: ValueId): TensorType;
  opOf(id: ValueId): Op;
  /** Ops so far that read a value. */
  readersOf(id: ValueId): readonly Op[];
}

/** Gives the value that replaces the op's, or undefined to keep the op. */
type Rule = (op: Op, to: Rewriter) => ValueId | undefined;

function rewrite(program: Program, rule: Rule): Program {
  const values = [...program.values];
  const ops: Op[] = [];
  const byOutput = new Map<ValueId, Op>();
  const replaced = new Map<ValueId, ValueId>();
  const readers = new Map<ValueId, Op[]>();
  let node: string | undefined;

  function push(op: Op): void {
    ops.push(op);
    byOutput.set(op.output, op);
    for (const id of op.inputs) {
      const known = readers.get(id);
      if (known === undefined) readers.set(id, [op]);
      else known.push(op);
    }
  }
  const rewriter: Rewriter = {
    emit(op, attrs, inputs) {
      const { inferType } = definitions[op] as unknown as OpDefinition<OpName>;
      const type = inferType(attrs as never, inputs.map((id) => values[id]!) as never);
      const output = values.push(type) - 1;
      push({ op, attrs, inputs, output, ...(node === undefined ? {} : { node }) } as unknown as Op);
      return output;
    },
    typeOf: (id) => values[id]!,
    opOf: (id) => byOutput.get(id)!,
    readersOf: (id) => readers.get(id) ?? [],
  };
  for (const original of program.ops) {
    const op = { ...original, inputs: original.inputs.map((id) => replaced.get(id) ?? id) } as Op;
    node = op.node;
    const replacement = rule(op, rewriter);
    if (replacement === undefined) push(op);
    else replaced.set(op.output, replacement);
  }
  if (replaced.size === 0) return program;
  const assignments = program.assignments.map((assignment) => ({
    ...assignment,
    value: replaced.get(assignment.value) ?? assignment.value,
  }));
  return { ...program, ops, values, assignments };
}

/** Arithmetic on constants, in f32 as the kernels would do it, and views of constants. */
function foldConstants(op: Op, to: Rewriter): ValueId | undefined {
  const { shape, dtype } = to.typeOf(op.output);
  const constants = op.inputs.map((id) => to.opOf(id)).filter((input) => input.op === 'constant');
  if (constants.length !== op.inputs.length || constants.length === 0) return undefined;
  const [x, y] = constants.map(({ attrs }) => attrs.value);
  const constant = (value: number) => to.emit('constant', { value, shape, dtype }, []);
  if (isView(op)) return constant(x!);
  if (op.op !== 'binary' || dtype !== 'f32') return undefined;
  switch (op.attrs.fn) {
    case 'add':
      return constant(Math.fround(Math.fround(x!) + Math.fround(y!)));
    case 'subtract':
      return constant(Math.fround(Math.fround(x!) - Math.fround(y!)));
    case 'multiply':
      return constant(Math.fround(Math.fround(x!) * Math.fround(y!)));
    case 'divide':
      return constant(Math.fround(Math.fround(x!) / Math.fround(y!)));
    default:
      return undefined;
  }
}

/** Sums of nothing are 0. */
function replaceEmpty(op: Op, to: Rewriter): ValueId | undefined {
  if (op.op !== 'reduce' && op.op !== 'contract' && op.op !== 'segmentReduce') return undefined;
  if (op.inputs.every((id) => elementCount(to.typeOf(id).shape) > 0)) return undefined;
  const { shape, dtype } = to.typeOf(op.output);
  return to.emit('constant', { value: 0, shape, dtype }, []);
}

/**
 * A contraction with one row, one column or one summand is a product of broadcast operands and a sum, unless it is large:
 * with batches of one all of a network's are, and the weight gradient then fuses with its update.
 */
function contractionsToLoops(op: Op, to: Rewriter): ValueId | undefined {
  if (op.op !== 'contract') return undefined;
  const { left, right, out } = op.attrs;
  const sizes = new Map<string, number>();
  [left, right].forEach((letters, i) => {
    [...letters].forEach((letter, axis) => sizes.set(letter, to.typeOf(op.inputs[i]!).shape[axis]!));
  });
  const product = (letters: string[]) => letters.reduce((total, letter) => total * sizes.get(letter)!, 1);
  const summed = [...sizes.keys()].filter((letter) => !out.includes(letter));
  const onlyLeft = [...out].filter((letter) => !right.includes(letter));
  const onlyRight = [...out].filter((letter) => !left.includes(letter));
  const all = product([...sizes.keys()]);
  const isLarge = all >= largeContraction.all && product(summed) >= largeContraction.sum;
  const degenerate = product(summed) === 1 || (!isLarge && (product(onlyLeft) === 1 || product(onlyRight) === 1));
  if (!degenerate && all > smallContraction) return batchFirst(op, sizes, to);

  const letters = [...out, ...summed];
  const shape = letters.map((letter) => sizes.get(letter)!);
  const spread = (own: string, id: ValueId): ValueId => {
    const order = letters.filter((letter) => own.includes(letter));
    const axes = order.map((letter) => own.indexOf(letter));
    const turned = axes.every((axis, i) => axis === i) ? id : to.emit('transpose', { axes }, [id]);
    if (order.length === letters.length) return turned;
    return to.emit('broadcast', { shape, axes: order.map((letter) => letters.indexOf(letter)) }, [turned]);
  };
  const factors = to.emit('binary', { fn: 'multiply' }, [spread(left, op.inputs[0]!), spread(right, op.inputs[1]!)]);
  if (summed.length === 0) return factors;
  if (product(summed) === 1) return to.emit('reshape', { shape: to.typeOf(op.output).shape }, [factors]);
  return to.emit('reduce', { fn: 'sum', axes: range(letters.length).slice(out.length) }, [factors]);
}

/** The last letter of the result becomes one that only one operand has; the transpose is a view. */
function batchFirst(op: Op & { op: 'contract' }, sizes: ReadonlyMap<string, number>, to: Rewriter): ValueId | undefined {
  const { left, right, out } = op.attrs;
  const isShared = (letter: string) => left.includes(letter) && right.includes(letter);
  const last = [...out].findLast((letter) => sizes.get(letter) !== 1);
  if (last === undefined || !isShared(last)) return undefined;
  const letters = [...out].sort((a, b) => Number(isShared(b)) - Number(isShared(a)));
  const turned = to.emit('contract', { left, right, out: letters.join('') }, op.inputs);
  return to.emit('transpose', { axes: [...out].map((letter) => letters.indexOf(letter)) }, [turned]);
}

/** z > 0 is max(z, 0) > 0, and max(z, 0) is kept anyway: the backward pass of relu then needs only one of the two. */
function compareActivations(op: Op, to: Rewriter): ValueId | undefined {
  if (op.op !== 'binary' || op.attrs.fn !== 'less' || !isZero(to.opOf(op.inputs[0]!))) return undefined;
  const activated = to.readersOf(op.inputs[1]!).find((reader) => {
    return reader.op === 'binary' && reader.attrs.fn === 'maximum' && isZero(to.opOf(reader.inputs[1]!));
  });
  return activated === undefined ? undefined : to.emit('binary', op.attrs, [op.inputs[0]!, activated.output]);
}

function isZero(op: Op | undefined): boolean {
  return op?.op === 'constant' && op.attrs.value === 0;
}

/**
 * The sum of pads that lie side by side along one axis, as the gradients of slices are, is a concatenation: copied once
 * instead of added once per slice.
 */
function joinPads(op: Op, to: Rewriter): ValueId | undefined {
  if (op.op !== 'binary' || op.attrs.fn !== 'add') return undefined;
  const [left, right] = op.inputs.map((id) => placed(id, to)) as [Placed | undefined, Placed | undefined];
  if (left === undefined || right === undefined || left.axis !== right.axis) return undefined;
  const [first, second] = left.before <= right.before ? [left, right] : [right, left];
  const size = (part: Placed) => to.typeOf(part.value).shape[part.axis]!;
  const gap = second.before - first.before - size(first);
  if (gap !== 0) return undefined;
  const value = to.emit('concat', { axis: left.axis }, [...first.parts, ...second.parts]);
  const before = first.before;
  const after = second.after;
  if (before === 0 && after === 0) return value;
  return to.emit('pad', { axis: left.axis, before, after, value: 0 }, [value]);
}

interface Placed {
  readonly value: ValueId;
  /** Neighbours along the axis that make up `value`. */
  readonly parts: readonly ValueId[];
  readonly axis: number;
  readonly before: number;
  readonly after: number;
}

function placed(id: ValueId, to: Rewriter): Placed | undefined {
  const op = to.opOf(id);
  if (op.op !== 'pad' || op.attrs.value !== 0) return undefined;
  const value = op.inputs[0]!;
  const inner = to.opOf(value);
  const parts = inner.op === 'concat' && inner.attrs.axis === op.attrs.axis ? inner.inputs : [value];
  return { value, parts, axis: op.attrs.axis, before: op.attrs.before, after: op.attrs.after };
}

/** Long sums of few results: partial sums over equal stretches, then their sum. The split depends on the shape alone. */
function splitLongSums(op: Op, to: Rewriter): ValueId | undefined {
  if (op.op !== 'reduce' || op.attrs.fn !== 'sum') return undefined;
  const { shape, dtype } = to.typeOf(op.inputs[0]!);
  const results = elementCount(to.typeOf(op.output).shape);
  const summands = elementCount(shape) / Math.max(1, results);
  const axis = op.attrs.axes[0];
  if (dtype !== 'f32' || axis === undefined || summands <= longSum || results * summands <= 65_536 || results > 1024) return undefined;
  const parts = largestDivisor(shape[axis]!, 64);
  if (parts < 4 || parts === shape[axis]) return undefined;
  const split = [...shape.slice(0, axis), parts, shape[axis]! / parts, ...shape.slice(axis + 1)];
  const reshaped = to.emit('reshape', { shape: split }, [op.inputs[0]!]);
  const inner = op.attrs.axes.map((own) => own + 1);
  const partial = to.emit('reduce', { fn: 'sum', axes: inner }, [reshaped]);
  return to.emit('reduce', { fn: 'sum', axes: [axis] }, [partial]);
}

function largestDivisor(n: number, limit: number): number {
  for (let divisor = Math.min(limit, n); divisor > 1; divisor--) if (n % divisor === 0) return divisor;
  return 1;
}
