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
    include: ['{core,electron,renderer,scripts,e2e}/**/*.test.ts'],
    // Those need a graphics adapter: scripts/testing/webgpu.
    exclude: ['**/node_modules/**', '**/*.device.test.ts'],
    setupFiles: ['scripts/testing/accelerator.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
    teardownTimeout: 5_000,
    pool: 'threads',
    maxWorkers: 2,
  },
});
