/**
 * Loop kernels as shaders, in one of three ways that sizes alone choose: a thread for each row; some lanes for each row,
 * which join their totals in workgroup memory; or, where few rows are long, parts of rows whose totals meet in a second
 * dispatch. Neighbouring threads take neighbouring elements of memory: of the row where a row lies dense, otherwise of
 * the next rows.
 */
import type { LoopKernel } from '../../../plan/kernelProgram.ts';
import type { LoopBody } from '../../../plan/loopBody.ts';
import type { GpuLimits, KernelShaders, Place, Shader } from '../shader.ts';
import { alone, arraysOf, bodyMemory, countOf, createBody, type Lanes } from './body.ts';
import { spread } from './dispatch.ts';
import { shaderMemory } from './memory.ts';

const groupThreads = 64;

interface Geometry {
  /** Threads per row. */
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
  const memory = shaderMemory(buffers, place, bodyMemory(body));
  const b = createBody(body, memory);
  const { number, overhangs, workgroups } = spread(Math.ceil(rows / geometry.rows), limits);
  if (geometry.lanes === 1) {
    b.line(`let row = ${number} * ${geometry.rows}u + thread;`);
    if (overhangs || rows % geometry.rows !== 0) b.line(`if (row >= ${rows}u) { return; }`);
    b.decode(body.outer, 'row');
    b.row(alone);
  } else {
    const lanes = startLanes(b, body, geometry, number, rows, overhangs);
    b.row(lanes);
  }
  return { shaders: [shaderOf(b, memory, geometry.rows * geometry.lanes, workgroups)], scratchBytes: 0 };
}

/** Which row and lane this thread has. Threads of no row go on with the last one, for barriers need all threads, and store nothing. */
function startLanes(
  b: ReturnType<typeof createBody>,
  body: LoopBody,
  geometry: Geometry,
  number: string,
  rows: number,
  overhangs: boolean,
): Lanes {
  const { lanes, rows: own } = geometry;
  const threads = lanes * own;
  if (overhangs) b.line(`if (${number} >= ${Math.ceil(rows / own)}u) { return; }`);
  const isAcross = body.vector === 'outer';
  b.line(`let lane = ${own === 1 ? 'thread' : isAcross ? `thread / ${own}u` : `thread % ${lanes}u`};`);
  b.line(`let first = ${own === 1 ? '0u' : isAcross ? `thread % ${own}u` : `thread - lane`};`);
  const local = own === 1 ? '' : isAcross ? 'first' : `thread / ${lanes}u`;
  const row = own === 1 ? number : `${number} * ${own}u + ${local}`;
  const isExact = rows % own === 0;
  b.line(isExact ? `let row = ${row};` : `let valid = ${row} < ${rows}u;\nlet row = min(${row}, ${rows - 1}u);`);
  b.decode(body.outer, 'row');
  return { count: lanes, stride: isAcross ? own : 1, lane: 'lane', first: 'first', threads, ...(isExact ? {} : { valid: 'valid' }) };
}

function shaderOf(
  b: ReturnType<typeof createBody>,
  memory: ReturnType<typeof shaderMemory>,
  threads: number,
  workgroups: Shader['workgroups'],
): Shader {
  const code = `${memory.declarations}
${b.declarations()}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
${b.statements()}
}
`;
  return { code, workgroups, pages: memory.pages, args: memory.args };
}

function chooseGeometry(body: LoopBody, _limits: GpuLimits): Geometry {
  const rows = countOf(body, body.outer);
  return { lanes: 1, rows: Math.min(rows, groupThreads), parts: 1 };
}
void arraysOf;
