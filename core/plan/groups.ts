/**
 * Which roots share a kernel. Starts with one group per root and joins a group to those it reads from, or shares inputs
 * with, as long as every unit then needs nothing but its own rows and no third group would have to run in between.
 */
import { elementCount, rowMajorStrides } from '../ops/shapes.ts';
import type { OpAttrs, ValueId } from '../program/program.ts';
import { axisIndex, combine, leaves, resolve, type Axis } from './affine.ts';
import { buildBody, extendBody, memoryView, NeedsBuffer, plainRows, Refused, type Built, type MemoryView, type Rows } from './buildBody.ts';
import { checkEpilogue, finishLoop } from './finishBody.ts';
import type { LoopBody } from './loopBody.ts';
import { wholeOf, type Root, type Roots } from './roots.ts';
import { storageOf } from './storage.ts';

export interface ContractParts {
  readonly root: Root;
  /** Axes of the letters by group, in the order of `out`. */
  readonly batch: readonly Axis[];
  readonly m: readonly Axis[];
  readonly n: readonly Axis[];
  readonly k: readonly Axis[];
  readonly left: MemoryView;
  readonly right: MemoryView;
  readonly rows: Rows;
}

export interface Group {
  readonly kind: 'loop' | 'contract' | 'segment';
  /** In the order of the program. */
  readonly roots: readonly Root[];
  /** Parallel rows; of elementwise groups the number of elements. */
  readonly rows: number;
  readonly isFlat: boolean;
  /** Of reductions: the axis that goes in vectors; work along the other one doesn't join. */
  readonly vector?: LoopBody['vector'];
  readonly built: Built;
  readonly contract?: ContractParts;
  /** Values of other groups that it needs. */
  readonly reads: ReadonlySet<ValueId>;
  readonly slots: ReadonlySet<string>;
  /** Slots read otherwise than by loops. */
  readonly operandSlots: ReadonlySet<string>;
}

export interface Groups {
  readonly list: readonly Group[];
  readonly groupOf: (root: Root) => Group;
  /** Groups that must come before, from what they read. */
  readonly before: (group: Group) => ReadonlySet<Group>;
  /** Roots that write a value, whole or in parts. */
  readonly writersOf: (id: ValueId) => readonly Root[];
}

/** Rows below which a kernel is not shared out: then only small work may join it. */
const fewRows = 16;
const smallWork = 16_384;
const mostRoots = 24;

