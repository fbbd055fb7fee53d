/** Sums or maxima of rows by segment. */
import type { SegmentKernel } from '../../../plan/kernelProgram.ts';
import type { GpuLimits, KernelShaders, Place } from '../shader.ts';
import { spread } from './dispatch.ts';
import { helperText } from './math.ts';
import { shaderMemory } from './memory.ts';

const threads = 64;

/** A thread for each element of the result, which looks through all rows in order. */
export function segmentShaders(
  { fn, rows, columns, segmentCount, buffers }: SegmentKernel,
  place: Place,
  limits: GpuLimits,
): KernelShaders {
  const results = segmentCount * columns;
  if (results === 0) return { shaders: [], scratchBytes: 0 };
  const memory = shaderMemory(buffers, place);
  const { number, workgroups } = spread(Math.ceil(results / threads), limits);
  const value = memory.load(0, 'f32', `i * ${columns}u + column`);
  const report = `${memory.store(3, 'i32', '1u', 'own')} ${memory.store(3, 'i32', '0u', '1i')}`;
  const code = `${memory.declarations}
${fn === 'max' ? helperText(['largest', 'fromBits']) : ''}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let result = ${number} * ${threads}u + thread;
  if (result >= ${results}u) { return; }
  let segment = i32(result / ${columns}u);
  let column = result % ${columns}u;
  var total = ${fn === 'sum' ? '0f' : 'fromBits(0xff800000u)'};
  var count = 0u;
  for (var i = 0u; i < ${rows}u; i++) {
    let own = ${memory.load(1, 'i32', 'i')};
    if (own == segment) {
      total ${fn === 'sum' ? '+=' : '= largest(total,'} ${value}${fn === 'sum' ? '' : ')'};
      count++;
    }
    if (result == 0u && u32(own) >= ${segmentCount}u) { ${report} }
  }
  ${memory.store(2, 'f32', 'result', fn === 'sum' ? 'total' : 'select(0f, total, count > 0u)')}
}
`;
  return { shaders: [{ code, workgroups, pages: memory.pages, args: memory.args }], scratchBytes: 0 };
}
