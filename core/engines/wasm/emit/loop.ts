/**
 * A loop body as the text of one function. Rows are walked by unit; what doesn't depend on a loop is computed before it.
 * Addresses are pointers that move with their loops. Along the vector axis elements go four at a time, several vectors
 * side by side where that hides latency, and the rest one by one through the same vector code, so that an element's value
 * does not depend on where it falls.
 */
import type { Affine, AxisId, LoopBody, LoopNode, LoopStore, NodeId } from '../../../plan/loopBody.ts';
import type { Epilogue } from '../../../plan/kernelProgram.ts';
import { comparisonsInSelects, isComparison, placeNodes, type Region } from '../../../plan/nodeRegions.ts';
import { compare, emitBinary, emitCast, emitNormal, emitSelect, emitUnary, emitUniform, maskOf } from './expressions.ts';
import { addTo, finishTotals, startTotals, type Totals } from './totals.ts';
import { elementSizes, emitLoad, emitStore } from './memory.ts';
import type { DType } from '../../../program/program.ts';
import { createWriter, type Writer } from './writer.ts';

/** How a stretch of the vector axis is walked: `lanes` elements, `copies` vectors side by side. */
interface Stride {
  readonly lanes: 1 | 4;
  readonly copies: number;
}

const single: Stride = { lanes: 1, copies: 1 };

type Load = Extract<LoopNode, { op: 'load' }>;
type Reduce = Extract<LoopNode, { op: 'reduce' }>;

export function emitLoopBody(body: LoopBody, name: string, relaxed: boolean): string {
  const w = createWriter(relaxed);
  const e = createEmitter(w, body);
  const { outer, sizes, chunk, vector } = body;
  const lane = vector === 'outer' ? outer.at(-1) : undefined;
  const rows = lane === undefined ? outer : outer.slice(0, -1);
  const unit = w.local('i32', 'unit');
  w.line(`(local.set ${unit} (local.get $from))`);
  w.line(`(block $done (loop $units (br_if $done (i32.ge_u (local.get ${unit}) (local.get $to)))`);
  let rest = `(local.get ${unit})`;
  if (lane === undefined) {
    e.decode(rows, rest);
    e.row(undefined);
  } else {
    const length = sizes[lane]!;
    const chunks = Math.ceil(length / chunk);
    const start = w.local('i32', 'start');
    if (chunks === 1) w.line(`(local.set ${start} (i32.const 0))`);
    else {
      w.line(`(local.set ${start} (i32.mul (i32.rem_u ${rest} (i32.const ${chunks})) (i32.const ${chunk})))`);
      rest = w.keep('i32', `(i32.div_u ${rest} (i32.const ${chunks}))`, 'rest');
    }
    e.decode(rows, rest);
    if (chunks === 1) e.row({ axis: lane, start: 0, end: length });
    else {
      const stop = `(i32.add (local.get ${start}) (i32.const ${chunk}))`;
      const end =
        length % chunk === 0
          ? w.keep('i32', stop, 'end')
          : w.keep('i32', `(select ${stop} (i32.const ${length}) (i32.lt_u ${stop} (i32.const ${length})))`, 'end');
      const even = chunk % 16 === 0 && length % 16 === 0 ? 16 : chunk % 4 === 0 && length % 4 === 0 ? 4 : 1;
      e.row({ axis: lane, start: `(local.get ${start})`, end, even });
    }
  }
  w.line(`(local.set ${unit} (i32.add (local.get ${unit}) (i32.const 1))) (br $units)))`);
  return w.finish(`${name} (param $args i32) (param $from i32) (param $to i32)`);
}

/** `(args, batch, m0, m1, n0, n1, tile, tileStride)`: see `Epilogue`. */
export function emitEpilogueBody({ body, batchAxes, mAxes }: Epilogue, name: string, relaxed: boolean): string {
  const w = createWriter(relaxed);
  const e = createEmitter(w, body);
  const { outer } = body;
  const n = outer[batchAxes + mAxes];
  const m = w.local('i32', 'm');
  e.decode(outer.slice(0, batchAxes), '(local.get $batch)');
  w.line(`(local.set ${m} (local.get $m0))`);
  w.line(`(block $done (loop $rows (br_if $done (i32.ge_u (local.get ${m}) (local.get $m1)))`);
  e.decode(outer.slice(batchAxes, batchAxes + mAxes), `(local.get ${m})`);
  const row = `(i32.add (local.get $tile) (i32.mul (i32.sub (local.get ${m}) (local.get $m0)) (local.get $tileStride)))`;
  e.tileAt(w.keep('i32', row, 'row'));
  if (n === undefined) e.row(undefined);
  else e.row({ axis: n, start: '(local.get $n0)', end: '(local.get $n1)', even: 1 });
  w.line(`(local.set ${m} (i32.add (local.get ${m}) (i32.const 1))) (br $rows)))`);
  return w.finish(
    `${name} (param $args i32) (param $batch i32) (param $m0 i32) (param $m1 i32) (param $n0 i32) (param $n1 i32) (param $tile i32) (param $tileStride i32)`,
  );
}

