import { expect, it } from 'vitest';
import { allocateBuffers, usage } from './buffers.ts';

/** A device with so much memory. */
function deviceOf(freeBytes: number) {
  const live = new Set<number>();
  let error: { message: string } | null = null;
  const device = {
    pushErrorScope: () => (error = null),
    popErrorScope: async () => error,
    createBuffer({ size }: GPUBufferDescriptor) {
      const id = live.size;
      live.add(id);
      if ((freeBytes -= size) < 0) error = { message: 'Out of memory' };
      return { size, destroy: () => live.delete(id) };
    },
  };
  return { device: device as unknown as GPUDevice, live };
}

const specs = [300, 10 * 2 ** 20].map((bytes, i) => ({ label: String(i), bytes, usage: usage.storage }));

it('makes buffers of whole words, none empty', async () => {
  const { device } = deviceOf(2 ** 30);
  const buffers = await allocateBuffers(device, [...specs, { label: 'none', bytes: 0, usage: usage.storage }]);
  expect(buffers.map(({ size }) => size)).toEqual([300, 10 * 2 ** 20, 256]);
});

it('says what is missing in a sentence, and gives back what it got', async () => {
  const { device, live } = deviceOf(2 ** 20);
  await expect(allocateBuffers(device, specs)).rejects.toMatchObject({
    problem: { code: 'engine.gpuMemory', hint: 'Use a smaller batch or fewer units, or choose another engine.' },
    message: expect.stringMatching(/^This training needs 11 MB on the graphics adapter, more than it has to spare\./),
  });
  expect(live.size).toBe(0);
});
