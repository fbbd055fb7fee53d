/**
 * The host for the packaged app: shells, command line and worker threads, each bundled into dist/electron.
 * Two passes, because the sandboxed preload script must be one CommonJS file: `--mode preload` makes it.
 */
import fs from 'node:fs';
import path from 'node:path';
import { defineConfig, type Plugin } from 'vite';

const electronFolder = path.join(import.meta.dirname, 'electron');
const workerPattern = /new URL\('([^']+)\.ts', import\.meta\.url\)/g;

/** Every file that some module starts as a worker thread: `new URL('./trainerWorker.ts', import.meta.url)`. */
function findWorkers(folder: string): string[] {
  return fs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const file = path.join(folder, name);
    if (!name.endsWith('.ts') || name.endsWith('.test.ts')) return [];
    return [...fs.readFileSync(file, 'utf8').matchAll(workerPattern)].map((match) => path.resolve(path.dirname(file), `${match[1]}.ts`));
  });
}

/**
 * In the bundle every worker stands as `<name>.js` beside the file that starts it; in the packaged app both lie
 * outside the archive, because worker threads are loaded from real files.
 */
const workersAsJavaScript: Plugin = {
  name: 'workers-as-javascript',
  // Before TypeScript is compiled, which changes the quotes.
  enforce: 'pre',
  transform(code, id) {
    if (!id.endsWith('.ts') || !code.includes('import.meta.url')) return undefined;
    return code.replace(workerPattern, (_all, file: string) => {
      const url = `new URL('./${path.basename(file)}.js', import.meta.url).href`;
      return `new URL(${url}.replace('/app.asar/', '/app.asar.unpacked/'))`;
    });
  },
  generateBundle(_options, bundle) {
    for (const chunk of Object.values(bundle)) {
      const left = chunk.type === 'chunk' ? /new URL\(["'`][^"'`]+\.ts["'`]/.exec(chunk.code)?.[0] : undefined;
      if (left !== undefined) this.error(`${chunk.fileName} would start a worker that does not exist in the bundle: ${left}`);
    }
  },
};

const shared = {
  target: 'node24',
  outDir: path.join(import.meta.dirname, 'dist', 'electron'),
  minify: false,
  reportCompressedSize: false,
} as const;

export default defineConfig(({ mode }) => {
  if (mode === 'preload') {
    return {
      configFile: false,
      build: {
        ...shared,
        emptyOutDir: false,
        ssr: path.join(electronFolder, 'preload.ts'),
        rolldownOptions: { external: ['electron'], output: { format: 'cjs', entryFileNames: 'preload.cjs', codeSplitting: false } },
      },
    };
  }
  const shells = ['main', 'serve', 'cli'].map((name) => path.join(electronFolder, `${name}.ts`)).filter((file) => fs.existsSync(file));
  const entries = [...shells, ...new Set(findWorkers(electronFolder))];
  return {
    plugins: [workersAsJavaScript],
    // CommonJS packages that ask where they lie (wabt) stand in ES modules here.
    define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
    // Pure JavaScript packages go into the bundle; only the native driver stays a package of its own.
    ssr: { noExternal: true, external: ['electron', 'better-sqlite3'] },
    build: {
      ...shared,
      emptyOutDir: true,
      license: { fileName: 'licences.md' },
      ssr: true,
      rolldownOptions: {
        input: Object.fromEntries(entries.map((file) => [path.basename(file, '.ts'), file])),
        external: ['electron', 'better-sqlite3', 'bufferutil', 'utf-8-validate'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  };
});