export function joinGroups(roots: Roots): Groups {
  const writers = new Map<ValueId, Root[]>();
  const addWriter = (id: ValueId, root: Root) => writers.set(id, [...(writers.get(id) ?? []), root]);
  for (const root of roots.list) {
    addWriter(root.value, root);
    for (let placed = roots.placedIn.get(root.value); placed !== undefined; placed = roots.placedIn.get(placed.whole)) {
      addWriter(placed.whole, root);
    }
  }
  const groups = new Map<number, Group>();
  const writersOf = (id: ValueId) => writers.get(id) ?? [];
  const groupOf = (root: Root) => groups.get(root.id)!;
  const readers = new Map<ValueId, Set<Root>>();
  const slotReaders = new Map<string, Set<Root>>();
  /** What `before` found, as long as no groups were joined since. */
  const sources = new Map<Group, { readonly joins: number; readonly groups: ReadonlySet<Group> }>();
  let joins = 0;

  function before(group: Group): ReadonlySet<Group> {
    const known = sources.get(group);
    if (known?.joins === joins) return known.groups;
    const result = new Set<Group>();
    for (const id of group.reads) for (const root of writersOf(id)) result.add(groupOf(root));
    for (const root of group.roots) {
      if (root.kind !== 'part') continue;
      for (const other of writersOf(wholeOf(root.value, roots))) if (other.kind === 'fill') result.add(groupOf(other));
    }
    result.delete(group);
    sources.set(group, { joins, groups: result });
    return result;
  }

  /** Whether one of `groups` is `target` or has to run after it. */
  function follow(groups: Iterable<Group>, target: Group): boolean {
    const first = target.roots[0]!.id;
    const pending = [...groups];
    const seen = new Set(pending);
    for (let group = pending.pop(); group !== undefined; group = pending.pop()) {
      if (group === target) return true;
      if (group.roots.at(-1)!.id < first) continue;
      for (const other of before(group)) {
        if (seen.has(other)) continue;
        seen.add(other);
        pending.push(other);
      }
    }
    return false;
  }

  /** Whether a third group has to run between the two, or the second before the first. */
  function isApart(first: Group, second: Group, isSource: boolean): boolean {
    if (follow(before(first), second)) return true;
    const between = [...before(second)].filter((group) => !isSource || group !== first);
    return follow(between, first);
  }

  function register(group: Group): void {
    for (const root of group.roots) groups.set(root.id, group);
    for (const slot of group.slots) {
      const known = slotReaders.get(slot) ?? new Set<Root>();
      known.add(group.roots[0]!);
      slotReaders.set(slot, known);
    }
    for (const id of group.reads) {
      const known = readers.get(id) ?? new Set<Root>();
      known.add(group.roots[0]!);
      readers.set(id, known);
    }
  }

  /** Whether joining would make a slot's other readers wait for what overwrites it. */
  function blocksSlot(first: Group, second: Group): boolean {
    return [first, second].some((group, i) =>
      group.roots.some((root) => {
        const slot = roots.slotOf(root.value);
        const others = [...((slot === undefined ? undefined : slotReaders.get(slot)) ?? [])].map(groupOf);
        return others.some((other) => other !== first && other !== second && follow([other], i === 0 ? second : first));
      }),
    );
  }

  /** Groups with a common input or a common source, latest first. */
  function neighbours(group: Group): Group[] {
    const found = new Set<Group>();
    const ids = new Set(group.reads);
    for (const other of before(group)) for (const root of other.roots) ids.add(root.value);
    for (const id of ids) for (const root of readers.get(id) ?? []) found.add(groupOf(root));
    found.delete(group);
    return [...found]
      .filter((other) => other.roots[0]!.id < group.roots[0]!.id)
      .sort(latestFirst)
      .slice(0, 6);
  }

  for (const root of roots.list) {
    let group = single(roots, root);
    register(group);
    for (let joined = true; joined;) {
      joined = false;
      const needed = [...before(group)].sort(latestFirst);
      const candidates = [...needed.map((other) => [other, true] as const), ...neighbours(group).map((other) => [other, false] as const)];
      for (const [other, isSource] of candidates) {
        if (!isSource && needed.includes(other)) continue;
        const rows = commonRows(other, group, isSource);
        if (rows === undefined) continue;
        if (isApart(other, group, isSource) || blocksSlot(other, group)) continue;
        const both = join(roots, other, group, rows);
        if (both === undefined) continue;
        group = both;
        joins++;
        register(group);
        joined = true;
        break;
      }
    }
    // Now, so that what turns out to need memory gets it before more is joined.
    void group.built;
  }
  return { list: [...new Set(groups.values())], groupOf, before, writersOf };
}

function latestFirst(a: Group, b: Group): number {
  return b.roots.at(-1)!.id - a.roots.at(-1)!.id;
}

/** Rows two groups can share; undefined where they can't or shouldn't. */
function commonRows(first: Group, second: Group, isSource: boolean): number | undefined {
  if (first.kind === 'segment' || second.kind === 'segment' || second.kind === 'contract') return undefined;
  if (first.roots.length + second.roots.length > mostRoots) return undefined;
  if ([...first.roots, ...second.roots].some((root) => root.kind === 'fill')) return undefined;
  if (first.kind === 'contract') return isSource && second.isFlat && second.rows === first.rows ? first.rows : undefined;
  if (first.isFlat && second.isFlat) return first.rows === second.rows ? first.rows : undefined;
  if (!first.isFlat && !second.isFlat) return first.rows === second.rows && first.vector === second.vector ? first.rows : undefined;
  const flat = first.isFlat ? first : second;
  const { rows, vector } = first.isFlat ? second : first;
  if (flat.rows % rows !== 0) return undefined;
  const parallel = rows >= fewRows || flat.rows <= smallWork;
  return flat.rows === rows || (isSource && parallel && vector === 'inner') ? rows : undefined;
}

