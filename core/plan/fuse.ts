/**
 * From a program to few fused kernels over one arena: rewrites, roots, groups, order, memory. What is stored in a slot
 * is computed straight into it wherever nobody needs the old value any more.
 */
import { elementCount } from '../ops/shapes.ts';
import type { Program, ValueId } from '../program/program.ts';
import { bounds, leaves, resolve, type Axis } from './affine.ts';
import { NeedsBuffer } from './buildBody.ts';
import { finishEpilogue, finishLoop, type Access, type Finished } from './finishBody.ts';
import { flatOperand, joinGroups, storesSafely, type ContractParts, type Group, type Groups } from './groups.ts';
import type { BufferRef, ContractAxis, Kernel, KernelBase, KernelProgram, KernelStore } from './kernelProgram.ts';
import { checkFitsPage } from './pages.ts';
import { checkSlots, elementBytes, stageSlotSources, type SlotLayout } from './plan.ts';
import { shareArena } from './shareArena.ts';
import { rewriteForFusion } from './rewrites.ts';
import { baseOf, findRoots, type Root, type Roots } from './roots.ts';
import { simplify } from './simplify.ts';
import { storageOf, type Buffer } from './storage.ts';

/** @throws Error when the program and the slots don't fit: a defect of the lowering */
export function fuseProgram(original: Program, layout: SlotLayout): KernelProgram {
  checkSlots(original, layout);
  let fused = known.get(original);
  if (fused === undefined) {
    const { roots, groups } = grouped(rewriteForFusion(simplify(stageSlotSources(simplify(original)))));
    const ordered = order(roots, groups);
    fused = { roots, order: ordered, bodies: finishBodies(roots, groups, ordered.groups) };
    known.set(original, fused);
  }
  return place(fused, layout);
}

interface Fused {
  readonly roots: Roots;
  readonly order: Order;
  readonly bodies: Bodies;
}

/** What doesn't depend on the layout is done once per program: a session's memory is asked for before it is loaded. */
const known = new WeakMap<Program, Fused>();

/** Gives memory to what turns out to need it, until everything has a kernel. */
function grouped(program: Program): { roots: Roots; groups: Groups } {
  const forced = new Set<ValueId>();
  const unplaced = new Set<ValueId>();
  for (;;) {
    const roots = findRoots(program, forced, unplaced);
    try {
      return { roots, groups: joinGroups(roots) };
    } catch (error) {
      if (!(error instanceof NeedsBuffer)) throw error;
      const { value } = error;
      if (!forced.has(value) && !roots.isRoot(value)) forced.add(value);
      else if (!unplaced.has(value)) unplaced.add(value);
      else throw new Error(`fuse: value ${value} of program "${program.name}" can't be computed`, { cause: error });
    }
  }
}

interface Order {
  readonly groups: readonly Group[];
  /** Values computed straight into a slot. */
  readonly direct: ReadonlyMap<ValueId, string>;
}

