/**
 * Loop kernels as shaders, in one of four ways that sizes and the adapter choose: a thread for each row, or for a few of
 * them; some lanes for each row, which join their totals in workgroup memory; parts of rows, whose totals meet in a second
 * dispatch. Neighbouring threads take neighbouring elements of memory: of the row where a row lies dense, otherwise of
 * the next rows.
 */
import type { BufferRef, LoopKernel } from '../../../plan/kernelProgram.ts';
import type { LoopBody } from '../../../plan/loopBody.ts';
import type { GpuLimits, KernelShaders, Place, Shader } from '../shader.ts';
import { bodyMemory, countOf, createBody, unrollOf, type Body } from './body.ts';
import { spread, type Spread } from './dispatch.ts';
import { shaderMemory, type MemoryOptions, type ShaderMemory } from './memory.ts';
import { alone, arraysOf, meet, startTotal, totalsOf, type Lanes, type Total } from './totals.ts';

interface Geometry {
  /** Threads per row, a power of two. */
  readonly lanes: number;
  /** Rows per workgroup; where lanes is 1, threads per workgroup. */
  readonly rows: number;
  /** Parts of a row, each of other threads. */
  readonly parts: number;
}

export function loopShaders({ body, buffers }: LoopKernel, place: Place, limits: GpuLimits): KernelShaders {
  const rows = countOf(body, body.outer);
  if (rows === 0) return { shaders: [], scratchBytes: 0 };
  const geometry = body.phases.length === 0 ? undefined : chooseGeometry(body, limits);
  if (geometry !== undefined && geometry.parts > 1) return partShaders(body, buffers, geometry, place, limits);
  const memory = shaderMemory(buffers, place, bodyMemory(body));
  if (geometry === undefined) return { shaders: [elementShader(body, memory, limits)], scratchBytes: 0 };
  const b = createBody(body, memory);
  const groups = spread(Math.ceil(rows / geometry.rows), limits);
  b.row(startRows(b, body, geometry, groups));
  return { shaders: [shaderOf(b, memory, geometry.lanes * geometry.rows, groups)], scratchBytes: 0 };
}

/** No phases: each thread takes a few elements, a workgroup's width apart, or four neighbours where they share random numbers. */
function elementShader(body: LoopBody, memory: ShaderMemory, limits: GpuLimits): Shader {
  const count = countOf(body, body.outer);
  const isRandom = body.nodes.some((node) => node.op === 'random');
  const areBlock = isRandom && count % 4 === 0 && body.nodes.every((node) => node.op !== 'random' || isWholeBlock(body, node.at));
  const threads = Math.min(64, count);
  const most = count < (limits.isSoftware ? 2048 : 2 ** 19) ? 1 : unrollOf(body.nodes) / 2;
  const copies = areBlock ? 4 : most >= 4 && count % (4 * threads) === 0 ? 4 : most >= 2 && count % (2 * threads) === 0 ? 2 : 1;
  const b = createBody(body, memory);
  const each = threads * copies;
  const groups = spread(Math.ceil(count / each), limits);
  const first = copies === 1 ? 'row' : 'row0';
  const own =
    threads === 1 ? groups.number : areBlock ? `(${groups.number} * ${threads}u + thread) * 4u` : `${groups.number} * ${each}u + thread`;
  b.line(`let ${first} = ${own};`);
  if (groups.overhangs || count % each !== 0) b.line(`if (${first} >= ${count}u) { return; }`);
  b.rows(
    copies,
    (copy) => {
      if (copy > 0) b.line(`let row${copy} = row0 + ${copy * (areBlock ? 1 : threads)}u;`);
      b.decode(body.outer, copies === 1 ? 'row' : `row${copy}`);
    },
    areBlock,
  );
  return shaderOf(b, memory, threads, groups);
}

/** Whether rows 4 i .. 4 i + 3 draw the four numbers of one block of words. */
function isWholeBlock(
  { outer, sizes }: LoopBody,
  { offset, terms }: { readonly offset: number; readonly terms: readonly (readonly [number, number])[] },
): boolean {
  let stride = 1;
  for (const axis of outer.toReversed()) {
    if ((terms.find(([own]) => own === axis)?.[1] ?? 0) !== stride) return false;
    stride *= sizes[axis]!;
  }
  return offset % 4 === 0;
}

