/**
 * The statements of a loop body for one row. Rows may be shared by several threads, the lanes: each takes every so many
 * elements of a phase, and totals are joined in workgroup memory.
 */
import type { Affine, AxisId, LoopBody, LoopNode, LoopStore, NodeId } from '../../../plan/loopBody.ts';
import type { DType } from '../../../program/program.ts';
import { comparisonsInSelects, placeNodes, type Region } from '../../wasm/emit/regions.ts';
import { helperText, type HelperName } from './math.ts';
import type { MemoryOptions, ShaderMemory } from './memory.ts';
import { constantText, isLiteral, nodeText, type Operands } from './nodes.ts';

/** The threads of a workgroup that share a row. */
export interface Lanes {
  /** A power of two; 1 is a thread alone. */
  readonly count: number;
  /** From a lane to the next in the numbering of threads. */
  readonly stride: number;
  /** Variable with this thread's lane. */
  readonly lane: string;
  /** Variable with the number of the row's first thread. */
  readonly first: string;
  /** Threads in the workgroup. */
  readonly threads: number;
  /** Name of a bool that is false for threads without a row. */
  readonly valid?: string;
}

export const alone: Lanes = { count: 1, stride: 1, lane: '0u', first: '0u', threads: 1 };

type Load = Extract<LoopNode, { op: 'load' }>;
type Reduce = Extract<LoopNode, { op: 'reduce' }>;

/** Total of one reduction: `best`, and where it was. */
export interface Total {
  readonly id: NodeId;
  readonly node: Reduce;
  readonly dtype: DType;
  readonly best: string;
  readonly index: string | undefined;
}

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

/** How many workgroup arrays the totals of a phase take. */
export function arraysOf({ nodes, phases }: LoopBody): number {
  const own = (phase: number) => nodes.filter((node) => node.op === 'reduce' && node.phase === phase);
  return Math.max(
    0,
    ...phases.map((_, phase) => own(phase).reduce((sum, node) => sum + ('fn' in node && node.fn === 'argmax' ? 2 : 1), 0)),
  );
}

export type Body = ReturnType<typeof createBody>;