function join(roots: Roots, first: Group, second: Group, rows: number): Group | undefined {
  const members = [...first.roots, ...second.roots].sort((a, b) => a.id - b.id);
  const goesOn = first.rows === rows && first.roots.at(-1)!.id < second.roots[0]!.id;
  try {
    const extended = goesOn ? extendBody(first.built, second.roots) : undefined;
    const both =
      first.contract === undefined
        ? loopGroup(members, rows, first.isFlat && second.isFlat, extended ?? buildBody(roots, members, plainRows(rows)))
        : contractGroup(members, first.contract, extended ?? buildBody(roots, members, first.contract.rows));
    return both.roots.every((root) => keepsSlot(roots, both, root)) ? both : undefined;
  } catch (error) {
    if (error instanceof Refused || error instanceof NeedsBuffer) return undefined;
    throw error;
  }
}

/** Whether a value can still be computed straight into the slot it is assigned to. */
function keepsSlot(roots: Roots, group: Group, root: Root): boolean {
  const slot = roots.slotOf(root.value);
  if (slot === undefined) return true;
  const store = group.built.stores.find((own) => own.root === root);
  return !group.operandSlots.has(slot) && storesSafely(group.built, slot, store?.phase);
}

/** Whether the kernel reads a slot only where, and before, it writes it. */
export function storesSafely({ slotReads }: Built, slot: string, phase: number | undefined): boolean {
  return slotReads.every((read) => read.slot !== slot || (read.inPlace && (read.phase === phase || (read.phase ?? -1) < (phase ?? -1))));
}

function single(roots: Roots, root: Root): Group {
  if (root.kind === 'segment') return segmentGroup(roots, root);
  if (root.kind === 'contract') {
    const contract = contractParts(roots, root);
    return contractGroup([root], contract, buildBody(roots, [root], contract.rows));
  }
  const rows = elementCount(root.shape);
  const build = () => buildBody(roots, [root], plainRows(rows));
  if (root.kind === 'reduce') return loopGroup([root], rows, false, build());
  let built: Built | undefined;
  return {
    kind: 'loop',
    roots: [root],
    rows,
    isFlat: true,
    // Most are joined before anybody asks.
    get built() {
      return (built ??= build());
    },
    ...readsOf(roots, root),
    operandSlots: new Set(),
  };
}

/** What a root's expression reads, without building it. */
function readsOf(roots: Roots, root: Root): Pick<Group, 'reads' | 'slots'> {
  const reads = new Set<ValueId>();
  const slots = new Set<string>();
  const pending: ValueId[] = root.kind === 'part' ? [root.source] : root.kind === 'fill' ? [] : [...root.op.inputs];
  const seen = new Set(pending);
  for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
    const op = roots.opOf(id);
    if (op.op === 'slot') slots.add(op.attrs.slot);
    else if (roots.isRoot(id)) reads.add(id);
    else {
      for (const input of op.inputs) {
        if (seen.has(input)) continue;
        seen.add(input);
        pending.push(input);
      }
    }
  }
  return { reads, slots };
}

function slotsOf(built: Built, operandSlots: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...built.slotReads.map(({ slot }) => slot), ...operandSlots]);
}

function loopGroup(members: readonly Root[], rows: number, isFlat: boolean, built: Built): Group {
  const operandSlots = new Set<string>();
  const slots = slotsOf(built, operandSlots);
  const group = { kind: 'loop', roots: members, rows, isFlat, built, reads: built.reads, slots, operandSlots } as const;
  return isFlat ? group : { ...group, vector: finishLoop(built, () => true).body.vector };
}

function segmentGroup(roots: Roots, root: Root): Group {
  const reads = new Set<ValueId>();
  const operandSlots = new Set<string>();
  for (const input of root.op.inputs) {
    const { base, storage } = flatOperand(roots, input);
    if (storage.buffer.region === 'slot') operandSlots.add(storage.buffer.slot!);
    else reads.add(base);
  }
  const rows = elementCount(root.shape);
  const built: Built = { outer: [], phases: [], stores: [], reads, slotReads: [], valueReads: [], reloads: new Set(), rowLimit: Infinity };
  return { kind: 'segment', roots: [root], rows, isFlat: false, built, reads, slots: operandSlots, operandSlots };
}