/** Parts of rows in a dispatch of their own, which leaves their totals in the scratch page; the next one joins them. */
function partShaders(body: LoopBody, buffers: readonly BufferRef[], geometry: Geometry, place: Place, limits: GpuLimits): KernelShaders {
  const rows = countOf(body, body.outer);
  const { parts } = geometry;
  const options: MemoryOptions = { ...bodyMemory(body), scratch: 'plain' };
  const memory = shaderMemory(buffers, place, options);
  const first = createBody(body, memory);
  const isAlone = geometry.lanes === 1;
  const size = isAlone ? body.sizes[body.phases[0]![0]!]! : countOf(body, body.phases[0]!);
  const partSize = Math.ceil(size / parts);
  let groups: Spread;
  let lanes = alone;
  let part: string;
  if (isAlone) {
    groups = spread(Math.ceil((rows * parts) / geometry.rows), limits);
    const thread = first.keep('t', `${groups.number} * ${geometry.rows}u + thread`);
    first.line(`if (${thread} >= ${rows * parts}u) { return; }`);
    part = first.keep('part', `${thread} / ${rows}u`);
    first.line(`let row = ${thread} % ${rows}u;`);
    first.decode(body.outer, 'row');
  } else {
    groups = spread(Math.ceil(rows / geometry.rows) * parts, limits);
    const number = first.keep('number', groups.number);
    part = first.keep('part', `${number} % ${parts}u`);
    lanes = startRows(first, body, geometry, { ...groups, number: first.keep('block', `${number} / ${parts}u`) });
  }
  first.startRow();
  first.rowNodes(0);
  const start = first.keep('start', `${part} * ${partSize}u`);
  const isEven = size % parts === 0;
  const totals = first.totalPhase(0, lanes, isEven ? [start, partSize] : [start, partSize, `min(${start} + ${partSize}u, ${size}u)`]);
  const words = wordsOf(totals);
  if (!isAlone) first.line(lanes.hasValid ? 'if (lane == 0u && valid) {' : 'if (lane == 0u) {');
  const at = first.keep('at', `(row * ${parts}u + ${part}) * ${words}u`);
  eachWord(totals, at, (total, word, isIndex) =>
    first.line(memory.store(memory.scratch, isIndex ? 'i32' : total.dtype, word, isIndex ? total.index! : total.best)),
  );
  if (!isAlone) first.line('}');

  const second = createBody(body, shaderMemory(buffers, place, options));
  const joinLanes = isAlone ? 1 : powerBelow(Math.min(64, parts));
  const joinGeometry: Geometry = { lanes: joinLanes, rows: isAlone ? Math.min(rows, 64) : 1, parts: 1 };
  const joinGroups = spread(Math.ceil(rows / joinGeometry.rows), limits);
  const together = startRows(second, body, joinGeometry, joinGroups);
  second.startRow();
  second.rowNodes(0);
  const joined = totalsOf(second, body, 0);
  for (const total of joined) startTotal(second, total);
  second.line(`for (var part = ${isAlone ? '0u' : 'lane'}; part < ${parts}u; part += ${joinLanes}u) {`);
  const from = second.keep('at', `(row * ${parts}u + part) * ${words}u`);
  const found = new Map<Total, { value: string; index: string }>();
  eachWord(joined, from, (total, word, isIndex) => {
    const name = second.keep('n', memory.load(memory.scratch, isIndex ? 'i32' : total.dtype, word));
    found.set(total, isIndex ? { ...found.get(total)!, index: name } : { value: name, index: '' });
  });
  for (const [total, addend] of found) meet(second, total, addend);
  second.line('}');
  second.join(joined, together);
  second.finish(joined);
  second.rowNodes(1);
  second.rowStores(together);
  return {
    shaders: [
      shaderOf(first, memory, geometry.lanes * geometry.rows, groups),
      shaderOf(second, memory, joinLanes * joinGeometry.rows, joinGroups),
    ],
    scratchBytes: rows * parts * words * 4,
  };
}

function wordsOf(totals: readonly Total[]): number {
  return totals.reduce((sum, { index }) => sum + (index === undefined ? 1 : 2), 0);
}

/** The words of totals in the scratch page, from `start`: each total, then its place if it has one. */
function eachWord(totals: readonly Total[], start: string, work: (total: Total, word: string, isIndex: boolean) => void): void {
  let word = 0;
  for (const total of totals) {
    work(total, `(${start} + ${word++}u)`, false);
    if (total.index !== undefined) work(total, `(${start} + ${word++}u)`, true);
  }
}

