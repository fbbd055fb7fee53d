/** An adapter for tests that compute on none. */
import type { GpuAdapter } from '../engines/webgpu/adapter.ts';

export const testAdapter: GpuAdapter = {
  label: 'test card',
  vendor: 'test',
  architecture: 'one',
  description: 'a card',
  isSoftware: false,
  maxBufferBytes: 2 ** 30,
  limits: {
    maxPageBytes: 2 ** 27,
    maxStorageBuffers: 8,
    maxWorkgroupStorageBytes: 16_384,
    maxWorkgroupThreads: 256,
    maxWorkgroups: 65_535,
    subgroups: false,
    subgroupSize: 0,
    isSoftware: false,
  },
};
