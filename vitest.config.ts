/** Unit tests stand beside what they test. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  plugins: [svelte()],
  // Runes in *.svelte.ts files run as they do in the browser, not as for server-side rendering.
  resolve: { conditions: ['browser'] },
  cacheDir: '.cache/vitest',
  test: {
    environment: 'node',
    // Those need a graphics adapter: scripts/testing/webgpu.
    exclude: ['**/node_modules/**', '**/*.device.test.ts'],
    setupFiles: ['scripts/testing/accelerator.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 5_000,
    pool: 'threads',
    maxWorkers: 2,
    projects: [
      // What starts processes and threads or changes the environment has a worker of its own for each file.
      { extends: true, test: { name: 'host', include: ['{electron,scripts,e2e}/**/*.test.ts'] } },
      // Files that keep nothing to themselves share modules, compiled once for all: half the time.
      { extends: true, test: { name: 'shared', include: ['{core,renderer}/**/*.test.ts'], isolate: false } },
    ],
  },
});
