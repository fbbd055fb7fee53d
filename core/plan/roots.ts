/**
 * Which values of a program get memory. All others are recomputed where they are read: views, constants, and elementwise
 * chains with one reader or next to no cost. A value with memory is the root of an expression.
 */
import { elementCount, sameShape } from '../ops/shapes.ts';
import type { Op, Program, ValueId } from '../program/program.ts';
import { unaryCosts } from './weigh.ts';

/** Something that a kernel computes and stores. */
export interface Root {
  readonly id: number;
  /** `part`: `source` copied into its place within `value`, a concat or pad; `fill`: the surroundings of a pad. */
  readonly kind: 'element' | 'reduce' | 'contract' | 'segment' | 'part' | 'fill';
  readonly value: ValueId;
  readonly source: ValueId;
  /** Of what is stored. */
  readonly shape: readonly number[];
  /** Of parts: where in `value`. */
  readonly place?: Place;
  readonly op: Op;
}

export interface Place {
  readonly axis: number;
  readonly start: number;
}

export interface Roots {
  readonly program: Program;
  readonly opOf: (id: ValueId) => Op;
  /** In the order of the program. */
  readonly list: readonly Root[];
  readonly isRoot: (id: ValueId) => boolean;
  /** Values computed right where a concat or pad wants them. */
  readonly placedIn: ReadonlyMap<ValueId, { readonly whole: ValueId; readonly place: Place }>;
  /** The slot a value replaces at the end of the step. */
  readonly slotOf: (id: ValueId) => string | undefined;
}

/** A value read twice is recomputed up to this cost. */
const cheap = 1;
/** A single number spread over a tensor is recomputed per unit up to this cost. */
const cheapSingle = 12;
/** Expressions don't grow beyond. */
const largestTree = 160;

export function opCost(op: Op): number {
  switch (op.op) {
    case 'unary':
      return unaryCosts[op.attrs.fn];
    case 'binary':
      return op.attrs.fn === 'power' ? 60 : op.attrs.fn === 'divide' ? 3 : 1;
    case 'gather':
      return 2;
    case 'select':
      return 1;
    case 'cast':
      return 1;
    default:
      return 0;
  }
}

export function isView(op: Op): boolean {
  return (
    op.op === 'reshape' || op.op === 'transpose' || op.op === 'slice' || op.op === 'broadcast' || op.op === 'flip' || op.op === 'window'
  );
}

/** A value's memory under another shape: what a reshape shows. */
export function baseOf(id: ValueId, opOf: (id: ValueId) => Op): ValueId {
  const op = opOf(id);
  return op.op === 'reshape' ? baseOf(op.inputs[0]!, opOf) : id;
}

/**
 * @param forced values that must have memory
 * @param unplaced values that must lie densely in memory of their own
 */
