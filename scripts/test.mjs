/**
 * `npm test`: checks, unit tests, the WebGPU engine in a browser, builds and the end-to-end journeys; closes with one line over all of them.
 * `npm test -- dense` runs only the unit tests whose path contains the word.
 */
import { buildPart } from './lib/buildApp.mjs';
import { runChecks } from './lib/checks.mjs';
import { runMain } from './lib/main.mjs';
import { runJourneys, runUnitTests, runWebgpuTests } from './lib/suites.mjs';
import { say, SetupError } from './setup/places.mjs';

async function runBuilds() {
  const counts = { passed: 0, failed: 0 };
  for (const part of ['renderer', 'electron']) {
    try {
      await buildPart(part);
      counts.passed += 1;
    } catch (error) {
      if (!(error instanceof SetupError)) throw error;
      say(error.message);
      counts.failed += 1;
    }
  }
  return counts;
}

const everything = [
  ['Checks', () => runChecks()],
  ['Unit tests', () => runUnitTests()],
  ['WebGPU engine', () => runWebgpuTests()],
  ['Builds', () => runBuilds()],
  ['End-to-end journeys', () => runJourneys([], { build: false })],
];

await runMain(async (args) => {
  const totals = { passed: 0, failed: 0 };
  for (const [title, run] of args.length > 0 ? [['Unit tests', () => runUnitTests(args)]] : everything) {
    const startedAt = Date.now();
    process.stdout.write(`\n${title}\n`);
    let counts;
    try {
      counts = await run();
    } catch (error) {
      say(error instanceof SetupError ? error.message : String(error?.stack ?? error));
      counts = { passed: 0, failed: 1 };
    }
    totals.passed += counts.passed;
    totals.failed += counts.failed;
    // Not in the form of the closing line, which stands alone.
    process.stdout.write(
      `${title}: ${counts.passed} of ${counts.passed + counts.failed} good, ${((Date.now() - startedAt) / 1000).toFixed(0)} s\n`,
    );
  }
  process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
  if (totals.failed > 0) process.exitCode = 1;
});
