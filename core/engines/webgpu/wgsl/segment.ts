/**
 * Sums or maxima of rows by segment without atomics on floats: the rows are sorted by segment, in their own order, and
 * each element of the result walks through the rows of its segment.
 */
import type { SegmentKernel } from '../../../plan/kernelProgram.ts';
import type { GpuLimits, KernelShaders, Place, Shader } from '../shader.ts';
import { spread } from './dispatch.ts';
import { helperText } from './math.ts';
import { shaderMemory, type ShaderMemory } from './memory.ts';

const threads = 64;
/** Comparisons of rows with segments up to which sorting does not pay. */
const fewComparisons = 4096;

export function segmentShaders(kernel: SegmentKernel, place: Place, limits: GpuLimits): KernelShaders {
  const { rows, columns, segmentCount } = kernel;
  if (segmentCount * columns === 0) return { shaders: [], scratchBytes: 0 };
  if (rows * segmentCount <= fewComparisons) return { shaders: [searchShader(kernel, place, limits)], scratchBytes: 0 };
  const layout = { cursors: 0, starts: segmentCount, unordered: 2 * segmentCount + 1, ordered: 2 * segmentCount + 1 + rows };
  return {
    shaders: [
      sortShader(kernel, layout, place, limits),
      orderShader(kernel, layout, place, limits),
      takeShader(kernel, layout, place, limits),
    ],
    scratchBytes: 4 * (layout.ordered + rows),
  };
}

/** First words in the scratch page: how far each segment's list is filled, where it starts, the lists of rows. */
interface Layout {
  readonly cursors: number;
  readonly starts: number;
  readonly unordered: number;
  readonly ordered: number;
}

const segments = 1;
const status = 3;

function shader(
  memory: ShaderMemory,
  groups: { readonly workgroups: Shader['workgroups']; readonly threads: number },
  helpers: string,
  statements: string,
): Shader {
  const code = `${memory.declarations}
${helpers}
@compute @workgroup_size(${groups.threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
${statements}
}
`;
  return { code, workgroups: groups.workgroups, pages: memory.pages, args: memory.args };
}

/** Reports a segment there is not. */
function report(memory: ShaderMemory, segment: string): string {
  return `${memory.store(status, 'i32', '1u', `i32(${segment})`)} ${memory.store(status, 'i32', '0u', '1i')}`;
}

/** How totals begin, take in a value and end where there may be none. */
function totalOf({ fn }: SegmentKernel) {
  return fn === 'sum'
    ? { helpers: '', start: '0f', take: (value: string) => `total += ${value};`, end: 'total' }
    : {
        helpers: helperText(['largest', 'fromBits']),
        start: 'fromBits(0xff800000u)',
        take: (value: string) => `total = largest(total, ${value});`,
        end: 'select(0f, total, count > 0u)',
      };
}

/** A thread for each element of the result, which looks through all rows. */
function searchShader(kernel: SegmentKernel, place: Place, limits: GpuLimits): Shader {
  const { rows, columns, segmentCount, buffers } = kernel;
  const results = segmentCount * columns;
  const memory = shaderMemory(buffers, place);
  const { number, workgroups } = spread(Math.ceil(results / threads), limits);
  const { helpers, start, take, end } = totalOf(kernel);
  const statements = `let result = ${number} * ${threads}u + thread;
if (result >= ${results}u) { return; }
let segment = result / ${columns}u;
let column = result % ${columns}u;
var total = ${start};
var count = 0u;
for (var i = 0u; i < ${rows}u; i++) {
  let own = u32(${memory.load(segments, 'i32', 'i')});
  if (own == segment) {
    ${take(memory.load(0, 'f32', `i * ${columns}u + column`))}
    count++;
  }
  if (result == 0u && own >= ${segmentCount}u) { ${report(memory, 'own')} }
}
${memory.store(2, 'f32', 'result', end)}`;
  return shader(memory, { workgroups, threads }, helpers, statements);
}