export function findRoots(program: Program, forced: ReadonlySet<ValueId>, unplaced: ReadonlySet<ValueId>): Roots {
  const byOutput = new Map(program.ops.map((op) => [op.output, op]));
  const opOf = (id: ValueId) => byOutput.get(id)!;
  const countOf = (id: ValueId) => elementCount(program.values[id]!.shape);
  const needed = new Set(forced);
  for (const { value } of program.assignments) needed.add(baseOf(value, opOf));
  for (const op of program.ops) requireOperands(op, opOf, needed);
  const uses = countUses(program, opOf);

  const roots = new Set<ValueId>();
  const costs = new Map<ValueId, number>();
  const sizes = new Map<ValueId, number>();
  const costOf = (id: ValueId) => (roots.has(id) ? 0 : costs.get(id)!);
  const sizeOf = (id: ValueId) => (roots.has(id) ? 1 : sizes.get(id)!);
  for (const op of program.ops) {
    const cost = op.inputs.reduce((sum, id) => sum + costOf(id), opCost(op));
    const size = op.inputs.reduce((sum, id) => sum + sizeOf(id), isView(op) ? 0 : 1);
    costs.set(op.output, cost);
    sizes.set(op.output, size);
    const { count, spread } = uses.get(op.output) ?? { count: 0, spread: 1 };
    if (op.op === 'slot' || op.op === 'rows' || op.op === 'scalar') continue;
    if (isComputed(op) || needed.has(op.output)) roots.add(op.output);
    else if (isView(op) || op.op === 'constant' || op.op === 'iota') continue;
    else if (size > largestTree) roots.add(op.output);
    else if (spread > 1 && cost > (countOf(op.output) === 1 ? cheapSingle : cheap)) roots.add(op.output);
    else if (count > 1 && (cost > cheap || size > 4 || readsContraction(op, opOf))) roots.add(op.output);
  }

  const assigned = new Set(program.assignments.map(({ value }) => baseOf(value, opOf)));
  const placedIn = new Map<ValueId, { whole: ValueId; place: Place }>();
  const list: Root[] = [];
  const add = (root: Omit<Root, 'id'>) => list.push({ ...root, id: list.length });
  const paddedAgain = (op: Op) => {
    const isPlain = uses.get(op.output)?.count === 1 && !needed.has(op.output) && !assigned.has(op.output) && !unplaced.has(op.output);
    return isPlain ? outerPads.get(op.output) : undefined;
  };
  const outerPads = findOuterPads(program);
  /** Pads whose surroundings are filled. */
  const filled = new Set<ValueId>();
  for (const op of program.ops) {
    if (!roots.has(op.output) || countOf(op.output) === 0) continue;
    const { shape } = program.values[op.output]!;
    if (op.op === 'pad' || op.op === 'concat') {
      if (op.op === 'pad' && !filled.has(op.output)) {
        // A pad that only another one reads, along a further axis, lies within it, and all is filled at once.
        let whole: Op = op;
        for (let outer = paddedAgain(op); outer !== undefined; outer = paddedAgain(outer)) {
          placedIn.set(whole.output, { whole: outer.output, place: { axis: outer.attrs.axis, start: outer.attrs.before } });
          whole = outer;
          filled.add(outer.output);
        }
        add({ kind: 'fill', value: whole.output, source: whole.output, shape: program.values[whole.output]!.shape, op: whole });
      }
      let start = op.op === 'pad' ? op.attrs.before : 0;
      for (const input of op.inputs) {
        const place = { axis: op.attrs.axis, start };
        start += program.values[input]!.shape[op.attrs.axis]!;
        if (countOf(input) === 0 || (op.op === 'pad' && placedIn.get(input)?.whole === op.output)) continue;
        const base = baseOf(input, opOf);
        const source = opOf(base);
        const canPlace =
          op.op === 'concat' && // a pad's fill would have to come before
          roots.has(base) && !placedIn.has(base) && !assigned.has(base) && !unplaced.has(base) &&
          source.op !== 'concat' && source.op !== 'pad' && source.op !== 'segmentReduce' &&
          base === input; // prettier-ignore
        if (canPlace) placedIn.set(base, { whole: op.output, place });
        else add({ kind: 'part', value: op.output, source: input, shape: program.values[input]!.shape, place, op });
      }
      continue;
    }
    const kind =
      op.op === 'reduce' || op.op === 'argmax'
        ? 'reduce'
        : op.op === 'contract'
          ? 'contract'
          : op.op === 'segmentReduce'
            ? 'segment'
            : 'element';
    add({ kind, value: op.output, source: op.output, shape, op });
  }
  const slots = new Map(
    program.assignments.filter(({ mode }) => mode === 'replace').map(({ slot, value }) => [baseOf(value, opOf), slot] as const),
  );
  return { program, opOf, list, isRoot: (id) => roots.has(id), placedIn, slotOf: (id) => slots.get(id) };
}