/** What has to come first, comes first; otherwise the order of the program. */
function order(roots: Roots, groups: Groups): Order {
  const slotReaders = new Map<string, Set<Group>>();
  for (const group of groups.list) {
    for (const slot of group.slots) {
      slotReaders.set(slot, (slotReaders.get(slot) ?? new Set()).add(group));
    }
  }
  const extra = new Map<Group, Set<Group>>();
  const before = (group: Group) => [...groups.before(group), ...(extra.get(group) ?? [])];
  const mustFollow = (group: Group, target: Group): boolean => {
    const pending = [group];
    const seen = new Set(pending);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (next === target) return true;
      for (const other of before(next)) {
        if (seen.has(other)) continue;
        seen.add(other);
        pending.push(other);
      }
    }
    return false;
  };

  const direct = new Map<ValueId, string>();
  for (const { slot, value, mode } of roots.program.assignments) {
    const base = baseOf(value, roots.opOf);
    const [root, ...others] = groups.writersOf(base);
    if (mode !== 'replace' || root === undefined || others.length > 0 || root.value !== base || direct.has(base)) continue;
    if (root.kind === 'part' || root.kind === 'fill' || roots.placedIn.has(base)) continue;
    const group = groups.groupOf(root);
    const own = group.built.stores.find((store) => store.root === root);
    if (group.operandSlots.has(slot) || !storesSafely(group.built, slot, own?.phase)) continue;
    // A contraction's sums are stored before its epilogue reads anything.
    if (root.kind === 'contract' && group.built.slotReads.some((read) => read.slot === slot)) continue;
    const readers = [...(slotReaders.get(slot) ?? [])].filter((reader) => reader !== group);
    if (readers.some((reader) => mustFollow(reader, group))) continue;
    direct.set(base, slot);
    const known = extra.get(group) ?? new Set();
    readers.forEach((reader) => known.add(reader));
    extra.set(group, known);
  }

  const sorted: Group[] = [];
  const done = new Set<Group>();
  // By what a group computes first: a weight's gradient and update come while what they read is at hand.
  const byFirst = [...groups.list].sort((a, b) => a.roots[0]!.id - b.roots[0]!.id);
  const stack: Group[] = [];
  for (const start of byFirst) {
    stack.push(start);
    while (stack.length > 0) {
      const group = stack.at(-1)!;
      const missing = done.has(group) ? undefined : before(group).find((other) => !done.has(other));
      if (missing !== undefined) {
        stack.push(missing);
        continue;
      }
      stack.pop();
      if (!done.has(group)) sorted.push(group);
      done.add(group);
    }
  }
  return { groups: sorted, direct };
}

interface Bodies {
  /** Values in slots at the end of a step. */
  readonly stored: ReadonlySet<ValueId>;
  readonly isNeeded: (root: Root) => boolean;
  /** By position of the group; undefined of segments. */
  readonly finished: readonly (Finished | undefined)[];
}

function finishBodies(roots: Roots, groups: Groups, sorted: readonly Group[]): Bodies {
  const stored = new Set(roots.program.assignments.map(({ value }) => baseOf(value, roots.opOf)));
  /** Values read by other kernels than the one that computes them. */
  const readOutside = new Set<ValueId>();
  for (const group of sorted) for (const id of group.reads) readOutside.add(id);
  const isNeeded = (root: Root): boolean => {
    if (root.kind === 'part' || root.kind === 'fill') return true;
    const group = groups.groupOf(root);
    const { value } = root;
    return stored.has(value) || readOutside.has(value) || roots.placedIn.has(value) || group.built.reloads.has(value);
  };
  const finished = sorted.map((group): Finished | undefined => {
    if (group.kind === 'segment') return undefined;
    if (group.contract === undefined) return finishLoop(group.built, isNeeded);
    return finishEpilogue(group.built, group.contract, isNeeded);
  });
  return { stored, isNeeded, finished };
}

