/** The memory of a session: pages for slots and arena, and what stands beside them. */
import { pageSizes } from '../../plan/pages.ts';
import { allocateBuffers, usage } from './buffers.ts';
import type { PageId } from './shader.ts';

/** In bytes. */
export interface MemorySizes {
  readonly page: number;
  readonly slots: number;
  readonly arena: number;
  readonly step: number;
  readonly scratch: number;
  readonly args: number;
  readonly upload: number;
  readonly hop: number;
}

export interface GpuMemory {
  page(id: PageId): GPUBuffer;
  /** Rows, scalars, key and status of one step. */
  readonly step: GPUBuffer;
  /** Uniform blocks of all dispatches. */
  readonly args: GPUBuffer;
  /** What is uploaded for the steps of a run. */
  readonly upload: GPUBuffer;
  /** Between two places of one buffer, which can't be copied directly. */
  readonly hop: GPUBuffer;
  destroy(): void;
}

const working = usage.storage | usage.copySource | usage.copyTarget;
const copying = usage.copySource | usage.copyTarget;

/** @throws ProblemError `engine.gpuMemory` */
export async function createMemory(device: GPUDevice, sizes: MemorySizes): Promise<GpuMemory> {
  // One page at least, for tensors without elements.
  const slots = pageSizes(Math.max(sizes.slots, 4), sizes.page).map((bytes, i) => ({ label: `slots ${i}`, bytes, usage: working }));
  const arena = pageSizes(Math.max(sizes.arena, 4), sizes.page).map((bytes, i) => ({ label: `arena ${i}`, bytes, usage: working }));
  const buffers = await allocateBuffers(device, [
    { label: 'step', bytes: sizes.step, usage: working },
    { label: 'scratch', bytes: sizes.scratch, usage: usage.storage },
    { label: 'args', bytes: sizes.args, usage: usage.uniform | usage.copyTarget },
    { label: 'upload', bytes: sizes.upload, usage: copying },
    { label: 'hop', bytes: sizes.hop, usage: copying },
    ...slots,
    ...arena,
  ]);
  const [step, scratch, args, upload, hop, ...pages] = buffers as [GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer, GPUBuffer, ...GPUBuffer[]];
  const byKind = { slot: pages.slice(0, slots.length), arena: pages.slice(slots.length), step: [step], scratch: [scratch] };
  return {
    page: ({ kind, index }) => byKind[kind][index]!,
    ...{ step, args, upload, hop },
    destroy: () => buffers.forEach((buffer) => buffer.destroy()),
  };
}
