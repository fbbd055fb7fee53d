/**
 * The expressions of one kernel: its roots, pulled apart down to what has memory. Rows are the kernel's parallel units;
 * a root is computed once per row or in a phase, a loop over the rest of its elements. Throws Refused where the roots
 * can't share a kernel, NeedsBuffer where a value has to be computed into memory first.
 */
import { elementCount } from '../ops/shapes.ts';
import type { BinaryFn, DType, Op, UnaryFn, ValueId } from '../program/program.ts';
import {
  axisIndex,
  bounds,
  combine,
  flatten,
  leaves,
  resolve,
  sameExpression,
  unflatten,
  zero,
  type Axis,
  type Expression,
} from './affine.ts';
import { isView, type Root, type Roots } from './roots.ts';
import { storageOf, type Storage } from './storage.ts';

export class Refused extends Error {}

export class NeedsBuffer extends Error {
  readonly value: ValueId;
  constructor(value: ValueId) {
    super(`value ${value} needs memory`);
    this.value = value;
  }
}

export type BuildNode = { readonly dtype: DType; readonly inputs: readonly BuildNode[]; readonly ready: number } & (
  | { readonly op: 'load'; readonly storage: Storage; readonly at: Expression; readonly gathered?: { readonly stride: number; readonly count: number } }
  | { readonly op: 'tile' }
  | { readonly op: 'constant'; readonly value: number }
  | { readonly op: 'index'; readonly at: Expression }
  | { readonly op: 'random'; readonly distribution: 'uniform' | 'normal'; readonly stream: number; readonly at: Expression }
  | { readonly op: 'unary'; readonly fn: UnaryFn }
  | { readonly op: 'binary'; readonly fn: BinaryFn }
  | { readonly op: 'select' }
  | { readonly op: 'cast' }
  | { readonly op: 'reduce'; readonly fn: 'sum' | 'max' | 'argmax'; readonly phase: number }
); // prettier-ignore

export interface BuildStore {
  readonly root: Root;
  readonly storage: Storage;
  readonly at: Expression;
  readonly node: BuildNode;
  readonly phase?: number;
}

export interface SlotRead {
  readonly slot: string;
  /** The element read is the one whose flat index is that of the result; `phase` of the read. */
  readonly inPlace: boolean;
  readonly phase: number | undefined;
}

/** A read of a value with memory, of this kernel or another; `inPlace` and `phase` as of slots. */
export interface ValueRead {
  readonly value: ValueId;
  readonly inPlace: boolean;
  readonly phase: number | undefined;
}

export interface Built {
  readonly outer: readonly Axis[];
  readonly phases: readonly Axis[];
  /** One per root, in order. */
  readonly stores: readonly BuildStore[];
  /** Values of other kernels that are read. */
  readonly reads: ReadonlySet<ValueId>;
  readonly slotReads: readonly SlotRead[];
  readonly valueReads: readonly ValueRead[];
  /** Own values that are read back from memory. */
  readonly reloads: ReadonlySet<ValueId>;
  /** Least number of rows of the tables that `rows` index. */
  readonly rowLimit: number;
}

interface Local {
  readonly root: Root;
  readonly node: BuildNode;
  readonly inner: number;
  readonly phase: number | undefined;
}

/** The rows of a kernel: `identity` is the flat row-major index over `axes`. */
export interface Rows {
  readonly axes: readonly Axis[];
  readonly identity: Expression;
  readonly count: number;
  /** The contraction whose tile this is. */
  readonly tile?: ValueId;
}

export function plainRows(count: number): Rows {
  const axis: Axis = { size: count };
  return { axes: [axis], identity: axisIndex(axis), count };
}

/** What goes on from a body: the kernel of its members and these later ones. */
type Extend = (later: readonly Root[]) => Built;

/** Of bodies that weren't extended yet: a body and its extension share their expressions. */
const extensions = new WeakMap<Built, Extend>();

export function buildBody(roots: Roots, members: readonly Root[], rows: Rows): Built {
  return startBody(roots, rows)(members);
}

/** The body with members that come after its own; undefined where that was tried before. The body given stays as it is. */
export function extendBody(built: Built, later: readonly Root[]): Built | undefined {
  const extend = extensions.get(built);
  extensions.delete(built);
  return extend?.(later);
}

