/** The checks before any test: types per folder, lint with the import arrows, formatting. */
import path from 'node:path';
import { modulesFolder, root, runQuietly } from '../setup/places.mjs';

/** In this order: a file is checked by the first that includes it. Those of `renderer` itself are svelte-check's. */
const projects = [
  'core/tsconfig',
  'core/tsconfig.test',
  'electron/tsconfig',
  'electron/tsconfig.preload',
  'electron/tsconfig.test',
  'renderer/tsconfig.test',
  'e2e/tsconfig',
  'scripts/tsconfig',
];

const commands = [
  { name: 'lint and import arrows', command: ['eslint', 'bin', 'eslint.js'], args: ['.', '--max-warnings', '0'] },
  {
    name: 'types of renderer',
    command: ['svelte-check', 'bin', 'svelte-check'],
    args: ['--tsconfig', 'renderer/tsconfig.json', '--output', 'human', '--fail-on-warnings'],
  },
  { name: 'formatting', command: ['prettier', 'bin', 'prettier.cjs'], args: ['--check', '.', '--log-level', 'warn'] },
];

const limits = { limitMs: 600_000 };
/** Compilers leave much behind: with room for it, a tenth less of their time goes into tidying up. */
const node = ['--max-semi-space-size=128'];

async function checkTypes() {
  const files = projects.map((project) => `${project}.json`);
  const { output } = await runQuietly(process.execPath, [...node, path.join(root, 'scripts', 'lib', 'types.mjs'), ...files], limits);
  const lines = output.split('\n').filter((line) => line.startsWith('{'));
  const results = new Map(lines.map((line) => JSON.parse(line)).map((result) => [result.project, result]));
  return projects.map((project) => {
    const { failed = true, text = output, seconds = 0 } = results.get(`${project}.json`) ?? {};
    return { name: `types of ${project}`, failed, text, seconds };
  });
}

async function runCommand({ name, command, args }) {
  const startedAt = Date.now();
  const { code, output } = await runQuietly(process.execPath, [...node, path.join(modulesFolder, ...command), ...args], limits);
  return [{ name, failed: code !== 0, text: output, seconds: (Date.now() - startedAt) / 1000 }];
}

/**
 * Runs all checks, two at a time, the longest first, and prints one line each; what failed is printed in full.
 * Each counts as one test in the closing line of `npm test`.
 * @returns {Promise<{ passed: number, failed: number }>}
 */
export async function runChecks() {
  const [lint, ...others] = commands.map((command) => () => runCommand(command));
  const waiting = [lint, checkTypes, ...others];
  const counts = { passed: 0, failed: 0 };
  const work = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      for (const { name, failed, text, seconds } of await check()) {
        counts[failed ? 'failed' : 'passed'] += 1;
        process.stdout.write(`${failed ? 'FAIL' : 'ok  '} ${name} (${seconds.toFixed(1)} s)\n${failed ? `${text.trim()}\n` : ''}`);
      }
    }
  };
  await Promise.all([work(), work()]);
  return counts;
}
