/** The batteries of core on the WebGPU engine in a browser; the reference stays the oracle. */
import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: path.resolve(import.meta.dirname, '../../..'),
  cacheDir: '.cache/vitestWebgpu',
  test: {
    environment: 'node',
    include: ['core/{ops,layers,losses,optimizers,program}/*.test.ts', '{core,scripts}/**/*.device.test.ts'],
    globalSetup: ['scripts/testing/webgpu/globalSetup.ts'],
    setupFiles: ['scripts/testing/webgpu/engineUnderTest.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
