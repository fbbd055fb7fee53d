/**
 * The statements of a loop body for one row or several. A row may be shared by the lanes of a workgroup, each of which
 * takes every so many elements of a phase, or cut into parts along the first axis of its phase.
 */
import type { Affine, AxisId, LoopBody, LoopNode, LoopStore, NodeId } from '../../../plan/loopBody.ts';
import { comparisonsInSelects, placeNodes, type Region } from '../../../plan/nodeRegions.ts';
import type { MemoryOptions, ShaderMemory } from './memory.ts';
import { constantText, isLiteral, nodeText, type Operands } from './nodes.ts';
import { joinLanes, settleTotal, startTotal, takeIn, totalsOf, totalText, type Addend, type Lanes, type Total } from './totals.ts';
import { createWriter } from './writer.ts';

type Load = Extract<LoopNode, { op: 'load' }>;
type Random = Extract<LoopNode, { op: 'random' }>;

/** What a body asks of the memory: which buffers hold bytes, and which of them are stored to. */
export function bodyMemory({ nodes, stores }: LoopBody): MemoryOptions {
  const bytes = new Set<number>();
  for (const node of nodes) if (node.op === 'load' && node.dtype === 'u8') bytes.add(node.buffer);
  const stored = stores.filter(({ dtype }) => dtype === 'u8').map(({ buffer }) => buffer);
  for (const buffer of stored) bytes.add(buffer);
  return { bytes: [...bytes], atomics: stored };
}

export function countOf({ sizes }: LoopBody, axes: readonly AxisId[]): number {
  return axes.reduce((total, axis) => total * sizes[axis]!, 1);
}

/** How many rounds of a loop are written out, by what one of them holds: enough accesses in flight, and not too much text. */
export function unrollOf(nodes: readonly LoopNode[]): number {
  const weight = nodes.reduce(
    (sum, node) => sum + (node.op === 'unary' ? 3 : node.op === 'random' || (node.op === 'binary' && node.fn === 'power') ? 12 : 1),
    0,
  );
  return weight <= 4 ? 8 : weight <= 12 ? 4 : weight <= 24 ? 2 : 1;
}

export type Body = ReturnType<typeof createBody>;

