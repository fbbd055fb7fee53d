/** GPU buffers of a session: made all at once, so that a lack of memory is a sentence; given back all at once. */
import { raise } from '../../problem.ts';

export interface BufferSpec {
  readonly label: string;
  readonly bytes: number;
  readonly usage: GPUBufferUsageFlags;
}

/** Flags of the WebGPU specification; their names are globals only where there is a DOM. */
export const usage = {
  mapRead: 0x1,
  copySource: 0x4,
  copyTarget: 0x8,
  uniform: 0x40,
  storage: 0x80,
  queryResolve: 0x200,
} as const;

/** A buffer of no bytes can't be bound. */
const smallestBytes = 256;

/** @throws ProblemError `engine.gpuMemory` when the adapter has not so much */
export async function allocateBuffers(device: GPUDevice, specs: readonly BufferSpec[]): Promise<GPUBuffer[]> {
  device.pushErrorScope('out-of-memory');
  const buffers = specs.map(({ label, bytes, usage: flags }) =>
    device.createBuffer({ label, size: Math.max(smallestBytes, Math.ceil(bytes / 4) * 4), usage: flags }),
  );
  const error = await device.popErrorScope();
  if (error === null) return buffers;
  for (const buffer of buffers) buffer.destroy();
  const megabytes = Math.ceil(specs.reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20).toLocaleString('en-US');
  raise({
    code: 'engine.gpuMemory',
    where: { kind: 'config', path: 'engine.kind' },
    message: `This training needs ${megabytes} MB on the graphics adapter, more than it has to spare.`,
    hint: 'Use a smaller batch or fewer units, or choose another engine.',
  });
}