function place({ roots, order: { groups: sorted, direct }, bodies }: Fused, layout: SlotLayout): KernelProgram {
  const { program } = roots;
  const { assignments } = program;
  const { stored, isNeeded, finished } = bodies;
  const positions = new Map(sorted.map((group, position) => [group, position]));

  // Lifetimes of arena buffers, by owner.
  const ownerOf = (id: ValueId) => storageOf(id, roots)?.buffer.owner;
  const first = new Map<ValueId, number>();
  const last = new Map<ValueId, number>();
  const touch = (id: ValueId, position: number) => {
    const owner = ownerOf(id);
    if (owner === undefined || direct.has(owner)) return;
    first.set(owner, Math.min(first.get(owner) ?? Infinity, position));
    last.set(owner, Math.max(last.get(owner) ?? -1, position));
  };
  for (const group of sorted) {
    const position = positions.get(group)!;
    for (const id of group.reads) touch(id, position);
    for (const root of group.roots) if (isNeeded(root)) touch(root.value, position);
  }
  for (const id of stored) if (elementCount(program.values[id]!.shape) > 0) touch(id, sorted.length);
  const bytesOf = (owner: ValueId) => elementCount(program.values[owner]!.shape) * elementBytes(program.values[owner]!.dtype);
  const { pageBytes } = layout;
  if (pageBytes !== undefined) for (const owner of first.keys()) checkFitsPage(nameOf(owner, roots), bytesOf(owner), pageBytes);
  const { offsets, arenaBytes } = shareArena(sorted, first, last, { bytesOf, pageBytes });

  function locate({ region, slot, owner }: Buffer): { region: Buffer['region']; slot?: string; byteOffset: number } {
    const name = owner === undefined ? slot : direct.get(owner);
    if (name !== undefined) return { region: 'slot', slot: name, byteOffset: layout.slots.get(name)!.byteOffset };
    if (owner === undefined) return { region, byteOffset: 0 };
    const byteOffset = offsets.get(owner);
    if (byteOffset === undefined) throw new Error(`fuse: value ${owner} has no memory`);
    return { region, byteOffset };
  }

  const hazards = createHazards();
  const kernels = sorted.map((group, i): Kernel => {
    const { buffers, writes, ranges, bytes } = refer(group, finished[i], isNeeded(group.roots[0]!), locate, roots);
    const nodes = group.roots.map((root) => root.op.node).filter((node) => node !== undefined);
    const base: KernelBase = {
      title: title(group),
      ...(nodes[0] === undefined ? {} : { node: nodes[0] }),
      buffers,
      writes,
      barrier: hazards(ranges),
      flops: flopsOf(group, finished[i]),
      bytes,
    };
    if (group.kind === 'segment') return segmentKernel(group, base, roots);
    if (group.contract !== undefined) return contractKernel(group.contract, finished[i]!, base, isNeeded(group.contract.root), roots);
    return loopKernel(finished[i]!, base);
  });

  const stores = assignments
    .filter(({ slot, value }) => direct.get(baseOf(value, roots.opOf)) !== slot && elementCount(program.values[value]!.shape) > 0)
    .map(({ slot, mode, value }): KernelStore => {
      const storage = storageOf(baseOf(value, roots.opOf), roots)!;
      const size = elementBytes(storage.dtype);
      const where = locate(storage.buffer);
      const source = { ...where, byteOffset: where.byteOffset + storage.offset * size, byteLength: elementCount(storage.shape) * size };
      return { slot, mode, source };
    });
  return {
    name: program.name,
    batchSize: program.batchSize,
    readsRows: program.ops.some((op) => op.op === 'rows'),
    scalarNames: program.scalarNames,
    kernels,
    stores,
    arenaBytes,
    rowLimit: Math.min(Infinity, ...sorted.map((group) => group.built.rowLimit)),
  };
}

interface Range {
  readonly space: string;
  readonly start: number;
  readonly end: number;
  readonly isWritten: boolean;
}

/** Whether a kernel conflicts with one since the last barrier. */
function createHazards(): (ranges: readonly Range[]) => boolean {
  let open: Range[] = [];
  return (ranges) => {
    const conflicts = ranges.some((range) =>
      open.some(
        (other) =>
          (range.isWritten || other.isWritten) && range.space === other.space && range.start < other.end && other.start < range.end,
      ),
    );
    if (conflicts) open = [];
    open.push(...ranges);
    return conflicts;
  };
}

type Locate = (buffer: Buffer) => { region: BufferRef['region']; slot?: string; byteOffset: number };

