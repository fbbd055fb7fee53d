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

/** One group after the other. What stands in one group leaves a processor idle by itself, and runs at the same time. */
const everything = [
  [
    ['Checks', () => runChecks()],
    ['WebGPU engine', () => runWebgpuTests({ show: false })],
    ['Builds', () => runBuilds()],
  ],
  [['Unit tests', () => runUnitTests()]],
  [['End-to-end journeys', () => runJourneys([], { build: false })]],
];

async function runPart([title, run]) {
  const startedAt = Date.now();
  let counts;
  try {
    counts = await run();
  } catch (error) {
    say(error instanceof SetupError ? error.message : String(error?.stack ?? error));
    counts = { passed: 0, failed: 1 };
  }
  // Not in the form of the closing line, which stands alone.
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(0);
  process.stdout.write(`${title}: ${counts.passed} of ${counts.passed + counts.failed} good, ${seconds} s\n`);
  return counts;
}

await runMain(async (args) => {
  const totals = { passed: 0, failed: 0 };
  for (const group of args.length > 0 ? [[['Unit tests', () => runUnitTests(args)]]] : everything) {
    process.stdout.write(`\n${group.map(([title]) => title).join(', ')}\n`);
    for (const { passed, failed } of await Promise.all(group.map(runPart))) {
      totals.passed += passed;
      totals.failed += failed;
    }
  }
  process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
  if (totals.failed > 0) process.exitCode = 1;
});
