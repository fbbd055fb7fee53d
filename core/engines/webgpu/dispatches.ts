/** From kernels to dispatches: shaders compiled, places in pages as uniform blocks, bind groups made once. */
import type { Kernel, KernelProgram } from '../../plan/kernelProgram.ts';
import { raise } from '../../problem.ts';
import { kernelShaders } from './kernelShaders.ts';
import type { GpuMemory } from './memory.ts';
import { pipelinesOf } from './pipelines.ts';
import type { GpuLimits, Place, Shader } from './shader.ts';

export interface Dispatch {
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
  /** Index of the kernel it is part of. */
  readonly kernel: number;
}

/** A shader of a program, before there is memory. */
export interface PlannedDispatch {
  readonly shader: Shader;
  readonly kernel: number;
  readonly title: string;
  /** Where its uniform block lies in the buffer of all blocks, in bytes. */
  readonly argsAt: number;
}

/** All uniform blocks of a session, equal ones once. */
export interface ArgsTable {
  place(args: Uint32Array): number;
  readonly bytes: number;
  words(): Uint32Array<ArrayBuffer>;
}

export function createArgsTable(alignment: number): ArgsTable {
  const blocks = new Map<string, { at: number; args: Uint32Array }>();
  let bytes = 0;
  return {
    place(args) {
      const key = args.join();
      let block = blocks.get(key);
      if (block === undefined) {
        blocks.set(key, (block = { at: bytes, args }));
        bytes += Math.ceil(args.byteLength / alignment) * alignment;
      }
      return block.at;
    },
    get bytes() {
      return bytes;
    },
    words() {
      const words = new Uint32Array(bytes / 4);
      for (const { at, args } of blocks.values()) words.set(args, at / 4);
      return words;
    },
  };
}

export function planDispatches(program: KernelProgram, place: Place, limits: GpuLimits, table: ArgsTable) {
  let scratchBytes = 0;
  const dispatches = program.kernels.flatMap((kernel, index): PlannedDispatch[] => {
    const compiled = kernelShaders(kernel, place, limits);
    scratchBytes = Math.max(scratchBytes, compiled.scratchBytes);
    return compiled.shaders
      .filter(({ workgroups }) => workgroups.every((count) => count > 0))
      .map((shader) => {
        checkPages(kernel, shader, limits);
        return { shader, kernel: index, title: kernel.title, argsAt: table.place(shader.args) };
      });
  });
  return { dispatches, scratchBytes };
}

function checkPages({ title }: Kernel, { pages }: Shader, { maxStorageBuffers }: GpuLimits): void {
  if (pages.length <= maxStorageBuffers) return;
  raise({
    code: 'engine.gpuBindings',
    where: { kind: 'config', path: 'engine.kind' },
    message: `The kernel "${title}" needs ${pages.length} pieces of graphics memory at once, this adapter allows ${maxStorageBuffers}.`,
    hint: 'Use a smaller batch, or choose another engine.',
  });
}

/** Starts to compile all shaders, side by side. */
export function compileDispatches(device: GPUDevice, dispatches: readonly PlannedDispatch[]): Promise<GPUComputePipeline[]> {
  const pipelines = pipelinesOf(device);
  return Promise.all(dispatches.map(({ shader, title }) => pipelines.compile(shader.code, shader.pages.length, title)));
}

export function bindDispatches(
  dispatches: readonly PlannedDispatch[],
  pipelines: readonly GPUComputePipeline[],
  device: GPUDevice,
  memory: GpuMemory,
): Dispatch[] {
  const groups = new Map<string, GPUBindGroup>();
  return dispatches.map(({ shader, kernel, argsAt }, i) => {
    const key = `${argsAt} ${shader.pages.map(({ kind, index }) => `${kind}${index}`).join()}`;
    let bindGroup = groups.get(key);
    if (bindGroup === undefined) {
      bindGroup = device.createBindGroup({
        layout: pipelinesOf(device).layout(shader.pages.length),
        entries: [
          { binding: 0, resource: { buffer: memory.args, offset: argsAt, size: shader.args.byteLength } },
          ...shader.pages.map((id, p) => ({ binding: p + 1, resource: { buffer: memory.page(id) } })),
        ],
      });
      groups.set(key, bindGroup);
    }
    return { pipeline: pipelines[i]!, bindGroup, workgroups: shader.workgroups, kernel };
  });
}

export function encodeDispatch(pass: GPUComputePassEncoder, { pipeline, bindGroup, workgroups: [x, y, z] }: Dispatch): void {
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(x, y, z);
}