function startBody(roots: Roots, rows: Rows): Extend {
  const { program, opOf } = roots;
  const phases: Axis[] = [];
  const locals = new Map<ValueId, Local>();
  const reads = new Set<ValueId>();
  const reloads = new Set<ValueId>();
  const slotReads: SlotRead[] = [];
  const valueReads: ValueRead[] = [];
  const memo = new Map<string, BuildNode>();
  const axisNumbers = new Map<Axis, number>();
  const placeKeys = new Map<readonly Expression[], string>();
  /** Tensors that are written in pieces, here and by other kernels. */
  const pieced = new Set<ValueId>();
  let rowLimit = Infinity;
  let current: number | undefined;

  const keyOf = (expression: Expression): string => {
    const { offset, terms } = resolve(expression);
    let key = String(offset);
    for (const [axis, coefficient] of terms) {
      let number = axisNumbers.get(axis);
      if (number === undefined) axisNumbers.set(axis, (number = axisNumbers.size));
      key += ` ${number}*${coefficient}`;
    }
    return key;
  };

  function node<T extends { op: BuildNode['op']; dtype: DType }>(fields: T, inputs: readonly BuildNode[] = [], ready = 0): BuildNode {
    return { ...fields, inputs, ready: inputs.reduce((latest, input) => Math.max(latest, input.ready), ready) } as unknown as BuildNode;
  }

  /** How far an element's flat index lies beyond the start of its row; undefined where it is of another row. */
  function withinRow(flat: Expression, inner: number): Expression | undefined {
    const rest = resolve(combine([[flat, 1], [rows.identity, -inner]])); // prettier-ignore
    const rowAxes = new Set(rows.axes.flatMap(leaves));
    for (const axis of rest.terms.keys()) if (rowAxes.has(axis)) return undefined;
    const [low, high] = bounds(rest);
    return low >= 0 && high < inner ? rest : undefined;
  }

  /** Whether an element is read for the result of the same flat index alone, and in which phase. */
  function manner({ shape }: Storage, flat: Expression): { readonly inPlace: boolean; readonly phase: number | undefined } {
    const inner = elementCount(shape) / rows.count;
    const phase = current === undefined ? undefined : phases[current];
    const offset = Number.isInteger(inner) ? withinRow(flat, inner) : undefined;
    const own = phase === undefined || inner === 1 ? zero : axisIndex(phase);
    const inPlace = offset !== undefined && sameExpression(offset, own) && (inner === 1 || phase?.size === inner);
    return { inPlace, phase: inner === 1 ? undefined : current };
  }

  function load(id: ValueId, storage: Storage, at: Expression, flat: Expression): BuildNode {
    const op = opOf(id);
    if (op.op === 'slot') slotReads.push({ slot: op.attrs.slot, ...manner(storage, flat) });
    else if (roots.isRoot(id)) {
      reads.add(id);
      valueReads.push({ value: id, ...manner(storage, flat) });
    }
    return node({ op: 'load', dtype: storage.dtype, storage, at });
  }

  /** A value of this kernel. */
  function readLocal({ root, node: own, inner, phase }: Local, flat: Expression, at: () => Expression): BuildNode {
    if (own.op === 'tile' && !sameExpression(flat, rows.identity)) throw new Refused('reads other sums');
    const offset = withinRow(flat, inner);
    if (offset === undefined) throw new Refused('reads other rows');
    if (phase === undefined) return own;
    if (phase === current && sameExpression(offset, axisIndex(phases[phase]!))) return own;
    const storage = storageOf(root.value, roots)!;
    reloads.add(root.value);
    valueReads.push({ value: root.value, ...manner(storage, flat) });
    return node({ op: 'load', dtype: storage.dtype, storage, at: at() }, [], phase + 1);
  }

  function atOf(storage: Storage, coordinates: readonly Expression[]): Expression {
    return combine(
      coordinates.map((coordinate, axis) => [coordinate, storage.strides[axis]!] as const),
      storage.offset,
    );
  }

  function pull(id: ValueId, coordinates: readonly Expression[]): BuildNode {
    // Elementwise ops hand their coordinates on as they are.
    let place = placeKeys.get(coordinates);
    if (place === undefined) placeKeys.set(coordinates, (place = coordinates.map(keyOf).join(',')));
    const key = `${id} ${current} ${place}`;
    let result = memo.get(key);
    if (result === undefined) memo.set(key, (result = pullNew(id, coordinates)));
    return result;
  }

  function pullNew(id: ValueId, coordinates: readonly Expression[]): BuildNode {
    const { shape } = program.values[id]!;
    const local = locals.get(id);
    const storage = storageOf(id, roots);
    if (local !== undefined) return readLocal(local, flatten(coordinates, shape), () => atOf(storage!, coordinates));
    if (storage !== undefined) return load(id, storage, atOf(storage, coordinates), flatten(coordinates, shape));
    return compute(opOf(id), coordinates);
  }

  /** By flat index, where the shape doesn't matter or no coordinates can be had. */
  function pullFlat(id: ValueId, flat: Expression): BuildNode {
    const op = opOf(id);
    const storage = storageOf(id, roots);
    const local = locals.get(id);
    if (local !== undefined) {
      return readLocal(local, flat, () => {
        if (!storage!.dense) throw new NeedsBuffer(id);
        return combine([[flat, 1]], storage!.offset);
      });
    }
    if (storage?.dense === true) return load(id, storage, combine([[flat, 1]], storage.offset), flat);
    const coordinates = unflatten(flat, program.values[id]!.shape);
    if (coordinates !== undefined) return pull(id, coordinates);
    if (storage === undefined && op.op === 'reshape') return pullFlat(op.inputs[0]!, flat);
    throw new NeedsBuffer(id);
  }

  /** The op's own expression at these coordinates. */
  function compute(op: Op, coordinates: readonly Expression[]): BuildNode {
    const { dtype, shape } = program.values[op.output]!;
    const same = () => op.inputs.map((id) => pull(id, coordinates));
    switch (op.op) {
      case 'constant':
        return node({ op: 'constant', dtype, value: op.attrs.value });
      case 'iota':
        return node({ op: 'index', dtype, at: coordinates[op.attrs.axis]! });
      case 'random':
        return node({ op: 'random', dtype, distribution: op.attrs.distribution, stream: op.attrs.stream, at: flatten(coordinates, shape) });
      case 'unary':
        return node({ op: 'unary', dtype, fn: op.attrs.fn }, same());
      case 'binary':
        return node({ op: 'binary', dtype, fn: op.attrs.fn }, same());
      case 'select':
        return node({ op: 'select', dtype }, same());
      case 'cast': {
        const [x] = same();
        return x!.dtype === dtype ? x! : node({ op: 'cast', dtype }, [x!]);
      }
      case 'gather':
        return gather(op.inputs[0]!, op.inputs[1]!, coordinates);
      case 'reshape':
        return pullFlat(op.inputs[0]!, flatten(coordinates, shape));
      case 'transpose':
      case 'slice':
      case 'flip':
      case 'broadcast':
      case 'window':
        return pull(op.inputs[0]!, viewCoordinates(op, coordinates, program.values[op.inputs[0]!]!.shape));
      default:
        throw new Error(`fuse: ${op.op} is no expression`);
    }
  }

  function gather(table: ValueId, indices: ValueId, coordinates: readonly Expression[]): BuildNode {
    const rank = program.values[indices]!.shape.length;
    const { base, at, stride, storage } = tableView(roots, table, coordinates.slice(rank));
    if (locals.has(base)) throw new Refused('gathers from what it writes');
    const index = pull(indices, coordinates.slice(0, rank));
    const op = opOf(base);
    if (op.op === 'slot') slotReads.push({ slot: op.attrs.slot, inPlace: false, phase: current });
    else {
      reads.add(base);
      valueReads.push({ value: base, inPlace: false, phase: current });
    }
    const count = program.values[table]!.shape[0]!;
    if (opOf(indices).op === 'rows') rowLimit = Math.min(rowLimit, count);
    return node({ op: 'load', dtype: storage.dtype, storage, at, gathered: { stride, count } }, [index]);
  }

  /** Pulls an expression in the first phase of this size in which everything it needs is known. */
  function inPhase(size: number, expression: (flat: Expression) => BuildNode): { node: BuildNode; phase: number } {
    for (let phase = 0; ; phase++) {
      const isNew = phase === phases.length;
      if (isNew) phases.push({ size });
      else if (phases[phase]!.size !== size) continue;
      current = phase;
      const result = expression(axisIndex(phases[phase]!));
      current = undefined;
      if (result.ready <= phase) return { node: result, phase };
      if (isNew) throw new Error('fuse: a phase waits for itself');
    }
  }

  function coordinatesOf(flat: Expression, shape: readonly number[]): Expression[] {
    const coordinates = unflatten(flat, shape);
    if (coordinates === undefined) throw new Refused('rows do not divide the shape');
    return coordinates;
  }

  function element(root: Root): BuildStore {
    const inner = elementCount(root.shape) / rows.count;
    if (!Number.isInteger(inner)) throw new Refused('rows do not divide the elements');
    const storage = storageOf(root.value, roots)!;
    const place = root.kind === 'part' ? root.place!.start * storage.strides[root.place!.axis]! : 0;
    let at: Expression = zero;
    const expression = (flat: Expression): BuildNode => {
      const coordinates = coordinatesOf(combine([[rows.identity, inner], [flat, 1]]), root.shape); // prettier-ignore
      at = combine([[atOf(storage, coordinates), 1]], place);
      if (root.kind === 'part') return pull(root.source, coordinates);
      if (root.kind === 'fill')
        return node({ op: 'constant', dtype: storage.dtype, value: root.op.op === 'pad' ? root.op.attrs.value : 0 });
      return compute(root.op, coordinates);
    };
    if (inner === 1) {
      const result = expression(zero);
      if (root.kind === 'element') locals.set(root.value, { root, node: result, inner, phase: undefined });
      return { root, storage, at, node: result };
    }
    const { node: result, phase } = inPhase(inner, expression);
    if (root.kind === 'element') locals.set(root.value, { root, node: result, inner, phase });
    return { root, storage, at, node: result, phase };
  }

  function reduction(root: Root): BuildStore {
    const { op } = root;
    if (op.op !== 'reduce' && op.op !== 'argmax') throw new Error('fuse: no reduction');
    const axes = op.op === 'reduce' ? op.attrs.axes : [op.attrs.axis];
    const input = op.inputs[0]!;
    const { shape, dtype: inputType } = program.values[input]!;
    if (elementCount(root.shape) !== rows.count) throw new Refused('other rows');
    const reducedShape = axes.map((axis) => shape[axis]!);
    const own = coordinatesOf(rows.identity, root.shape);
    const storage = storageOf(root.value, roots)!;
    const { node: x, phase } = inPhase(elementCount(reducedShape), (flat) => {
      const inner = coordinatesOf(flat, reducedShape);
      let kept = 0;
      return pull(
        input,
        shape.map((_, axis) => (axes.includes(axis) ? inner[axes.indexOf(axis)]! : own[kept++]!)),
      );
    });
    const fn = op.op === 'argmax' ? 'argmax' : op.attrs.fn;
    const inputs = fn === 'argmax' ? [x, node({ op: 'index', dtype: 'i32', at: axisIndex(phases[phase]!) })] : [x];
    const result = node({ op: 'reduce', dtype: fn === 'argmax' ? 'i32' : inputType, fn, phase }, inputs, phase + 1);
    locals.set(root.value, { root, node: result, inner: 1, phase: undefined });
    return { root, storage, at: atOf(storage, own), node: result };
  }

  const stores: BuildStore[] = [];

  function add(root: Root): void {
    if (root.kind === 'part' || root.kind === 'fill') pieced.add(root.value);
    for (let placed = roots.placedIn.get(root.value); placed !== undefined; placed = roots.placedIn.get(placed.whole)) {
      pieced.add(placed.whole);
    }
    if (root.kind === 'contract') {
      if (root.value !== rows.tile) throw new Refused('another contraction');
      locals.set(root.value, { root, node: node({ op: 'tile', dtype: 'f32' }), inner: 1, phase: undefined });
    } else {
      stores.push(root.kind === 'reduce' ? reduction(root) : element(root));
    }
  }

  const extend: Extend = (members) => {
    members.forEach(add);
    for (const id of reads) if (pieced.has(id)) throw new Refused('reads what other rows write');
    const built: Built = {
      outer: rows.axes,
      phases: [...phases],
      stores: [...stores],
      reads: new Set(reads),
      slotReads: [...slotReads],
      valueReads: [...valueReads],
      reloads: new Set(reloads),
      rowLimit,
    };
    extensions.set(built, extend);
    return built;
  };
  return extend;
}

