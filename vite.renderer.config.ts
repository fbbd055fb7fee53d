/** The interface: built once, served by either shell. Nothing is loaded from outside. */
import { svelte } from '@sveltejs/vite-plugin-svelte';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { defineConfig, type Plugin } from 'vite';

const firstLoadLimitBytes = 400_000;

/** Fails the build when the JavaScript that the start page needs grows beyond the limit. */
function limitFirstLoad(): Plugin {
  return {
    name: 'limit-first-load',
    generateBundle(_options, bundle) {
      const needed = new Set<string>();
      const add = (fileName: string): void => {
        const chunk = bundle[fileName];
        if (needed.has(fileName) || chunk?.type !== 'chunk') return;
        needed.add(fileName);
        chunk.imports.forEach(add);
      };
      for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk' && chunk.isEntry) add(chunk.fileName);
      const sizeBytes = [...needed].reduce((sum, name) => {
        const chunk = bundle[name];
        return sum + (chunk?.type === 'chunk' ? gzipSync(chunk.code, { level: 9 }).length : 0);
      }, 0);
      this.info(`first load: ${(sizeBytes / 1000).toFixed(0)} kB of JavaScript (gzip), limit ${firstLoadLimitBytes / 1000} kB`);
      if (sizeBytes > firstLoadLimitBytes) {
        this.error(
          `First-load JavaScript is ${(sizeBytes / 1000).toFixed(0)} kB gzip, the limit is ${firstLoadLimitBytes / 1000} kB. Load parts later with import().`,
        );
      }
    },
  };
}

export default defineConfig({
  root: path.join(import.meta.dirname, 'renderer'),
  base: './',
  cacheDir: path.join(import.meta.dirname, '.cache', 'vite'),
  plugins: [svelte({ configFile: path.join(import.meta.dirname, 'svelte.config.js') }), limitFirstLoad()],
  build: {
    outDir: path.join(import.meta.dirname, 'dist', 'renderer'),
    emptyOutDir: true,
    target: 'chrome140',
    // Fonts and images stay files: the content security policy needs no data: for them.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
    license: { fileName: 'licences.md' },
  },
});