function refer(group: Group, finished: Finished | undefined, storesFirst: boolean, locate: Locate, roots: Roots) {
  const accesses: Access[] = [...(finished?.accesses ?? [])];
  const whole = (id: ValueId, isWritten: boolean): Access => {
    const { buffer, byteOffset, high } = flatAccess(roots, id);
    return { buffer, byteOffset, low: byteOffset, high, isWritten };
  };
  if (group.contract !== undefined) {
    const { left, right, root } = group.contract;
    const operands = [left, right].map(({ storage, at }): Access => {
      const resolved = resolve(at);
      const [low, high] = bounds(resolved);
      return { buffer: storage.buffer, byteOffset: resolved.offset * 4, low: low * 4, high: (high + 1) * 4, isWritten: false };
    });
    if (storesFirst) {
      const storage = storageOf(root.value, roots)!;
      const reach = storage.shape.reduce((sum, size, axis) => sum + (size - 1) * storage.strides[axis]!, 1);
      const byteOffset = storage.offset * 4;
      operands.push({ buffer: storage.buffer, byteOffset, low: byteOffset, high: byteOffset + reach * 4, isWritten: true });
    }
    accesses.unshift(...operands);
  } else if (group.kind === 'segment') {
    const [root] = group.roots as [Root];
    accesses.push(...root.op.inputs.map((id) => whole(id, false)), whole(root.value, true));
    accesses.push({ buffer: { key: 'status', region: 'status' }, byteOffset: 0, low: 0, high: 8, isWritten: true });
  }
  const buffers = accesses.map(({ buffer, byteOffset, high }): BufferRef => {
    const where = locate(buffer);
    return { ...where, byteOffset: where.byteOffset + byteOffset, byteLength: high - byteOffset };
  });
  const ranges = accesses
    .filter(
      ({ buffer }) => buffer.region !== 'status' && buffer.region !== 'step' && buffer.region !== 'scalars' && buffer.region !== 'rows',
    )
    .map(({ buffer, low, high, isWritten }): Range => {
      const where = locate(buffer);
      return { space: where.region, start: where.byteOffset + low, end: where.byteOffset + high, isWritten };
    });
  const writes = accesses.flatMap(({ isWritten }, i) => (isWritten ? [i] : []));
  const memory = accesses.filter(({ buffer }) => buffer.region === 'slot' || buffer.region === 'arena');
  const bytes = memory.reduce((sum, { low, high, touched }) => sum + (touched ?? high - low), 0);
  return { buffers, writes, ranges, bytes };
}

function flatAccess(roots: Roots, id: ValueId) {
  const { storage, at } = flatOperand(roots, id);
  const size = elementBytes(storage.dtype);
  const byteOffset = at.offset * size;
  return { buffer: storage.buffer, byteOffset, high: byteOffset + elementCount(roots.program.values[id]!.shape) * size };
}

/** Elements per unit of a one-dimensional loop: enough that starting the unit costs nothing. */
const unitCost = 1500;

function loopKernel(finished: Finished, base: KernelBase): Kernel {
  const { body, rowCost, phaseCosts } = finished;
  const size = (axes: readonly number[]) => axes.reduce((total, axis) => total * body.sizes[axis]!, 1);
  const last = body.outer.at(-1);
  // Nanoseconds: a vector instruction takes about a third of one and does four elements.
  const perVector = 0.35;
  const phases = phaseCosts.map((cost, phase) => cost * size(body.phases[phase]!));
  const inPhases = phases.reduce((sum, cost) => sum + cost, 0);
  if (body.vector === 'inner' || last === undefined) {
    const units = size(body.outer);
    return { ...base, kind: 'loop', body: { ...body, chunk: 1 }, units, costPerUnit: 4 + (rowCost + inPhases / 4) * perVector };
  }
  const perElement = ((rowCost + inPhases) / 4) * perVector;
  const wanted = Math.max(16, Math.ceil(unitCost / perElement / 16) * 16);
  const length = body.sizes[last]!;
  const chunk = Math.min(length, wanted);
  const units = size(body.outer.slice(0, -1)) * Math.ceil(length / chunk);
  return { ...base, kind: 'loop', body: { ...body, chunk }, units, costPerUnit: 4 + perElement * chunk };
}