/** Coordinates within a view's input. */
export function viewCoordinates(op: Op, coordinates: readonly Expression[], inputShape: readonly number[]): Expression[] {
  switch (op.op) {
    case 'transpose': {
      const result = new Array<Expression>(coordinates.length).fill(zero);
      op.attrs.axes.forEach((axis, i) => (result[axis] = coordinates[i]!));
      return result;
    }
    case 'slice':
      return coordinates.map((coordinate, axis) => (axis === op.attrs.axis ? combine([[coordinate, 1]], op.attrs.start) : coordinate));
    case 'flip':
      return coordinates.map((coordinate, axis) =>
        axis === op.attrs.axis ? combine([[coordinate, -1]], inputShape[axis]! - 1) : coordinate,
      );
    case 'broadcast':
      return op.attrs.axes.map((axis, i) => (inputShape[i] === 1 ? zero : coordinates[axis]!));
    case 'window': {
      const { axis, stride, dilation } = op.attrs;
      const position = combine([[coordinates[axis]!, stride], [coordinates[axis + 1]!, dilation]]); // prettier-ignore
      return [...coordinates.slice(0, axis), position, ...coordinates.slice(axis + 2)];
    }
    default:
      throw new Error(`fuse: ${op.op} is no view`);
  }
}

export interface MemoryView {
  /** The value whose memory is seen. */
  readonly base: ValueId;
  readonly storage: Storage;
  readonly at: Expression;
}