/** One workgroup counts the rows of each segment, adds the counts up to starts, and puts each row in the list of its segment. */
function sortShader(
  { rows, segmentCount, buffers }: SegmentKernel,
  layout: Layout,
  place: Place,
  { maxWorkgroupThreads }: GpuLimits,
): Shader {
  const memory = shaderMemory(buffers, place, { scratch: 'atomic' });
  const { scratch } = memory;
  const size = Math.min(256, maxWorkgroupThreads);
  const own = Math.ceil(segmentCount / size);
  const cell = (at: string) => `&${memory.pageOf(scratch)}[${memory.base(scratch)} + ${at}]`;
  const statements = `for (var i = thread; i < ${segmentCount}u; i += ${size}u) { atomicStore(${cell('i')}, 0u); }
storageBarrier();
for (var i = thread; i < ${rows}u; i += ${size}u) {
  let segment = u32(${memory.load(segments, 'i32', 'i')});
  if (segment < ${segmentCount}u) { atomicAdd(${cell('segment')}, 1u); }
  else { ${report(memory, 'segment')} }
}
storageBarrier();
let low = min(thread * ${own}u, ${segmentCount}u);
let high = min(low + ${own}u, ${segmentCount}u);
var sum = 0u;
for (var i = low; i < high; i++) { sum += atomicLoad(${cell('i')}); }
sums[thread] = sum;
workgroupBarrier();
var start = 0u;
for (var i = 0u; i < thread; i++) { start += sums[i]; }
for (var i = low; i < high; i++) {
  let count = atomicLoad(${cell('i')});
  atomicStore(${cell(`${layout.starts}u + i`)}, start);
  atomicStore(${cell('i')}, start);
  start += count;
}
if (thread == ${size - 1}u) { atomicStore(${cell(`${layout.starts + segmentCount}u`)}, start); }
storageBarrier();
for (var i = thread; i < ${rows}u; i += ${size}u) {
  let segment = u32(${memory.load(segments, 'i32', 'i')});
  if (segment < ${segmentCount}u) { atomicStore(${cell(`${layout.unordered}u + atomicAdd(${cell('segment')}, 1u)`)}, i); }
}`;
  return shader(memory, { workgroups: [1, 1, 1], threads: size }, `var<workgroup> sums: array<u32, ${size}>;`, statements);
}

/** Gives each row the place in its list that its number has among the list's. */
function orderShader({ rows, segmentCount, buffers }: SegmentKernel, layout: Layout, place: Place, limits: GpuLimits): Shader {
  const memory = shaderMemory(buffers, place, { scratch: 'plain' });
  const { number, workgroups } = spread(Math.ceil(rows / threads), limits);
  const word = (at: string) => `u32(${memory.load(memory.scratch, 'i32', at)})`;
  const statements = `let row = ${number} * ${threads}u + thread;
if (row >= ${rows}u) { return; }
let segment = u32(${memory.load(segments, 'i32', 'row')});
if (segment >= ${segmentCount}u) { return; }
let start = ${word(`(${layout.starts}u + segment)`)};
let end = ${word(`(${layout.starts + 1}u + segment)`)};
var at = start;
for (var i = start; i < end; i++) { at += select(0u, 1u, ${word(`(${layout.unordered}u + i)`)} < row); }
${memory.store(memory.scratch, 'i32', `(${layout.ordered}u + at)`, 'i32(row)')}`;
  return shader(memory, { workgroups, threads }, '', statements);
}

/** A thread for each element of the result, which walks through the rows of its segment. */
function takeShader(kernel: SegmentKernel, layout: Layout, place: Place, limits: GpuLimits): Shader {
  const { columns, segmentCount, buffers } = kernel;
  const results = segmentCount * columns;
  const memory = shaderMemory(buffers, place, { scratch: 'plain' });
  const { number, workgroups } = spread(Math.ceil(results / threads), limits);
  const word = (at: string) => `u32(${memory.load(memory.scratch, 'i32', at)})`;
  const { helpers, start, take, end } = totalOf(kernel);
  const statements = `let result = ${number} * ${threads}u + thread;
if (result >= ${results}u) { return; }
let segment = result / ${columns}u;
let column = result % ${columns}u;
let start = ${word(`(${layout.starts}u + segment)`)};
let count = ${word(`(${layout.starts + 1}u + segment)`)} - start;
var total = ${start};
for (var i = start; i < start + count; i++) {
  let row = ${word(`(${layout.ordered}u + i)`)};
  ${take(memory.load(0, 'f32', `row * ${columns}u + column`))}
}
${memory.store(2, 'f32', 'result', end)}`;
  return shader(memory, { workgroups, threads }, helpers, statements);
}
