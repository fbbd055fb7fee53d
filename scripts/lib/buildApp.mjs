/** Builds the interface and the host's bundles, each only when what it is made from changed. */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, modulesFolder, readJson, root, runQuietly, say, SetupError, writeJson } from '../setup/places.mjs';

const common = ['core', 'electron/contract', 'package-lock.json'];

const parts = {
  renderer: {
    title: 'interface',
    sources: [...common, 'renderer', 'vite.renderer.config.ts', 'svelte.config.js'],
    result: 'dist/renderer/index.html',
    runs: [['build', '--config', 'vite.renderer.config.ts']],
  },
  electron: {
    title: 'desktop host',
    sources: [...common, 'electron', 'vite.electron.config.ts'],
    result: 'dist/electron/main.js',
    runs: [
      ['build', '--config', 'vite.electron.config.ts'],
      ['build', '--config', 'vite.electron.config.ts', '--mode', 'preload'],
    ],
  },
};

/** Changes with every added, removed or saved source file; reads no contents, so it takes milliseconds. */
function sourceHash(sources) {
  const hash = createHash('sha256');
  const visit = (file) => {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    if (stat === undefined || /\.test\.ts$/.test(file)) return;
    if (stat.isDirectory()) for (const name of fs.readdirSync(file).sort()) visit(path.join(file, name));
    else hash.update(`${path.relative(root, file)} ${stat.size} ${stat.mtimeMs}\n`);
  };
  for (const source of sources) visit(path.join(root, source));
  return hash.digest('hex');
}

/** @param {'renderer' | 'electron'} name */
export async function buildPart(name, { force = false, show = false } = {}) {
  const part = parts[name];
  const stampFile = path.join(cacheFolder, `build-${name}.json`);
  const hash = sourceHash(part.sources);
  if (!force && readJson(stampFile)?.hash === hash && fs.existsSync(path.join(root, part.result))) return;
  say(`Building the ${part.title} ...`);
  for (const args of part.runs) {
    const command = [path.join(modulesFolder, 'vite', 'bin', 'vite.js'), ...args, '--logLevel', show ? 'info' : 'warn'];
    const { code, output } = await runQuietly(process.execPath, command, { show });
    if (code !== 0) throw new SetupError(`The ${part.title} could not be built.\n${output.trim()}`);
  }
  writeJson(stampFile, { hash });
}