/** Where an element lies that is seen through views only. */
export function memoryView(roots: Roots, id: ValueId, coordinates: readonly Expression[]): MemoryView {
  const storage = storageOf(id, roots);
  if (storage !== undefined) {
    const at = combine(
      coordinates.map((coordinate, axis) => [coordinate, storage.strides[axis]!] as const),
      storage.offset,
    );
    return { base: id, storage, at };
  }
  const op = roots.opOf(id);
  const [input] = op.inputs;
  if (input === undefined) throw new NeedsBuffer(id);
  const { shape } = roots.program.values[input]!;
  if (op.op === 'reshape') {
    const flat = flatten(coordinates, roots.program.values[id]!.shape);
    return flatView(roots, input, flat, id);
  }
  if (!isView(op)) throw new NeedsBuffer(id);
  return memoryView(roots, input, viewCoordinates(op, coordinates, shape));
}

function flatView(roots: Roots, id: ValueId, flat: Expression, viewer: ValueId): MemoryView {
  const storage = storageOf(id, roots);
  if (storage?.dense === true) return { base: id, storage, at: combine([[flat, 1]], storage.offset) };
  const op = roots.opOf(id);
  if (storage === undefined && op.op === 'reshape') return flatView(roots, op.inputs[0]!, flat, viewer);
  const coordinates = unflatten(flat, roots.program.values[id]!.shape);
  if (coordinates === undefined) throw new NeedsBuffer(viewer);
  return memoryView(roots, id, coordinates);
}

/** A gather's table: where its row 0 has these coordinates, and how far rows are apart. */
function tableView(roots: Roots, table: ValueId, coordinates: readonly Expression[]): MemoryView & { readonly stride: number } {
  const row: Axis = { size: roots.program.values[table]!.shape[0]! };
  const { base, storage, at } = memoryView(roots, table, [axisIndex(row), ...coordinates]);
  const { offset, terms } = resolve(at);
  if (row.parts !== undefined) throw new NeedsBuffer(table);
  const rest = new Map(terms);
  rest.delete(row);
  return { base, storage, at: { offset, terms: rest }, stride: terms.get(row) ?? 0 };
}
