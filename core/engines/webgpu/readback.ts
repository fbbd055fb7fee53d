/** Copies of GPU memory for the host, through a few staging buffers that are used again and again. */
import { usage } from './buffers.ts';
import type { FailureGuard } from './failure.ts';

export interface Readback {
  /** Records a copy with `record` and hands out the bytes once everything submitted so far is done. */
  read(bytes: number, record: (encoder: GPUCommandEncoder, staging: GPUBuffer) => void, encoder?: GPUCommandEncoder): Promise<Uint8Array>;
  destroy(): void;
}

/** What is read at once. */
export const largestReadBytes = 4 * 2 ** 20;
const keptBuffers = 4;

export function createReadback(device: GPUDevice, guard: FailureGuard): Readback {
  /** Ready for the next read, the one used last at the end. */
  const free: GPUBuffer[] = [];
  const all = new Set<GPUBuffer>();

  function take(bytes: number): GPUBuffer {
    const known = free.findLastIndex(({ size }) => size >= bytes);
    if (known >= 0) return free.splice(known, 1)[0]!;
    const size = Math.max(256, 2 ** Math.ceil(Math.log2(bytes)));
    const buffer = device.createBuffer({ label: 'readback', size, usage: usage.mapRead | usage.copyTarget });
    all.add(buffer);
    return buffer;
  }

  function give(buffer: GPUBuffer): void {
    free.push(buffer);
    if (free.length <= keptBuffers) return;
    const oldest = free.shift()!;
    all.delete(oldest);
    oldest.destroy();
  }

  return {
    async read(bytes, record, encoder = device.createCommandEncoder()) {
      const staging = take(bytes);
      record(encoder, staging);
      device.queue.submit([encoder.finish()]);
      await guard.wait(staging.mapAsync(0x1 /* GPUMapMode.READ */, 0, bytes));
      const copy = new Uint8Array(staging.getMappedRange(0, bytes)).slice();
      staging.unmap();
      give(staging);
      return copy;
    },
    destroy() {
      for (const buffer of all) buffer.destroy();
      all.clear();
      free.length = 0;
    },
  };
}
