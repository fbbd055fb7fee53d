/**
 * The batteries of core on the WebGPU engine in a browser; the reference stays the oracle. LAYERBENCH_BATTERY=fast is what
 * `npm test` has time for: every op, every layer but those of long sequences, what any engine must do, ten losses of the
 * MLP. All else comes with `npm run test:full`, which runs everything a second time with the shaders of a graphics card.
 */
import path from 'node:path';
import { defineConfig } from 'vitest/config';

const fast = ['core/{ops,layers}/*.test.ts', 'core/program/lowerSession.test.ts', '{core,scripts}/**/*.device.test.ts'];
/** Unrolled sequences become many shaders, which a driver on the processor compiles one after the other. */
const slow = ['core/layers/{recurrent,attention,transformer}.test.ts'];
const isFast = process.env.LAYERBENCH_BATTERY === 'fast';
const rest = ['core/{augmentation,losses,metrics,optimizers,program}/*.test.ts'];

export default defineConfig({
  root: path.resolve(import.meta.dirname, '../../..'),
  cacheDir: '.cache/vitestWebgpu',
  test: {
    environment: 'node',
    include: isFast ? fast : [...fast, ...rest],
    exclude: ['**/node_modules/**', ...(isFast ? slow : [])],
    globalSetup: ['scripts/testing/webgpu/globalSetup.ts'],
    setupFiles: ['scripts/testing/webgpu/engineUnderTest.ts'],
    // Drivers that compute on the processor compile the shaders of a graphics card slowly.
    testTimeout: isFast ? 120_000 : 900_000,
    hookTimeout: 60_000,
    pool: 'threads',
    // As for the unit tests of core: modules are compiled once for all files.
    isolate: false,
    maxWorkers: 2,
  },
});
