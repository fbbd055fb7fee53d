/**
 * Loop kernels as shaders, in one of three ways that sizes alone choose: a thread for each row; some lanes for each row,
 * which join their totals in workgroup memory; or, where few rows are long, parts of rows whose totals meet in a second
 * dispatch. Neighbouring threads take neighbouring elements of memory: of the row where a row lies dense, otherwise of
 * the next rows.
 */
import type { BufferRef, LoopKernel } from '../../../plan/kernelProgram.ts';
import type { LoopBody } from '../../../plan/loopBody.ts';
import type { GpuLimits, KernelShaders, Place, Shader } from '../shader.ts';
import { alone, arraysOf, bodyMemory, countOf, createBody, type Body, type Lanes, type Total } from './body.ts';
import { spread, type Spread } from './dispatch.ts';
import { shaderMemory, type MemoryOptions, type ShaderMemory } from './memory.ts';

interface Geometry {
  /** Threads per row, a power of two. */
  readonly lanes: number;
  /** Rows per workgroup. */
  readonly rows: number;
  /** Parts of a row, each of its own workgroup. */
  readonly parts: number;
}

export function loopShaders({ body, buffers }: LoopKernel, place: Place, limits: GpuLimits): KernelShaders {
  const rows = countOf(body, body.outer);
  if (rows === 0) return { shaders: [], scratchBytes: 0 };
  const geometry = chooseGeometry(body, limits);
  if (geometry.parts > 1) return partShaders(body, buffers, geometry, place, limits);
  const memory = shaderMemory(buffers, place, bodyMemory(body));
  const b = createBody(body, memory);
  const groups = spread(Math.ceil(rows / geometry.rows), limits);
  b.row(startRows(b, body, geometry, groups));
  return { shaders: [shaderOf(b, memory, geometry, groups)], scratchBytes: 0 };
}

/** Parts of rows in a dispatch of their own, which leaves their totals in the scratch page; the next one joins them. */
function partShaders(body: LoopBody, buffers: readonly BufferRef[], geometry: Geometry, place: Place, limits: GpuLimits): KernelShaders {
  const rows = countOf(body, body.outer);
  const { parts } = geometry;
  const size = countOf(body, body.phases[0]!);
  const partSize = Math.ceil(size / parts);
  const options: MemoryOptions = { ...bodyMemory(body), scratch: 'plain' };

  const memory = shaderMemory(buffers, place, options);
  const b = createBody(body, memory);
  const totals = b.totalsOf(0);
  const words = totals.reduce((sum, { index }) => sum + (index === undefined ? 1 : 2), 0);
  const blocks = Math.ceil(rows / geometry.rows);
  const groups = spread(blocks * parts, limits);
  const number = b.keep('number', groups.number);
  const part = b.keep('part', `${number} % ${parts}u`);
  const lanes = startRows(b, body, geometry, { ...groups, number: b.keep('block', `${number} / ${parts}u`) });
  b.startRow();
  b.rowNodes(0);
  totals.forEach(b.start);
  b.walk(0, totals, lanes, [`${part} * ${partSize}u`, `min(${part} * ${partSize}u + ${partSize}u, ${size}u)`]);
  b.joinLanes(totals, lanes);
  b.line(lanes.valid === undefined ? 'if (lane == 0u) {' : 'if (lane == 0u && valid) {');
  scratchWords(totals, memory, `(row * ${parts}u + ${part}) * ${words}u`).forEach(({ total, at, isIndex }) =>
    b.line(isIndex ? memory.store(memory.scratch, 'i32', at, total.index!) : memory.store(memory.scratch, total.dtype, at, total.best)),
  );
  b.line('}');

  const joinMemory = shaderMemory(buffers, place, options);
  const join = createBody(body, joinMemory);
  const joinGeometry: Geometry = { lanes: powerBelow(Math.min(64, parts)), rows: 1, parts: 1 };
  const joinGroups = spread(rows, limits);
  const joinLanes = startRows(join, body, { ...joinGeometry }, joinGroups);
  join.startRow();
  join.rowNodes(0);
  const joined = join.totalsOf(0);
  joined.forEach(join.start);
  join.line(`for (var part = lane; part < ${parts}u; part += ${joinLanes.count}u) {`);
  const read = scratchWords(joined, joinMemory, `(row * ${parts}u + part) * ${words}u`);
  for (const total of joined) {
    const own = read.filter((word) => word.total === total);
    const load = (isIndex: boolean) => {
      const word = own.find((other) => other.isIndex === isIndex);
      return word === undefined ? '' : join.keep('n', joinMemory.load(joinMemory.scratch, isIndex ? 'i32' : total.dtype, word.at));
    };
    join.line(join.meet(total, load(false), load(true)));
  }
  join.line('}');
  join.joinLanes(joined, joinLanes);
  joined.forEach(join.finish);
  join.rowNodes(1);
  join.rowStores(joinLanes);
  return {
    shaders: [shaderOf(b, memory, geometry, groups), shaderOf(join, joinMemory, joinGeometry, joinGroups)],
    scratchBytes: rows * parts * words * 4,
  };
}

