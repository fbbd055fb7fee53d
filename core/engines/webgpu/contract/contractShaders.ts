/** Contractions on a GPU: out[batch, m, n] = epilogue(Σk left[batch, m, k] · right[batch, n, k]). */
import type { ContractKernel } from '../../../plan/kernelProgram.ts';
import type { GpuLimits, KernelShaders, Place } from '../shader.ts';
import { emitEpilogue, epilogueMemory } from '../wgsl/epilogue.ts';
import { shaderMemory } from '../wgsl/memory.ts';
import { countOf, offsetOf } from './groups.ts';
import { laneShaders } from './lanes.ts';

const threads = 64;

export function contractShaders(kernel: ContractKernel, place: Place, limits: GpuLimits): KernelShaders {
  const { batch, m, n, k, epilogue } = kernel;
  const [rows, columns] = [countOf(m), countOf(n)];
  const outputs = countOf(batch) * rows * columns;
  if (outputs === 0) return { shaders: [], scratchBytes: 0 };
  if (limits.isSoftware) return laneShaders(kernel, place, limits);
  const memory = shaderMemory(kernel.buffers, place, epilogue === undefined ? {} : epilogueMemory(epilogue));
  const groups = Math.ceil(outputs / threads);
  const across = Math.min(groups, limits.maxWorkgroups);
  const lefts = k.map((axis, i) => (axis.left === 0 ? [] : [`k${i} * ${axis.left}u`])).flat();
  const rights = k.map((axis, i) => (axis.right === 0 ? [] : [`k${i} * ${axis.right}u`])).flat();
  const loops = k.map(({ size }, i) => `for (var k${i} = 0u; k${i} < ${size}u; k${i}++) {`).join(' ');
  const code = `${memory.declarations}
${epilogue === undefined ? '' : emitEpilogue(epilogue, memory)}
@compute @workgroup_size(${threads})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) thread: u32) {
  let output = (group.y * ${across}u + group.x) * ${threads}u + thread;
  if (output >= ${outputs}u) { return; }
  let n = output % ${columns}u;
  let m = output / ${columns}u % ${rows}u;
  let batch = output / ${columns * rows}u;
  let left = ${offsetOf(batch, 'left', 'batch')} + ${offsetOf(m, 'left', 'm')};
  let right = ${offsetOf(batch, 'right', 'batch')} + ${offsetOf(n, 'right', 'n')};
  var sum = 0f;
  ${loops}
    sum += ${memory.load(0, 'f32', `(${['left', ...lefts].join(' + ')})`)} * ${memory.load(1, 'f32', `(${['right', ...rights].join(' + ')})`)};
  ${k.map(() => '}').join(' ')}
  ${kernel.storesResult ? memory.store(2, 'f32', `(${offsetOf(batch, 'out', 'batch')} + ${offsetOf(m, 'out', 'm')} + ${offsetOf(n, 'out', 'n')})`, 'sum') : ''}
  ${epilogue === undefined ? '' : 'epilogue(batch, m, n, sum);'}
}
`;
  const shader = { code, workgroups: [across, Math.ceil(groups / across), 1] as const, pages: memory.pages, args: memory.args };
  return { shaders: [shader], scratchBytes: 0 };
}