/** A dense operand under any shape. */
export function flatOperand(roots: Roots, id: ValueId): MemoryView {
  const axis: Axis = { size: elementCount(roots.program.values[id]!.shape) };
  let base = id;
  while (roots.opOf(base).op === 'reshape' && storageOf(base, roots) === undefined) base = roots.opOf(base).inputs[0]!;
  const storage = storageOf(base, roots);
  if (storage?.dense !== true) throw new NeedsBuffer(storage === undefined ? id : base);
  return { base, storage, at: combine([[axisIndex(axis), 1]], storage.offset) };
}

function contractGroup(members: readonly Root[], contract: ContractParts, built: Built): Group {
  if (built.phases.length > 0) throw new Refused('phases in an epilogue');
  if (members.length > 1) checkEpilogue(built, contract);
  const reads = new Set(built.reads);
  const operandSlots = new Set<string>();
  for (const { base, storage } of [contract.left, contract.right]) {
    if (storage.buffer.region === 'slot') operandSlots.add(storage.buffer.slot!);
    else {
      if (members.some((member) => member.value === base)) throw new Refused('reads its own result');
      reads.add(base);
    }
  }
  const slots = slotsOf(built, operandSlots);
  return { kind: 'contract', roots: members, rows: contract.rows.count, isFlat: false, built, contract, reads, slots, operandSlots };
}

/** Sorts the letters; the operand with out's last letter is the right one. */
function contractParts(roots: Roots, root: Root): ContractParts {
  const attrs = root.op.attrs as OpAttrs['contract'];
  const { out } = attrs;
  let [left, right] = [
    { letters: attrs.left, id: root.op.inputs[0]! },
    { letters: attrs.right, id: root.op.inputs[1]! },
  ];
  const axes = new Map<string, Axis>();
  for (const { letters, id } of [left, right]) {
    [...letters].forEach((letter, i) => axes.set(letter, axes.get(letter) ?? { size: roots.program.values[id]!.shape[i]! }));
  }
  // Letters of size 1 are nowhere in the way: none of them may become the only column.
  const long = [...out].filter((letter) => axes.get(letter)!.size !== 1);
  if (!right.letters.includes(long.at(-1) ?? out.at(-1)!)) [left, right] = [right, left];
  const strides = storageOf(root.value, roots)!.strides;
  const axisOf = (letter: string) => axes.get(letter)!;
  const inLeft = (letter: string) => left.letters.includes(letter);
  const inRight = (letter: string) => right.letters.includes(letter);
  const letters = [...out];
  const onlyRight = long.filter((letter) => !inLeft(letter));
  // n: as many of the last letters as lie densely in out; the rest of the right operand's letters go with the batch.
  const n = [...onlyRight];
  const strideOf = (letter: string) => strides[letters.indexOf(letter)]!;
  for (let i = n.length - 2; i >= 0; i--) {
    if (strideOf(n[i]!) !== strideOf(n[i + 1]!) * axisOf(n[i + 1]!).size) {
      n.splice(0, i + 1);
      break;
    }
  }
  const batch = long.filter((letter) => (inLeft(letter) && inRight(letter)) || (onlyRight.includes(letter) && !n.includes(letter)));
  const m = long.filter((letter) => !inRight(letter));
  const k = [...axes.keys()].filter((letter) => !out.includes(letter));
  const viewOf = ({ letters: own, id }: { letters: string; id: ValueId }): MemoryView => {
    const ownAxes = [...own].map(axisOf);
    const view = memoryView(roots, id, ownAxes.map(axisIndex));
    const { terms } = resolve(view.at);
    // Packing walks forwards over elements that exist.
    if (ownAxes.flatMap(leaves).some((leaf) => leaf.size > 1 && (terms.get(leaf) ?? 0) <= 0)) throw new NeedsBuffer(id);
    return view;
  };
  const outAxes = letters.map(axisOf);
  const rowStrides = rowMajorStrides(root.shape);
  const identity = combine(outAxes.map((axis, i) => [axisIndex(axis), rowStrides[i]!] as const));
  return {
    root,
    batch: batch.map(axisOf),
    m: m.map(axisOf),
    n: n.map(axisOf),
    k: k.map(axisOf),
    left: viewOf(left),
    right: viewOf(right),
    rows: { axes: outAxes, identity, count: elementCount(root.shape), tile: root.value },
  };
}
