/**
 * The one door behind every npm script: sets up what is missing, then runs the command with Node 24.
 * Written for Node ≥ 20, which may be all the user has.
 */
import path from 'node:path';
import { setUp } from './setup.mjs';
import { root, say, SetupError } from './setup/places.mjs';
import { passThrough } from './lib/run.mjs';

const commands = {
  cli: 'electron/cli.ts',
  start: 'scripts/start.mjs',
  dev: 'scripts/dev.mjs',
  check: 'scripts/check.mjs',
  test: 'scripts/test.mjs',
  'test:full': 'scripts/testFull.mjs',
  e2e: 'scripts/e2e.mjs',
  build: 'scripts/build.mjs',
  package: 'scripts/package.mjs',
  bench: 'scripts/bench/main.ts',
};

const [name, ...args] = process.argv.slice(2);
const file = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
if (file === undefined) {
  say(`Unknown command ${name ?? '(none)'}: use one of ${Object.keys(commands).join(', ')}.`);
  process.exitCode = 1;
} else {
  try {
    const node = await setUp();
    // Paths on the command line are meant from where npm was called.
    const cwd = name === 'cli' ? (process.env.INIT_CWD ?? process.cwd()) : root;
    await passThrough(node, ['--disable-warning=ExperimentalWarning', path.join(root, file), ...args], { cwd });
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