/** The vector axis of rows: all of it, or a part known at run time whose length is a multiple of `even`. */
interface Lane {
  readonly axis: AxisId;
  readonly start: number | string;
  readonly end: number | string;
  readonly even?: number;
}

function createEmitter(w: Writer, body: LoopBody) {
  const { sizes, nodes, stores, phases, vector } = body;
  const laneAxis = vector === 'outer' ? body.outer.at(-1) : undefined;
  const regions = placeNodes(body, laneAxis);
  const isSkipped = comparisonsInSelects(body);
  /** Local of each copy of a node's value. */
  const values = new Map<NodeId, string[]>();
  /** Current pointer of each access: a buffer and the terms of its index. */
  let pointers = new Map<string, string>();
  /** Current index of each axis. */
  const indices = new Map<AxisId, string>();
  /** Of nodes that are row indices: the byte offset of the row, by table. */
  const rowOffsets = new Map<string, string>();
  const bases = new Map<number, string>();
  let tile: string | undefined;
  let stride: Stride = single;

  const accesses = new Map<string, { buffer: number; at: Affine; size: number }>();
  const keyOf = (buffer: number, at: Affine, size: number) => `${buffer} ${size} ${at.terms.join(' ')}`;
  for (const access of [...nodes.filter((node) => node.op === 'load'), ...stores]) {
    const size = elementSizes[access.dtype];
    accesses.set(keyOf(access.buffer, access.at, size), { buffer: access.buffer, at: access.at, size });
  }
  for (const { buffer } of accesses.values()) base(buffer);
  const rowLoads = new Map<NodeId, Load[]>();
  for (const node of nodes) {
    if (node.op !== 'load' || node.row === undefined) continue;
    base(node.row.status);
    const known = rowLoads.get(node.row.node) ?? [];
    if (!known.some((other) => rowKey(other) === rowKey(node))) rowLoads.set(node.row.node, [...known, node]);
  }
  for (const node of nodes) if (node.op === 'random') base(node.step);

  function base(buffer: number): string {
    let name = bases.get(buffer);
    if (name === undefined) {
      name = w.keep('i32', `(i32.load offset=${4 * buffer} (local.get $args))`, 'b');
      bases.set(buffer, name);
    }
    return name;
  }

  function value(id: NodeId, copy: number): string {
    const copies = values.get(id);
    if (copies === undefined) throw new Error(`emit: node ${id} is used before it is computed`);
    return copies[Math.min(copy, copies.length - 1)]!;
  }

  /** Elements between neighbours along the vector axis. */
  function stepOf(at: Affine, axis: AxisId | undefined): number {
    return axis === undefined ? 0 : (at.terms.find(([own]) => own === axis)?.[1] ?? 0);
  }

  function decode(axes: readonly AxisId[], flat: string): void {
    let rest = flat;
    axes.toReversed().forEach((axis, i) => {
      const isLast = i === axes.length - 1;
      const local = w.local('i32', 'i');
      indices.set(axis, `(local.get ${local})`);
      w.line(`(local.set ${local} ${isLast ? rest : `(i32.rem_u ${rest} (i32.const ${sizes[axis]}))`})`);
      if (!isLast) rest = w.keep('i32', `(i32.div_u ${rest} (i32.const ${sizes[axis]}))`, 'rest');
    });
  }

  /** offset + Σ coefficient · index, over axes whose index is known. */
  function sumOf({ offset, terms }: Affine, start = ''): string {
    let sum = start;
    const add = (text: string) => (sum = sum === '' ? text : `(i32.add ${sum} ${text})`);
    if (offset !== 0) add(`(i32.const ${offset})`);
    for (const [axis, coefficient] of terms) {
      const index = indices.get(axis);
      if (index === undefined) continue;
      add(coefficient === 1 ? index : `(i32.mul ${index} (i32.const ${coefficient}))`);
    }
    return sum === '' ? '(i32.const 0)' : sum;
  }

  /** Pointers of a row, before any loop within it. */
  function startPointers(): void {
    pointers = new Map();
    for (const [key, { buffer, at, size }] of accesses) {
      const terms = at.terms.filter(([axis]) => indices.has(axis)).map(([axis, step]) => [axis, step * size] as const);
      pointers.set(key, terms.length === 0 ? base(buffer) : w.keep('i32', sumOf({ offset: 0, terms }, base(buffer)), 'p'));
    }
  }

  function row(lane: Lane | undefined): void {
    for (const axis of [...phases.flat(), ...(lane === undefined ? [] : [lane.axis])]) indices.delete(axis);
    startPointers();
    if (laneAxis !== undefined && lane !== undefined) {
      stride = single;
      emitNodes((region) => region.phase === undefined && region.after === 0 && region.isUniform, undefined);
      const atRow = (at: Stride) => {
        stride = at;
        rowWork((region) => !(region.after === 0 && region.isUniform));
      };
      const copies = copiesFor(nodes.length);
      if (typeof lane.start === 'number') walk(lane.axis, sizes[lane.axis]!, copies, atRow);
      else walkRange(lane, copies, atRow);
    } else {
      stride = single;
      rowWork(() => true);
    }
  }

  /** Everything between the start of a row, or of a vector of rows, and its stores. */
  function rowWork(filter: (region: Region) => boolean): void {
    for (let after = 0; after <= phases.length; after++) {
      emitNodes((region) => region.phase === undefined && region.after === after && filter(region), laneAxis);
      if (after < phases.length) phase(after);
    }
    for (const store of stores) if (store.phase === undefined) emitStores(store, laneAxis);
  }

  function phase(number: number): void {
    const outside = stride;
    const axes = phases[number]!;
    const reductions = nodes.flatMap((node, id) => (node.op === 'reduce' && node.phase === number ? [{ node, id }] : []));
    const ends = stores.filter((store) => store.phase === number);
    const inner = vector === 'inner' ? axes.at(-1) : undefined;
    const atPhase = (depth: number) => emitNodes((region) => region.phase === number && region.depth === depth, inner ?? laneAxis);
    const copies = inner === undefined ? outside.copies : copiesFor(nodes.length);
    const totals = reductions.map(({ node, id }) => ({
      node,
      id,
      locals: startTotals(w, node.fn, typeOfInput(node), inner === undefined ? outside.copies : copies),
    }));
    const work = (at: Stride) => {
      stride = inner === undefined ? outside : at;
      atPhase(axes.length);
      for (const { node, locals } of totals) addUp(node, locals, inner !== undefined && at.lanes === 1);
      for (const store of ends) emitStores(store, inner ?? laneAxis);
    };
    const loops = (depth: number): void => {
      const axis = axes[depth];
      if (axis === undefined) {
        work(single);
        return;
      }
      const isLast = depth === axes.length - 1;
      if (isLast && inner !== undefined) walk(axis, sizes[axis]!, copies, work);
      else if (isLast) count(axis, () => work(single));
      else {
        count(axis, () => {
          stride = inner === undefined ? outside : single;
          atPhase(depth + 1);
          loops(depth + 1);
        });
      }
    };
    loops(0);
    stride = outside;
    for (const { node, id, locals } of totals) values.set(id, finishTotals(w, node.fn, typeOfInput(node), locals, inner !== undefined));
    for (const axis of axes) indices.delete(axis);
  }

  function typeOfInput(node: Reduce): DType {
    return nodes[node.inputs[0]!]!.dtype;
  }

  /** Adds this round's values; `isSingle`: one element, which all lanes hold. */
  function addUp(node: Reduce, totals: Totals, isSingle: boolean): void {
    const [input, place] = node.inputs as [NodeId, NodeId | undefined];
    const source = nodes[input]!;
    const isProduct = source.op === 'binary' && source.fn === 'multiply';
    for (let copy = 0; copy < stride.copies; copy++) {
      addTo(w, node.fn, source.dtype, totals, copy, {
        value: value(input, copy),
        ...(place === undefined ? {} : { index: value(place, copy) }),
        ...(isProduct ? { factors: [value(source.inputs[0], copy), value(source.inputs[1], copy)] } : {}),
        isSingle,
      });
    }
  }

  // Loops.

  /** Runs `step` with the pointers that move along an axis, and moves them by `elements` afterwards. */
  function moving(axis: AxisId): { readonly enter: () => void; readonly advance: (elements: number) => void; readonly leave: () => void } {
    const before = pointers;
    const moved: { readonly local: string; readonly bytes: number; readonly from: string }[] = [];
    const within = new Map(before);
    for (const [key, { at, size }] of accesses) {
      const step = stepOf(at, axis);
      if (step === 0) continue;
      const local = w.local('i32', 'q');
      moved.push({ local, bytes: step * size, from: before.get(key)! });
      within.set(key, `(local.get ${local})`);
    }
    return {
      enter() {
        for (const { local, from } of moved) w.line(`(local.set ${local} ${from})`);
        pointers = within;
      },
      advance(elements) {
        for (const { local, bytes } of moved) w.line(`(local.set ${local} (i32.add (local.get ${local}) (i32.const ${bytes * elements})))`);
      },
      leave() {
        pointers = before;
      },
    };
  }

  function counter(axis: AxisId, start: string): string {
    const local = w.local('i32', 'i');
    w.line(`(local.set ${local} ${start})`);
    indices.set(axis, `(local.get ${local})`);
    return local;
  }

  function step(local: string, by: number): void {
    w.line(`(local.set ${local} (i32.add (local.get ${local}) (i32.const ${by})))`);
  }

  /** All indices of an axis, one by one. */
  function count(axis: AxisId, work: () => void): void {
    const size = sizes[axis]!;
    if (size === 0) return;
    const pointer = moving(axis);
    pointer.enter();
    const i = counter(axis, '(i32.const 0)');
    const label = w.label();
    w.line(`(loop ${label}`);
    work();
    pointer.advance(1);
    step(i, 1);
    w.line(`(br_if ${label} (i32.lt_u (local.get ${i}) (i32.const ${size}))))`);
    pointer.leave();
  }

  /** All indices of a vector axis of known size. */
  function walk(axis: AxisId, size: number, copies: number, work: (stride: Stride) => void): void {
    const pointer = moving(axis);
    pointer.enter();
    const i = counter(axis, '(i32.const 0)');
    let done = 0;
    const strides: Stride[] = [...(copies > 1 ? [{ lanes: 4, copies } as const] : []), { lanes: 4, copies: 1 }, single];
    for (const at of strides) {
      const width = at.lanes * at.copies;
      const rounds = Math.floor((size - done) / width);
      if (rounds === 0) continue;
      done += rounds * width;
      const label = w.label();
      if (rounds > 1) w.line(`(loop ${label}`);
      work(at);
      if (rounds > 1 || done < size) {
        pointer.advance(width);
        step(i, width);
      }
      if (rounds > 1) w.line(`(br_if ${label} (i32.lt_u (local.get ${i}) (i32.const ${done}))))`);
    }
    pointer.leave();
  }

  /** The part of a vector axis between two indices known at run time. */
  function walkRange({ axis, start, end, even = 1 }: Lane, copies: number, work: (stride: Stride) => void): void {
    const pointer = moving(axis);
    pointer.enter();
    const i = counter(axis, String(start));
    // The pointers stand at index 0.
    for (const [key, { at, size }] of accesses) {
      const bytes = stepOf(at, axis) * size;
      if (bytes === 0) continue;
      const local = pointers.get(key)!.slice('(local.get '.length, -1);
      w.line(`(local.set ${local} (i32.add (local.get ${local}) (i32.mul (local.get ${i}) (i32.const ${bytes}))))`);
    }
    const strides: Stride[] = [...(copies > 1 ? [{ lanes: 4, copies } as const] : []), { lanes: 4, copies: 1 }, single];
    for (const at of strides) {
      const width = at.lanes * at.copies;
      const label = w.label();
      const out = w.label();
      w.line(`(block ${out} (loop ${label}`);
      w.line(`(br_if ${out} (i32.gt_s (i32.add (local.get ${i}) (i32.const ${width})) ${end}))`);
      work(at);
      pointer.advance(width);
      step(i, width);
      w.line(`(br ${label})))`);
      if (even % width === 0) break;
    }
    pointer.leave();
  }

  // Nodes.

  function emitNodes(filter: (region: Region) => boolean, axis: AxisId | undefined): void {
    nodes.forEach((node, id) => {
      const region = regions[id]!;
      if (node.op === 'reduce' || !filter(region) || isSkipped.has(id)) return;
      const copies = region.isUniform ? 1 : stride.copies;
      const lanes = region.isUniform ? 1 : stride.lanes;
      const own: string[] = [];
      for (let copy = 0; copy < copies; copy++) {
        own.push(w.keep('v128', expression(node, copy, lanes, region.isUniform ? undefined : axis), 'n'));
      }
      values.set(id, own);
      if (region.isUniform) for (const load of rowLoads.get(id) ?? []) rowOffsets.set(rowKey(load), rowOffset(load, 0));
    });
  }

  function expression(node: LoopNode, copy: number, lanes: 1 | 4, axis: AxisId | undefined): string {
    const input = (i: number) => value((node as { inputs: readonly NodeId[] }).inputs[i]!, copy);
    switch (node.op) {
      case 'load':
        return node.row === undefined ? loadAt(node, copy, lanes, axis) : loadRow(node, copy, lanes, axis);
      case 'tile': {
        const offset = axis === undefined ? '' : `(i32.mul (i32.sub ${indices.get(axis)!} (local.get $n0)) (i32.const 4))`;
        const address = offset === '' ? tile! : `(i32.add ${tile!} ${offset})`;
        return lanes === 4 ? `(v128.load offset=${copy * 16} ${address})` : `(v128.load32_splat ${address})`;
      }
      case 'constant':
        return node.dtype === 'f32' ? w.f32(Number(node.value)) : w.i32(Number(node.value));
      case 'index': {
        const sum = `(i32x4.splat ${sumOf(node.at)})`;
        const along = stepOf(node.at, axis);
        if (lanes === 1 || along === 0) return sum;
        return `(i32x4.add ${sum} (v128.const i32x4 ${[0, 1, 2, 3].map((lane) => (copy * 4 + lane) * along).join(' ')}))`;
      }
      case 'random':
        return randomAt(node, copy, lanes, axis);
      case 'unary':
        return emitUnary(w, node.fn, input(0));
      case 'binary': {
        const dtype = nodes[node.inputs[0]]!.dtype;
        const fused = w.relaxed && node.fn === 'add' ? product(node.inputs) : undefined;
        if (fused !== undefined) {
          const [factors, other] = fused;
          return `(f32x4.relaxed_madd ${value(factors[0], copy)} ${value(factors[1], copy)} ${value(other, copy)})`;
        }
        return emitBinary(w, node.fn, dtype, input(0), input(1));
      }
      case 'select': {
        const [condition] = node.inputs;
        const test = nodes[condition]!;
        const mask =
          test.op === 'binary' && isComparison(test)
            ? compare(test.fn, nodes[test.inputs[0]]!.dtype, value(test.inputs[0], copy), value(test.inputs[1], copy))
            : maskOf(w, test.dtype, input(0));
        return emitSelect(mask, input(1), input(2));
      }
      case 'cast':
        return emitCast(w, nodes[node.inputs[0]]!.dtype, node.dtype, input(0));
      case 'reduce':
        throw new Error('emit: a reduction is no expression');
    }
  }

  /** a · b + c as one rounding, where the product is used nowhere else. */
  function product([a, b]: readonly [NodeId, NodeId]): readonly [readonly [NodeId, NodeId], NodeId] | undefined {
    for (const [factor, other] of [
      [a, b],
      [b, a],
    ] as const) {
      const node = nodes[factor]!;
      if (node.op === 'binary' && node.fn === 'multiply' && node.dtype === 'f32') return [node.inputs, other];
    }
    return undefined;
  }

  function loadAt(node: Load, copy: number, lanes: 1 | 4, axis: AxisId | undefined): string {
    const along = stepOf(node.at, axis);
    const pointer = pointers.get(keyOf(node.buffer, node.at, elementSizes[node.dtype]))!;
    return emitLoad(node.dtype, pointer, along, lanes, lanes === 1 ? 0 : copy * 4 * along);
  }

  function rowKey({ row, dtype }: Load): string {
    return `${row!.node} ${row!.stride * elementSizes[dtype]} ${row!.count}`;
  }

  /** How many bytes into the table a row begins: one number where the row is the same for all lanes. */
  function rowOffset({ row, dtype }: Load, copy: number): string {
    const { node: index, stride: rowStride, count: rowCount, status } = row!;
    const last = w.i32(Math.max(0, rowCount - 1));
    const rows = value(index, copy);
    w.line(`(if (v128.any_true (i32x4.gt_u ${rows} ${last})) (then`);
    w.line(`(i32.store offset=4 ${base(status)} (i32x4.extract_lane 0 ${rows})) (i32.store ${base(status)} (i32.const 1))))`);
    const clamped = `(i32x4.mul (i32x4.min_u ${rows} ${last}) ${w.i32(rowStride * elementSizes[dtype])})`;
    return regions[index]!.isUniform ? w.keep('i32', `(i32x4.extract_lane 0 ${clamped})`, 'r') : w.keep('v128', clamped, 'r');
  }

  /** An element of a row found at run time; a row outside the table is reported and replaced by the last. */
  function loadRow(node: Load, copy: number, lanes: 1 | 4, axis: AxisId | undefined): string {
    const { node: index } = node.row!;
    const size = elementSizes[node.dtype];
    const along = stepOf(node.at, axis);
    const pointer = pointers.get(keyOf(node.buffer, node.at, size))!;
    const { isUniform } = regions[index]!;
    const offset = isUniform ? (rowOffsets.get(rowKey(node)) ?? rowOffset(node, 0)) : rowOffset(node, copy);
    if (isUniform) return emitLoad(node.dtype, `(i32.add ${pointer} ${offset})`, along, lanes, lanes === 1 ? 0 : copy * 4 * along);
    if (lanes === 1) return emitLoad(node.dtype, `(i32.add ${pointer} (i32x4.extract_lane 0 ${offset}))`, 0, 1, 0);
    const scalar = node.dtype === 'u8' ? 'i32.load8_u' : 'i32.load';
    return [0, 1, 2, 3].reduce((vector, lane) => {
      const shift = (copy * 4 + lane) * along * size;
      const address = `(i32.add ${pointer} (i32x4.extract_lane ${lane} ${offset}))`;
      const element = `(${scalar} ${shift === 0 ? address : `(i32.add ${address} (i32.const ${shift}))`})`;
      return vector === '' ? `(i32x4.splat ${element})` : `(i32x4.replace_lane ${lane} ${vector} ${element})`;
    }, '');
  }

  function randomAt(
    { at, stream, distribution, step: stepBuffer }: Extract<LoopNode, { op: 'random' }>,
    copy: number,
    lanes: 1 | 4,
    axis: AxisId | undefined,
  ): string {
    const along = stepOf(at, axis);
    const numbers = (block: string) => {
      const words = w.keep('v128', `(call $lb_philox ${base(stepBuffer)} ${block} (i32.const ${stream}))`);
      return distribution === 'uniform' ? emitUniform(w, words) : emitNormal(w, words);
    };
    const first = w.keep('i32', sumOf(at));
    // Vectors that are whole blocks, if every index but that of the vector axis moves by whole blocks.
    const isWhole = along === 1 && at.offset % 4 === 0 && at.terms.every(([own, coefficient]) => own === axis || coefficient % 4 === 0);
    if (lanes === 4 && isWhole && startsAtBlock) return numbers(`(i32.add (i32.shr_u ${first} (i32.const 2)) (i32.const ${copy}))`);
    const one = (index: string) => {
      const i = w.keep('i32', index);
      const vector = w.keep('v128', numbers(`(i32.shr_u ${i} (i32.const 2))`));
      return `(call $lb_lane ${vector} ${i})`;
    };
    if (lanes === 1) return one(first);
    let vector = '';
    for (let lane = 0; lane < 4; lane++) {
      const number = `(f32x4.extract_lane 0 ${one(`(i32.add ${first} (i32.const ${(copy * 4 + lane) * along}))`)})`;
      vector = lane === 0 ? `(f32x4.splat ${number})` : `(f32x4.replace_lane ${lane} ${vector} ${number})`;
      vector = w.keep('v128', vector);
    }
    return vector;
  }

  function emitStores({ buffer, dtype, at, node }: LoopStore, axis: AxisId | undefined): void {
    const along = stepOf(at, axis);
    const pointer = pointers.get(keyOf(buffer, at, elementSizes[dtype]))!;
    const copies = along === 0 ? 1 : stride.copies;
    const lanes = along === 0 ? 1 : stride.lanes;
    for (let copy = 0; copy < copies; copy++) {
      emitStore(w, dtype, pointer, along, lanes, lanes === 1 ? 0 : copy * 4 * along, value(node, copy));
    }
  }

  let startsAtBlock = true;
  return {
    decode,
    row,
    tileAt(address: string) {
      tile = address;
      startsAtBlock = false;
    },
  };
}

/** More copies for small bodies: enough independent work in flight, without running out of registers. */
function copiesFor(nodeCount: number): number {
  return nodeCount <= 10 ? 4 : nodeCount <= 24 ? 2 : 1;
}