export function createBody(body: LoopBody, memory: ShaderMemory) {
  const { sizes, nodes, stores, phases } = body;
  const regions = placeNodes(body, undefined);
  const skipped = comparisonsInSelects(body);
  const w = createWriter();
  const { line, keep, call } = w;
  const values = new Map<NodeId, string>();
  const indices = new Map<AxisId, string>();
  const places = new Map<string, string>();
  /** Of rows that go four at a time: the random words of the four, by stream and place. */
  let blocks: Map<string, string> | undefined;
  let hasJoined = false;

  /** Constants that can't stand where they are used: WGSL would compute there, and refuse what overflows. */
  const named = new Set<NodeId>();
  nodes.forEach((node) => {
    if (node.op === 'load' && node.row !== undefined) named.add(node.row.node);
    if (!('inputs' in node)) return;
    const areConstant = node.inputs.every((input) => nodes[input]!.op === 'constant');
    node.inputs.forEach((input, i) => (areConstant || (node.op === 'select' && i === 0) ? named.add(input) : undefined));
  });
  for (const { node } of stores) named.add(node);

  const operands: Operands = {
    call,
    nodeOf: (id) => nodes[id]!,
    text(id) {
      const name = values.get(id);
      if (name !== undefined) return name;
      const node = nodes[id]!;
      if (isLiteral(node)) return constantText(call, node);
      throw new Error(`wgsl: node ${id} is used before it is computed`);
    },
  };
  const { text } = operands;

  // Places.

  /** Indices of axes from one over all of them. */
  function decode(axes: readonly AxisId[], flat: string): void {
    let inner = 1;
    for (const [i, axis] of axes.toReversed().entries()) {
      const quotient = inner === 1 ? flat : `${flat} / ${inner}u`;
      const isLast = i === axes.length - 1;
      const index = isLast ? quotient : inner === 1 ? `${flat} % ${sizes[axis]}u` : `(${quotient}) % ${sizes[axis]}u`;
      indices.set(axis, index === flat ? flat : keep('j', index));
      inner *= sizes[axis]!;
    }
  }

  /** start + Σ coefficient · index over the axes whose index is known; u32 arithmetic wraps. */
  function sumOf(terms: Affine['terms'], start: string, among: (axis: AxisId) => boolean = () => true): string {
    let sum = start;
    for (const [axis, coefficient] of terms) {
      const index = indices.get(axis);
      if (index === undefined || !among(axis)) continue;
      const size = Math.abs(coefficient);
      const term = size === 1 ? index : `${index} * ${size}u`;
      sum = coefficient < 0 ? `${sum === '' ? '0u' : sum} - ${term}` : sum === '' ? term : `${sum} + ${term}`;
    }
    return sum === '' ? '0u' : sum;
  }

  const keyOf = (buffer: number, { terms }: Affine) => `${buffer} ${terms.join(' ')}`;
  const inPhase = new Set(phases.flat());

  /** Places of the row in every buffer, named. */
  function startRow(): void {
    places.clear();
    const names = new Map<string, string>();
    for (const { buffer, at } of [...nodes.filter((node): node is Load => node.op === 'load'), ...stores]) {
      const key = keyOf(buffer, at);
      if (places.has(key)) continue;
      const place = sumOf(at.terms, memory.base(buffer), (axis) => !inPhase.has(axis));
      const name = names.get(place) ?? keep('p', place);
      names.set(place, name);
      places.set(key, name);
    }
  }

  function placeAt(buffer: number, at: Affine): string {
    return sumOf(at.terms, places.get(keyOf(buffer, at))!, (axis) => inPhase.has(axis));
  }

  function offsetText({ offset, terms }: Affine): string {
    const sum = sumOf(terms, '');
    if (offset === 0) return sum;
    return offset < 0 ? `${sum} - ${-offset}u` : sum === '0u' ? `${offset}u` : `${sum} + ${offset}u`;
  }

  // Nodes.

  function emit(id: NodeId): void {
    const node = nodes[id]!;
    if (isLiteral(node) && !named.has(id)) return;
    values.set(id, keep('n', expression(node)));
  }

  function expression(node: LoopNode): string {
    switch (node.op) {
      case 'load': {
        const place = placeAt(node.buffer, node.at);
        if (node.row === undefined) return memory.loadAt(node.buffer, node.dtype, place);
        const row = rowOf(node.row.node, node.row.count, node.row.status);
        return memory.loadAt(
          node.buffer,
          node.dtype,
          keep('q', `${place} + ${row}${node.row.stride === 1 ? '' : ` * ${node.row.stride}u`}`),
        );
      }
      case 'tile':
        return 'tile';
      case 'constant':
        return constantText(call, node);
      case 'index':
        return `i32(${offsetText(node.at)})`;
      case 'random':
        return randomText(node);
      case 'reduce':
        throw new Error('wgsl: a reduction is no expression');
      default:
        return nodeText(operands, node);
    }
  }

  /** A row found at run time, as u32; one outside its table is reported and replaced by the last. */
  function rowOf(index: NodeId, count: number, status: number): string {
    const row = keep('r', `u32(${text(index)})`);
    const base = memory.base(status);
    line(
      `if (${row} >= ${count}u) { ${memory.storeAt(status, 'i32', `${base} + 1u`, `i32(${row})`)} ${memory.storeAt(status, 'i32', base, '1i')} }`,
    );
    return `min(${row}, ${Math.max(0, count - 1)}u)`;
  }

  function randomText({ distribution, stream, at, step }: Random): string {
    const word = (i: number) => `u32(${memory.loadAt(step, 'i32', `${memory.base(step)} + ${i}u`)})`;
    const i = keep('j', offsetText(at));
    const key = `${stream} ${at.offset} ${at.terms.join(' ')}`;
    let words = blocks?.get(key);
    if (words === undefined) {
      words = keep('words', `${call('philox')}(${i} >> 2u, ${stream}u, vec2u(${word(2)}, ${word(3)}), vec2u(${word(0)}, ${word(1)}))`);
      blocks?.set(key, words);
    }
    return `${call(distribution === 'uniform' ? 'uniformOf' : 'normalOf')}(${words}, ${i})`;
  }

  function emitNodes(filter: (region: Region) => boolean): void {
    nodes.forEach((node, id) => {
      if (node.op !== 'reduce' && !skipped.has(id) && filter(regions[id]!)) emit(id);
    });
  }

  function emitStore({ buffer, dtype, at, node }: LoopStore): void {
    line(memory.storeAt(buffer, dtype, placeAt(buffer, at), text(node)));
  }

  function rowNodes(after: number): void {
    emitNodes((region) => region.phase === undefined && region.after === after);
  }

  // Phases.

  /** One round of a phase, or several next to each other; `enter` sets the indices of each and computes what is new. */
  function rounds(phase: number, totals: readonly Total[], copies: number, enter: (copy: number) => void): void {
    const ends = stores.filter((store) => store.phase === phase);
    const addends = totals.map((): Addend[] => []);
    for (let copy = 0; copy < copies; copy++) {
      enter(copy);
      totals.forEach(({ node }, i) => {
        const [value, index] = node.inputs as [NodeId, NodeId | undefined];
        addends[i]!.push({ value: text(value), index: index === undefined ? '' : text(index) });
      });
      ends.forEach(emitStore);
    }
    totals.forEach((total, i) => takeIn(w, total, addends[i]!));
  }

  /** The innermost nodes of a phase, by which its loop is unrolled. */
  function innermost(phase: number, depth: number): LoopNode[] {
    return nodes.filter((_, id) => regions[id]!.phase === phase && regions[id]!.depth >= depth);
  }

  /** A thread alone: loops over the axes, of the first only [from, to) where given. */
  function walkAlone(phase: number, totals: readonly Total[], range?: readonly [from: string, size: number]): void {
    const axes = phases[phase]!;
    const nodesAt = (depth: number) => emitNodes((region) => region.phase === phase && region.depth === depth);
    if (axes.length === 0) rounds(phase, totals, 1, () => undefined);
    axes.forEach((axis, depth) => {
      const [from, size] = depth === 0 && range !== undefined ? range : ['0u', sizes[axis]!];
      const start = (by: number, end: number) => {
        const i = w.fresh('j');
        const last = from === '0u' ? `${end}u` : `${from} + ${end}u`;
        line(`for (var ${i} = ${from}; ${i} < ${last}; ${i} += ${by}u) {`);
        return i;
      };
      if (depth < axes.length - 1) {
        indices.set(axis, start(1, size));
        nodesAt(depth + 1);
        return;
      }
      const copies = Math.min(size, unrollOf(innermost(phase, depth + 1)));
      const enter = (first: string) => (copy: number) => {
        indices.set(axis, copy === 0 ? first : keep('j', `${first} + ${copy}u`));
        nodesAt(depth + 1);
      };
      const whole = size - (size % copies);
      if (whole > 0) {
        rounds(phase, totals, copies, enter(start(copies, whole)));
        line('}');
      }
      if (whole < size) {
        line('{');
        rounds(phase, totals, size - whole, enter(keep('j', from === '0u' ? `${whole}u` : `${from} + ${whole}u`)));
        line('}');
      }
    });
    line('}'.repeat(Math.max(0, axes.length - 1)));
    for (const axis of axes) indices.delete(axis);
  }

  /** One of several lanes: every so many elements of [from, from + size), all axes as one. */
  function walkLanes(
    phase: number,
    totals: readonly Total[],
    { count, hasValid }: Lanes,
    range: readonly [from: string, size: number, to?: string],
  ): void {
    const axes = phases[phase]!;
    const [from, size, to] = range;
    const enter = (at: (copy: number) => string) => (copy: number) => {
      decode(axes, keep('j', at(copy)));
      for (let depth = 0; depth <= axes.length; depth++) emitNodes((region) => region.phase === phase && region.depth === depth);
    };
    if (hasValid) line('if (valid) {');
    const start = keep('j', from === '0u' ? 'lane' : `${from} + lane`);
    const all = to === undefined ? Math.floor(size / count) : 0;
    const copies = Math.min(Math.max(1, all), unrollOf(innermost(phase, 1)));
    const whole = all - (all % copies);
    if (whole > 0) {
      const i = w.fresh('j');
      line(`for (var ${i} = ${start}; ${i} < ${start} + ${whole * count}u; ${i} += ${copies * count}u) {`);
      rounds(
        phase,
        totals,
        copies,
        enter((copy) => (copy === 0 ? i : `${i} + ${copy * count}u`)),
      );
      line('}');
    }
    if (to !== undefined || whole * count < size) {
      const i = w.fresh('j');
      const end = to ?? (from === '0u' ? `${size}u` : `${from} + ${size}u`);
      line(`for (var ${i} = ${start} + ${whole * count}u; ${i} < ${end}; ${i} += ${count}u) {`);
      rounds(
        phase,
        totals,
        1,
        enter(() => i),
      );
      line('}');
    }
    if (hasValid) line('}');
    for (const axis of axes) indices.delete(axis);
  }

  /** Totals of a phase, all of it or a part; every lane holds them then. */
  function totalPhase(phase: number, lanes: Lanes, range?: readonly [from: string, size: number, to?: string]): Total[] {
    const totals = totalsOf(w, body, phase);
    for (const total of totals) startTotal(w, total);
    if (countOf(body, phases[phase]!) > 0) {
      if (lanes.count === 1) walkAlone(phase, totals, range && [range[0], range[1]]);
      else walkLanes(phase, totals, lanes, range ?? ['0u', countOf(body, phases[phase]!)]);
    }
    for (const total of totals) settleTotal(w, total);
    join(totals, lanes);
    return totals;
  }

  function join(totals: readonly Total[], lanes: Lanes): void {
    if (lanes.count === 1 || totals.length === 0) return;
    joinLanes(w, totals, lanes, !hasJoined);
    hasJoined = true;
  }

  function finish(totals: readonly Total[]): void {
    for (const total of totals) values.set(total.id, keep('n', totalText(total)));
  }

  function rowStores({ count, hasValid }: Lanes): void {
    const own = stores.filter((store) => store.phase === undefined);
    if (own.length === 0) return;
    const conditions = [...(count > 1 ? ['lane == 0u'] : []), ...(hasValid ? ['valid'] : [])];
    // Other lanes may still read what is overwritten in place.
    if (count > 1 && !hasJoined) line('workgroupBarrier();');
    if (conditions.length > 0) line(`if (${conditions.join(' && ')}) {`);
    own.forEach(emitStore);
    if (conditions.length > 0) line('}');
  }

  return {
    ...w,
    decode,
    startRow,
    rowNodes,
    rowStores,
    totalPhase,
    join,
    finish,
    /** All phases of a row and its stores. */
    row(lanes: Lanes): void {
      startRow();
      rowNodes(0);
      phases.forEach((_, phase) => {
        finish(totalPhase(phase, lanes));
        // A store that a later load of this kernel reads has to arrive for all threads of the row.
        const isRead = nodes.some((node) => node.op === 'load' && (node.after ?? 0) > phase);
        if (lanes.count > 1 && isRead && stores.some((store) => store.phase === phase)) line('storageBarrier();');
        rowNodes(phase + 1);
      });
      rowStores(lanes);
    },
    /** Rows without phases, `count` of them, all read before any is stored; `start` sets the indices of one. `areBlock`: four from a multiple of four. */
    rows(count: number, start: (row: number) => void, areBlock: boolean): void {
      if (areBlock) blocks = new Map();
      const all = Array.from({ length: count }, (_, row) => {
        start(row);
        startRow();
        rowNodes(0);
        return { values: new Map(values), places: new Map(places) };
      });
      blocks = undefined;
      for (const row of all) {
        row.values.forEach((name, id) => values.set(id, name));
        row.places.forEach((name, key) => places.set(key, name));
        stores.forEach(emitStore);
      }
    },
  };
}