export function createBody(body: LoopBody, memory: ShaderMemory) {
  const { sizes, nodes, stores, phases } = body;
  const regions = placeNodes(body, undefined);
  const skipped = comparisonsInSelects(body);
  const lines: string[] = [];
  const helpers = new Set<HelperName>();
  const values = new Map<NodeId, string>();
  const indices = new Map<AxisId, string>();
  const places = new Map<string, string>();
  const shared = new Map<string, string>();
  let sharedIsUsed = false;
  let names = 0;

  const line = (text: string) => void lines.push(text);
  const fresh = (hint: string) => `${hint}${names++}`;
  const keep = (hint: string, text: string): string => {
    const name = fresh(hint);
    line(`let ${name} = ${text};`);
    return name;
  };
  const call = (name: HelperName): HelperName => {
    helpers.add(name);
    return name;
  };

  /** Constants that can't stand where they are used: WGSL would compute there, and refuse what overflows. */
  const named = new Set<NodeId>();
  nodes.forEach((node) => {
    if (node.op === 'load' && node.row !== undefined) named.add(node.row.node);
    if (!('inputs' in node)) return;
    const isAlone = node.inputs.every((input) => nodes[input]!.op === 'constant');
    if (isAlone || node.op === 'select') node.inputs.forEach((input, i) => (isAlone || i === 0 ? named.add(input) : undefined));
    if (isAlone && node.op === 'reduce') named.add(node.inputs[0]!);
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

  function decode(axes: readonly AxisId[], flat: string): void {
    let inner = 1;
    axes.toReversed().forEach((axis, i) => {
      const quotient = inner === 1 ? flat : `${flat} / ${inner}u`;
      const isLast = i === axes.length - 1;
      indices.set(
        axis,
        isLast && inner === 1
          ? flat
          : keep('i', isLast ? quotient : inner === 1 ? `${flat} % ${sizes[axis]}u` : `(${quotient}) % ${sizes[axis]}u`),
      );
      inner *= sizes[axis]!;
    });
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

  /** Places of the row in every buffer. */
  function startRow(): void {
    places.clear();
    for (const { buffer, at } of [...nodes.filter((node): node is Load => node.op === 'load'), ...stores]) {
      const key = keyOf(buffer, at);
      if (places.has(key)) continue;
      const place = sumOf(at.terms, memory.base(buffer), (axis) => !inPhase.has(axis));
      const known = [...places.entries()].find(([, other]) => other === place);
      places.set(key, known?.[1] ?? place);
    }
    // Named once where several accesses begin at the same place.
    const names = new Map<string, string>();
    for (const [key, place] of places) {
      let name = names.get(place);
      if (name === undefined) names.set(place, (name = keep('p', place)));
      places.set(key, name);
    }
  }

  function placeAt(buffer: number, at: Affine): string {
    return sumOf(at.terms, places.get(keyOf(buffer, at))!, (axis) => inPhase.has(axis));
  }

  function offsetText(at: Affine): string {
    const { offset } = at;
    const sum = sumOf(at.terms, '');
    if (offset === 0) return sum;
    return offset < 0 ? `${sum} - ${-offset}u` : sum === '0u' ? `${offset}u` : `${sum} + ${offset}u`;
  }

  // Nodes.

  function emit(id: NodeId): void {
    const node = nodes[id]!;
    if (node.op === 'constant' && isLiteral(node) && !named.has(id)) return;
    values.set(id, keep('n', expression(node)));
  }

  function expression(node: LoopNode): string {
    switch (node.op) {
      case 'load': {
        const place = placeAt(node.buffer, node.at);
        if (node.row === undefined) return memory.loadAt(node.buffer, node.dtype, place);
        const row = rowOf(node.row.node, node.row.count, node.row.status);
        const at = keep('q', `${place} + ${row}${node.row.stride === 1 ? '' : ` * ${node.row.stride}u`}`);
        return memory.loadAt(node.buffer, node.dtype, at);
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
    const report = [
      memory.storeAt(status, 'i32', `${memory.base(status)} + 1u`, `i32(${row})`),
      memory.storeAt(status, 'i32', memory.base(status), '1i'),
    ];
    line(`if (${row} >= ${count}u) { ${report.join(' ')} }`);
    return `min(${row}, ${Math.max(0, count - 1)}u)`;
  }

  function randomText({ distribution, stream, at, step }: Extract<LoopNode, { op: 'random' }>): string {
    const word = (i: number) => memory.loadAt(step, 'i32', `${memory.base(step)} + ${i}u`);
    const i = keep('i', offsetText(at));
    const counter = `vec2u(u32(${word(2)}), u32(${word(3)}))`;
    const key = `vec2u(u32(${word(0)}), u32(${word(1)}))`;
    const words = `${call('philox')}(${i} >> 2u, ${stream}u, ${counter}, ${key})`;
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

  // Totals.

  function totalsOf(phase: number): Total[] {
    return nodes.flatMap((node, id): Total[] => {
      if (node.op !== 'reduce' || node.phase !== phase) return [];
      return [{ id, node, dtype: nodes[node.inputs[0]!]!.dtype, best: fresh('s'), index: node.fn === 'argmax' ? fresh('at') : undefined }];
    });
  }

  function start({ node, dtype, best, index }: Total): void {
    const isFloat = dtype === 'f32';
    const lowest = isFloat ? `${call('fromBits')}(0xff800000u)` : 'i32(-2147483648)';
    line(`var ${best} = ${node.fn === 'sum' ? (isFloat ? '0f' : '0i') : lowest};`);
    if (index !== undefined) line(`var ${index} = 0x7fffffffi;`);
  }

  const greater = (dtype: DType, x: string, y: string) => (dtype === 'f32' ? `${call('beats')}(${x}, ${y})` : `${x} > ${y}`);

  /** Statements that let a total take in another value. */
  function take({ node, dtype, best, index }: Total, value: string, at: string): string {
    if (node.fn === 'sum') return `${best} += ${value};`;
    if (node.fn === 'max') return `${best} = ${dtype === 'f32' ? call('largest') : 'max'}(${best}, ${value});`;
    return `if (${greater(dtype, value, best)}) { ${best} = ${value}; ${index} = ${at}; }`;
  }

  /** The same for totals of parts in any order: as great and before also wins. */
  function meet(total: Total, value: string, at: string): string {
    const { node, dtype, best, index } = total;
    if (node.fn !== 'argmax') return take(total, value, at);
    const isBefore = `(!${greater(dtype, best, value).replace(/^(.* > .*)$/, '($1)')} && ${at} < ${index})`;
    return `if (${greater(dtype, value, best)} || ${isBefore}) { ${best} = ${value}; ${index} = ${at}; }`;
  }

  function finish({ id, best, index }: Total): void {
    // Where everything is the lowest number, the first index.
    values.set(id, index === undefined ? keep('n', best) : keep('n', `select(${index}, 0i, ${index} == 0x7fffffffi)`));
  }

  function arrayOf(type: 'f32' | 'i32', number: number, threads: number): string {
    const name = `${type === 'f32' ? 'floats' : 'integers'}${number}`;
    shared.set(name, `var<workgroup> ${name}: array<${type}, ${threads}>;`);
    return name;
  }

  /** Totals of all lanes, in an order that depends on their number alone; every lane then holds them. */
  function joinLanes(totals: readonly Total[], { count, stride, lane, first, threads }: Lanes): void {
    if (totals.length === 0 || count === 1) return;
    if (sharedIsUsed) line('workgroupBarrier();');
    sharedIsUsed = true;
    let floats = 0;
    let integers = 0;
    const arrays = totals.map(({ dtype, index }) => ({
      best: dtype === 'f32' ? arrayOf('f32', floats++, threads) : arrayOf('i32', integers++, threads),
      index: index === undefined ? '' : arrayOf('i32', integers++, threads),
    }));
    const write = () =>
      totals.forEach(({ best, index }, i) => {
        line(`${arrays[i]!.best}[thread] = ${best};`);
        if (index !== undefined) line(`${arrays[i]!.index}[thread] = ${index};`);
      });
    write();
    line('workgroupBarrier();');
    for (let left = count; left > 1;) {
      const ways = Math.min(8, left);
      left /= ways;
      line(`if (${lane} < ${left}u) { for (var k = 1u; k < ${ways}u; k++) { let other = thread + k * ${left * stride}u;`);
      totals.forEach((total, i) => line(meet(total, `${arrays[i]!.best}[other]`, `${arrays[i]!.index}[other]`)));
      line('}');
      write();
      line('}');
      line('workgroupBarrier();');
    }
    totals.forEach(({ best, index }, i) => {
      line(`${best} = ${arrays[i]!.best}[${first}];`);
      if (index !== undefined) line(`${index} = ${arrays[i]!.index}[${first}];`);
    });
  }

  /** Takes the elements of a phase in [from, to) into the totals; all of them where no range is given. */
  function walk(phase: number, totals: readonly Total[], { count, lane, valid }: Lanes, range?: readonly [string, string]): void {
    const axes = phases[phase]!;
    const ends = stores.filter((store) => store.phase === phase);
    const size = countOf(body, axes);
    if (size === 0) return;
    const work = () => {
      for (const total of totals) {
        const [value, place] = total.node.inputs as [NodeId, NodeId | undefined];
        line(take(total, text(value), place === undefined ? '' : text(place)));
      }
      ends.forEach(emitStore);
    };
    if (count === 1 && range === undefined) {
      for (const [depth, axis] of axes.entries()) {
        const i = fresh('i');
        line(`for (var ${i} = 0u; ${i} < ${sizes[axis]}u; ${i}++) {`);
        indices.set(axis, i);
        emitNodes((region) => region.phase === phase && region.depth === depth + 1);
      }
      work();
      line('}'.repeat(axes.length));
    } else {
      const i = fresh('i');
      const [from, to] = range ?? ['0u', `${size}u`];
      const end = valid === undefined ? to : keep('end', `select(0u, ${to}, ${valid})`);
      line(`for (var ${i} = ${from === '0u' ? lane : `${from} + ${lane}`}; ${i} < ${end}; ${i} += ${count}u) {`);
      decode(axes, i);
      for (let depth = 1; depth <= axes.length; depth++) emitNodes((region) => region.phase === phase && region.depth === depth);
      work();
      line('}');
    }
    for (const axis of axes) indices.delete(axis);
  }

  /** A store that a later load of this kernel reads has to arrive for all threads of the row. */
  function settleStores(phase: number): void {
    const isStored = stores.some((store) => store.phase === phase);
    if (isStored && nodes.some((node) => node.op === 'load' && (node.after ?? 0) > phase)) line('storageBarrier();');
  }

  function rowNodes(after: number): void {
    emitNodes((region) => region.phase === undefined && region.after === after);
  }

  function rowStores({ count, lane, valid }: Lanes): void {
    const own = stores.filter((store) => store.phase === undefined);
    if (own.length === 0) return;
    const conditions = [...(count > 1 ? [`${lane} == 0u`] : []), ...(valid === undefined ? [] : [valid])];
    if (conditions.length === 0) own.forEach(emitStore);
    else {
      // Other lanes may still read what is overwritten in place.
      if (count > 1 && !sharedIsUsed) line('workgroupBarrier();');
      line(`if (${conditions.join(' && ')}) {`);
      own.forEach(emitStore);
      line('}');
    }
  }

  return {
    line,
    keep,
    decode,
    startRow,
    rowNodes,
    rowStores,
    totalsOf,
    start,
    walk,
    joinLanes,
    finish,
    meet,
    /** All phases of a row and its stores. */
    row(lanes: Lanes): void {
      startRow();
      rowNodes(0);
      phases.forEach((_, phase) => {
        const totals = totalsOf(phase);
        totals.forEach(start);
        walk(phase, totals, lanes);
        joinLanes(totals, lanes);
        totals.forEach(finish);
        if (lanes.count > 1) settleStores(phase);
        rowNodes(phase + 1);
      });
      rowStores(lanes);
    },
    statements: () => lines.join('\n'),
    /** Functions and workgroup memory that the statements need. */
    declarations: () => [...shared.values(), helperText(helpers)].join('\n'),
  };
}