function segmentKernel({ roots: [root] }: Group, base: KernelBase, roots: Roots): Kernel {
  const { op } = root!;
  if (op.op !== 'segmentReduce') throw new Error('fuse: no segment sum');
  const { shape } = roots.program.values[op.inputs[0]!]!;
  const rows = shape[0]!;
  const columns = elementCount(shape.slice(1));
  const columnBlock = Math.min(columns, 32);
  const { fn, segmentCount } = op.attrs;
  const units = Math.ceil(columns / columnBlock);
  return {
    ...base,
    kind: 'segment',
    fn,
    rows,
    columns,
    columnBlock,
    segmentCount,
    units,
    costPerUnit: (rows + segmentCount) * (2 + columnBlock / 8),
  };
}

function contractKernel(contract: ContractParts, finished: Finished, base: KernelBase, storesResult: boolean, roots: Roots): Kernel {
  const { left, right, root } = contract;
  const storage = storageOf(root.value, roots)!;
  // Strides of each unsplit axis in the three tensors.
  const outStrides = new Map<Axis, number>();
  const leftTerms = resolve(left.at).terms;
  const rightTerms = resolve(right.at).terms;
  contract.rows.axes.forEach((axis, i) => {
    let stride = storage.strides[i]!;
    for (const leaf of leaves(axis).toReversed()) {
      outStrides.set(leaf, stride);
      stride *= leaf.size;
    }
  });
  const listed = (axes: readonly Axis[]): ContractAxis[] => {
    const list: ContractAxis[] = [];
    for (const leaf of axes.flatMap(leaves)) {
      if (leaf.size === 1) continue;
      const next = { size: leaf.size, left: leftTerms.get(leaf) ?? 0, right: rightTerms.get(leaf) ?? 0, out: outStrides.get(leaf) ?? 0 };
      const outer = list.at(-1);
      const merges = outer !== undefined && (['left', 'right', 'out'] as const).every((key) => outer[key] === next[key] * next.size);
      if (merges) list[list.length - 1] = { ...next, size: outer.size * next.size };
      else list.push(next);
    }
    return list;
  };
  // The epilogue's buffers come after the operands.
  const shift = storesResult ? 3 : 2;
  const { body, batchAxes, mAxes } = finished;
  const moved = {
    ...body,
    nodes: body.nodes.map((node) => {
      if (node.op === 'random') return { ...node, step: node.step + shift };
      if (node.op !== 'load') return node;
      const row = node.row === undefined ? {} : { row: { ...node.row, status: node.row.status + shift } };
      return { ...node, buffer: node.buffer + shift, ...row };
    }),
    stores: body.stores.map((store) => ({ ...store, buffer: store.buffer + shift })),
  };
  return {
    ...base,
    kind: 'contract',
    batch: listed(contract.batch),
    m: listed(contract.m),
    n: listed(contract.n),
    k: listed(contract.k),
    storesResult,
    ...(body.stores.length === 0 ? {} : { epilogue: { body: moved, batchAxes, mAxes } }),
  };
}

function flopsOf(group: Group, finished: Finished | undefined): number {
  const own = finished?.flops ?? 0;
  if (group.contract !== undefined) {
    const { rows, k } = group.contract;
    return own + 2 * rows.count * k.reduce((total, axis) => total * axis.size, 1);
  }
  return own + (group.kind === 'segment' ? group.rows : 0);
}

/** For a message: `A result of conv_1 (32 × 16 × 28 × 28)`. */
function nameOf(id: ValueId, { program, opOf }: Roots): string {
  const { node, op } = opOf(id);
  return `A result of ${node ?? op} (${program.values[id]!.shape.join(' × ')})`;
}

/** `contract, add, maximum` */
function title(group: Group): string {
  const names: string[] = group.roots.map(({ op, kind }) => {
    if (kind === 'part') return 'copy';
    if (kind === 'fill') return 'fill';
    return op.op === 'unary' || op.op === 'binary' || op.op === 'reduce' ? op.attrs.fn : op.op;
  });
  return [...new Set(names)].join(', ');
}