/** Where each number of each total lies in the scratch page, from `start`. */
function scratchWords(totals: readonly Total[], _memory: ShaderMemory, start: string) {
  let word = 0;
  return totals.flatMap((total) => {
    const own = [{ total, isIndex: false, at: `(${start} + ${word++}u)` }];
    return total.index === undefined ? own : [...own, { total, isIndex: true, at: `(${start} + ${word++}u)` }];
  });
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
  return {
    count: lanes,
    stride: isAcross ? own : 1,
    lane: 'lane',
    first: 'first',
    threads: lanes * own,
    ...(isExact ? {} : { valid: 'valid' }),
  };
}

function shaderOf(b: Body, memory: ShaderMemory, { lanes, rows }: Geometry, { workgroups }: Spread): Shader {
  const code = `${memory.declarations}
${b.declarations()}
@compute @workgroup_size(${lanes * rows})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
${b.statements()}
}
`;
  return { code, workgroups, pages: memory.pages, args: memory.args };
}

/** Threads in flight beyond which a GPU gains nothing from more. */
const enoughThreads = 16_384;
/** Elements that are worth a thread of their own. */
const elementsPerLane = 4;

function chooseGeometry(body: LoopBody, { maxWorkgroupThreads, maxWorkgroupStorageBytes }: GpuLimits): Geometry {
  const rows = countOf(body, body.outer);
  const longest = Math.max(1, ...body.phases.map((axes) => countOf(body, axes)));
  const arrays = Math.max(1, arraysOf(body));
  const most = powerBelow(Math.min(256, maxWorkgroupThreads, maxWorkgroupStorageBytes / (4 * arrays)));
  const isAcross = body.vector === 'outer';
  if (longest < 4 * elementsPerLane || (isAcross && rows >= enoughThreads)) return { lanes: 1, rows: Math.min(rows, 64), parts: 1 };
  const neighbours = isAcross ? Math.min(32, powerBelow(rows * 2 - 1)) : 1;
  const wanted = isAcross ? enoughThreads / rows : Math.max(8, (2 * enoughThreads) / rows);
  const lanes = powerBelow(Math.min(wanted, longest / elementsPerLane, most / neighbours));
  if (lanes === 1) return { lanes, rows: Math.min(rows, 64), parts: 1 };
  const own = isAcross ? neighbours : Math.max(1, Math.min(powerBelow(rows), 64 / lanes));
  const isSplittable = body.phases.length === 1 && body.stores.every(({ phase }) => phase === undefined);
  const parts = Math.min(Math.floor(enoughThreads / (rows * lanes)), Math.floor(longest / (lanes * 4 * elementsPerLane)));
  return { lanes, rows: own, parts: isSplittable ? Math.max(1, parts) : 1 };
}

/** The largest power of two up to x, at least 1. */
function powerBelow(x: number): number {
  return 2 ** Math.floor(Math.log2(Math.max(1, x)));
}
