/** Sums, maxima and places of maxima: the totals of a thread, and how those of several threads become one. */
import type { LoopBody, LoopNode, NodeId } from '../../../plan/loopBody.ts';
import type { DType } from '../../../program/program.ts';
import type { Writer } from './writer.ts';

export type Reduce = Extract<LoopNode, { op: 'reduce' }>;

/** The threads of a workgroup that share a row. */
export interface Lanes {
  /** A power of two; 1 is a thread alone. */
  readonly count: number;
  /** From a lane to the next in the numbering of threads. */
  readonly stride: number;
  /** Threads in the workgroup. */
  readonly threads: number;
  /** Whether some threads have no row; `valid` then tells. The lane is in `lane`, the row's first thread in `first`. */
  readonly hasValid: boolean;
}

export const alone: Lanes = { count: 1, stride: 1, threads: 1, hasValid: false };

/** Variables of one reduction. */
export interface Total {
  readonly id: NodeId;
  readonly node: Reduce;
  readonly dtype: DType;
  readonly best: string;
  /** Of argmax: where. */
  readonly index: string | undefined;
  /** Of maxima of f32: the largest magnitude as bits, by which a NaN shows. */
  readonly bits: string | undefined;
}

/** A value to take in; `index` of argmax: where it is. */
export interface Addend {
  readonly value: string;
  readonly index: string;
}

/** How many workgroup arrays the totals of a phase take, at most. */
export function arraysOf({ nodes, phases }: LoopBody): number {
  const arrays = phases.map((_, phase) =>
    nodes.reduce((sum, node) => (node.op !== 'reduce' || node.phase !== phase ? sum : sum + (node.fn === 'argmax' ? 2 : 1)), 0),
  );
  return Math.max(1, ...arrays);
}

export function totalsOf(w: Writer, { nodes }: LoopBody, phase: number): Total[] {
  return nodes.flatMap((node, id): Total[] => {
    if (node.op !== 'reduce' || node.phase !== phase) return [];
    const { dtype } = nodes[node.inputs[0]!]!;
    return [
      {
        id,
        node,
        dtype,
        best: w.fresh('s'),
        index: node.fn === 'argmax' ? w.fresh('at') : undefined,
        bits: node.fn === 'max' && dtype === 'f32' ? w.fresh('bits') : undefined,
      },
    ];
  });
}

export function startTotal(w: Writer, { node, dtype, best, index, bits }: Total): void {
  const isFloat = dtype === 'f32';
  const lowest = isFloat ? `${w.call('fromBits')}(0xff800000u)` : 'i32(-2147483648)';
  w.line(`var ${best} = ${node.fn === 'sum' ? (isFloat ? '0f' : '0i') : lowest};`);
  if (index !== undefined) w.line(`var ${index} = 0x7fffffffi;`);
  if (bits !== undefined) w.line(`var ${bits} = 0u;`);
}

function greater(w: Writer, dtype: DType, x: string, y: string): string {
  return dtype === 'f32' ? `${w.call('beats')}(${x}, ${y})` : `(${x} > ${y})`;
}

/** f(f(a, b), f(c, d)) ... */
function pairwise(values: readonly string[], join: (x: string, y: string) => string): string {
  let all = values;
  while (all.length > 1) all = all.flatMap((x, i) => (i % 2 === 1 ? [] : all[i + 1] === undefined ? [x] : [join(x, all[i + 1]!)]));
  return all[0]!;
}

/** Takes in values of this thread, in order. */
export function takeIn(w: Writer, { node, dtype, best, index, bits }: Total, addends: readonly Addend[]): void {
  const values = addends.map(({ value }) => value);
  if (node.fn === 'sum') w.line(`${best} += ${pairwise(values, (x, y) => `(${x} + ${y})`)};`);
  else if (node.fn === 'max') {
    w.line(`${best} = max(${best}, ${pairwise(values, (x, y) => `max(${x}, ${y})`)});`);
    if (bits === undefined) return;
    const magnitudes = values.map((value) => `(bitcast<u32>(${value}) & 0x7fffffffu)`);
    w.line(`${bits} = max(${bits}, ${pairwise(magnitudes, (x, y) => `max(${x}, ${y})`)});`);
  } else {
    for (const { value, index: at } of addends) {
      w.line(`if (${greater(w, dtype, value, best)}) { ${best} = ${value}; ${index} = ${at}; }`);
    }
  }
}

/** After the last value of this thread. */
export function settleTotal(w: Writer, { best, bits }: Total): void {
  if (bits !== undefined) w.line(`${best} = select(${best}, ${w.call('fromBits')}(0x7fc00000u), ${bits} > 0x7f800000u);`);
}

/** Takes in the total of another part of the row: of places, as great and before also wins. */
export function meet(w: Writer, { node, dtype, best, index }: Total, { value, index: at }: Addend): void {
  if (node.fn === 'sum') w.line(`${best} += ${value};`);
  else if (node.fn === 'max') w.line(`${best} = ${dtype === 'f32' ? w.call('largest') : 'max'}(${best}, ${value});`);
  else {
    const isBefore = `(!${greater(w, dtype, best, value)} && ${at} < ${index})`;
    w.line(`if (${greater(w, dtype, value, best)} || ${isBefore}) { ${best} = ${value}; ${index} = ${at}; }`);
  }
}

/** Totals of all lanes, in an order that depends on their number alone; every lane then holds them. */
export function joinLanes(w: Writer, totals: readonly Total[], { count, stride, threads }: Lanes, isFirst: boolean): void {
  if (!isFirst) w.line('workgroupBarrier();');
  const arrays = totals.map(({ dtype, index }, i) => {
    const type = dtype === 'f32' ? 'f32' : 'i32';
    const best = `${type === 'f32' ? 'floats' : 'integers'}${i}`;
    w.share(best, type, threads);
    if (index !== undefined) w.share(`places${i}`, 'i32', threads);
    return { best, index: `places${i}` };
  });
  const write = () =>
    totals.forEach(({ best, index }, i) => {
      w.line(`${arrays[i]!.best}[thread] = ${best};`);
      if (index !== undefined) w.line(`${arrays[i]!.index}[thread] = ${index};`);
    });
  write();
  w.line('workgroupBarrier();');
  for (let left = count; left > 1;) {
    const ways = Math.min(8, left);
    left /= ways;
    w.line(`if (lane < ${left}u) { for (var k = 1u; k < ${ways}u; k++) { let other = thread + k * ${left * stride}u;`);
    totals.forEach((total, i) => meet(w, total, { value: `${arrays[i]!.best}[other]`, index: `${arrays[i]!.index}[other]` }));
    w.line('}');
    write();
    w.line('}');
    w.line('workgroupBarrier();');
  }
  totals.forEach(({ best, index }, i) => {
    w.line(`${best} = ${arrays[i]!.best}[first];`);
    if (index !== undefined) w.line(`${index} = ${arrays[i]!.index}[first];`);
  });
}

/** The finished total; where everything is the lowest number, the first index. */
export function totalText({ best, index }: Total): string {
  return index === undefined ? best : `select(${index}, 0i, ${index} == 0x7fffffffi)`;
}
