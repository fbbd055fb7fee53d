/**
 * The batteries of core on the WebGPU engine in a browser; the reference stays the oracle. LAYERBENCH_BATTERY=fast is what
 * `npm test` has time for: every op and every layer, what any engine must do, ten losses of the MLP. All else comes with
 * `npm run test:full`.
 */
import path from 'node:path';
import { defineConfig } from 'vitest/config';

const fast = ['core/{ops,layers}/*.test.ts', 'core/program/lowerSession.test.ts', '{core,scripts}/**/*.device.test.ts'];
const rest = ['core/{losses,metrics,optimizers,program}/*.test.ts'];

export default defineConfig({
  root: path.resolve(import.meta.dirname, '../../..'),
  cacheDir: '.cache/vitestWebgpu',
  test: {
    environment: 'node',
    include: process.env.LAYERBENCH_BATTERY === 'fast' ? fast : [...fast, ...rest],
    globalSetup: ['scripts/testing/webgpu/globalSetup.ts'],
    setupFiles: ['scripts/testing/webgpu/engineUnderTest.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