/** Which row and lane this thread has. Threads of no row go on with the last one, for barriers need all threads, and store nothing. */
function startRows(
  b: Body,
  body: LoopBody,
  { lanes, rows: own }: Geometry,
  { number, overhangs }: Pick<Spread, 'number' | 'overhangs'>,
): Lanes {
  const rows = countOf(body, body.outer);
  const isExact = rows % own === 0;
  if (lanes === 1) {
    b.line(`let row = ${own === 1 ? number : `${number} * ${own}u + thread`};`);
    if (overhangs || !isExact) b.line(`if (row >= ${rows}u) { return; }`);
    b.decode(body.outer, 'row');
    return alone;
  }
  if (overhangs) b.line(`if (${number} >= ${Math.ceil(rows / own)}u) { return; }`);
  const isAcross = body.vector === 'outer';
  b.line(`let lane = ${own === 1 ? 'thread' : isAcross ? `thread / ${own}u` : `thread % ${lanes}u`};`);
  b.line(`let first = ${own === 1 ? '0u' : isAcross ? `thread % ${own}u` : `thread - lane`};`);
  const local = isAcross ? 'first' : `thread / ${lanes}u`;
  const row = own === 1 ? number : `${number} * ${own}u + ${local}`;
  b.line(isExact ? `let row = ${row};` : `let valid = ${row} < ${rows}u;\nlet row = min(${row}, ${rows - 1}u);`);
  b.decode(body.outer, 'row');
  return { count: lanes, stride: isAcross ? own : 1, threads: lanes * own, hasValid: !isExact };
}

function shaderOf(b: Body, memory: ShaderMemory, threads: number, { workgroups }: Spread): Shader {
  const code = `${memory.declarations}
${b.declarations()}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
${b.statements()}
}
`;
  return { code, workgroups, pages: memory.pages, args: memory.args };
}

/** Threads in flight beyond which a GPU gains nothing from more. */
const enoughThreads = 16_384;
/** The same where the processor plays the adapter. */
const enoughSoftThreads = 512;
/** Elements that are worth a thread of their own. */
const elementsPerLane = 4;

function chooseGeometry(body: LoopBody, { maxWorkgroupThreads, maxWorkgroupStorageBytes, isSoftware }: GpuLimits): Geometry {
  const rows = countOf(body, body.outer);
  const single: Geometry = { lanes: 1, rows: Math.min(rows, 64), parts: 1 };
  const longest = Math.max(1, ...body.phases.map((axes) => countOf(body, axes)));
  const isAcross = body.vector === 'outer';
  if (longest < 4 * elementsPerLane || (isAcross && rows >= enoughThreads)) return single;
  const isSplittable = body.phases.length === 1 && body.stores.every(({ phase }) => phase === undefined);
  if (isSoftware && isSplittable && body.phases[0]!.length > 0) {
    const size = body.sizes[body.phases[0]![0]!]!;
    const parts = divisorBelow(size, Math.min(enoughSoftThreads / rows, longest / 32));
    if (parts > 1 || rows >= 16) return { lanes: 1, rows: Math.min(rows * parts, 64), parts };
  }
  if (isSoftware && rows >= 16) return single;
  const most = powerBelow(Math.min(256, maxWorkgroupThreads, maxWorkgroupStorageBytes / (4 * arraysOf(body))));
  const neighbours = isAcross ? Math.min(32, powerBelow(rows * 2 - 1)) : 1;
  const wanted = isAcross ? enoughThreads / rows : Math.max(8, (2 * enoughThreads) / rows);
  const lanes = powerBelow(Math.min(wanted, longest / elementsPerLane, most / neighbours));
  if (lanes === 1) return single;
  const own = isAcross ? neighbours : Math.max(1, Math.min(powerBelow(rows), 64 / lanes));
  const parts = Math.min(Math.floor(enoughThreads / (rows * lanes)), Math.floor(longest / (lanes * 4 * elementsPerLane)));
  return { lanes, rows: own, parts: isSplittable ? Math.max(1, parts) : 1 };
}

/** The largest power of two up to x, at least 1. */
function powerBelow(x: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(1, x)));
}

/** The largest divisor up to x, at least 1. */
function divisorBelow(size: number, x: number): number {
  let divisor = Math.max(1, Math.floor(Math.min(x, size)));
  while (size % divisor !== 0) divisor--;
  return divisor;
}