/** By the pad it reads: the pad with the same value around it. */
function findOuterPads({ ops }: Program): Map<ValueId, Op & { readonly op: 'pad' }> {
  const values = new Map<ValueId, number>();
  const outer = new Map<ValueId, Op & { readonly op: 'pad' }>();
  for (const op of ops) {
    if (op.op !== 'pad') continue;
    values.set(op.output, op.attrs.value);
    if (Object.is(values.get(op.inputs[0]!), op.attrs.value)) outer.set(op.inputs[0]!, op);
  }
  return outer;
}

/** The value a placed one lies in, at last. */
export function wholeOf(id: ValueId, { placedIn }: Pick<Roots, 'placedIn'>): ValueId {
  const placed = placedIn.get(id);
  return placed === undefined ? id : wholeOf(placed.whole, { placedIn });
}

/** Then it is computed while the sums are at hand; not where it also needs what follows from all of them, such as their mean. */
function readsContraction(op: Op, opOf: (id: ValueId) => Op): boolean {
  const bases = op.inputs.map((id) => baseOf(id, opOf));
  return bases.some((base) => opOf(base).op === 'contract' && !bases.some((other) => other !== base && followsFrom(other, base, opOf)));
}

/** Whether a value is computed from another with no contraction in between. */
function followsFrom(id: ValueId, source: ValueId, opOf: (id: ValueId) => Op): boolean {
  const pending = [id];
  const seen = new Set(pending);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next === source) return true;
    const op = opOf(next);
    if (op.op === 'contract') continue;
    for (const input of op.inputs) {
      if (seen.has(input)) continue;
      seen.add(input);
      pending.push(input);
    }
  }
  return false;
}

/** Ops that are always computed into memory. */
function isComputed({ op }: Op): boolean {
  return (
    op === 'reduce' || op === 'argmax' || op === 'contract' || op === 'segmentReduce' || op === 'concat' || op === 'pad' || op === 'random'
  );
}

/** Contractions, segment sums and gather tables read memory, seen through views that only change strides. */
function requireOperands(op: Op, opOf: (id: ValueId) => Op, needed: Set<ValueId>): void {
  const operands = op.op === 'contract' ? op.inputs : op.op === 'gather' ? [op.inputs[0]!] : [];
  for (const operand of operands) {
    let id = operand;
    let current = opOf(id);
    while (current.op === 'reshape' || current.op === 'transpose' || current.op === 'slice' || current.op === 'window') {
      id = current.inputs[0]!;
      current = opOf(id);
    }
    if (current.op === 'broadcast' || current.op === 'flip') id = operand;
    if (current.op !== 'slot') needed.add(id);
  }
  if (op.op === 'segmentReduce') {
    for (const operand of op.inputs) {
      const base = baseOf(operand, opOf);
      if (opOf(base).op !== 'slot' && opOf(base).op !== 'rows') needed.add(base);
    }
  }
}

/** Through views: how many ops read a value, and over how many times its elements it is spread. */
function countUses({ ops, assignments, values }: Program, opOf: (id: ValueId) => Op): Map<ValueId, { count: number; spread: number }> {
  const uses = new Map<ValueId, { count: number; spread: number }>();
  const use = (id: ValueId, count: number, spread: number) => {
    const known = uses.get(id) ?? { count: 0, spread: 1 };
    uses.set(id, { count: known.count + count, spread: Math.max(known.spread, spread) });
  };
  for (const { value } of assignments) use(baseOf(value, opOf), 1, 1);
  for (const op of ops.toReversed()) {
    const { count, spread } = uses.get(op.output) ?? { count: 0, spread: 1 };
    for (const id of op.inputs) {
      if (!isView(op)) use(id, 1, 1);
      else if ((op.op === 'broadcast' || op.op === 'window') && !sameShape(values[id]!.shape, values[op.output]!.shape)) {
        const factor = elementCount(values[op.output]!.shape) / Math.max(1, elementCount(values[id]!.shape));
        use(id, count, spread * factor);
      } else use(id, count, spread);
    }
  }
  return uses;
}
