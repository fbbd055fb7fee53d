/** The checks before any test: types per folder, lint with the import arrows, formatting. */
import path from 'node:path';
import { modulesFolder, runQuietly } from '../setup/places.mjs';

const tsc = ['typescript', 'bin', 'tsc'];
const types = (project) => ({ name: `types of ${project}`, command: [...tsc], args: ['--noEmit', '-p', `${project}.json`] });

/** Each counts as one test in the closing line of `npm test`. */
export const checks = [
  types('core/tsconfig'),
  types('core/tsconfig.test'),
  types('electron/tsconfig'),
  types('electron/tsconfig.preload'),
  types('electron/tsconfig.test'),
  {
    name: 'types of renderer',
    command: ['svelte-check', 'bin', 'svelte-check'],
    args: ['--tsconfig', 'renderer/tsconfig.json', '--output', 'human', '--fail-on-warnings'],
  },
  types('renderer/tsconfig.test'),
  types('e2e/tsconfig'),
  types('scripts/tsconfig'),
  { name: 'lint and import arrows', command: ['eslint', 'bin', 'eslint.js'], args: ['.', '--max-warnings', '0'] },
  { name: 'formatting', command: ['prettier', 'bin', 'prettier.cjs'], args: ['--check', '.', '--log-level', 'warn'] },
];

/** Runs all checks, two at a time, and prints one line each; what failed is printed in full. @returns {Promise<{ passed: number, failed: number }>} */
export async function runChecks() {
  const waiting = [...checks];
  const counts = { passed: 0, failed: 0 };
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const startedAt = Date.now();
      const file = path.join(modulesFolder, ...check.command);
      const { code, output } = await runQuietly(process.execPath, [file, ...check.args], { limitMs: 300_000 });
      counts[code === 0 ? 'passed' : 'failed'] += 1;
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
      process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${check.name} (${seconds} s)\n${code === 0 ? '' : `${output.trim()}\n`}`);
    }
  };
  await Promise.all([work(), work()]);
  return counts;
}
