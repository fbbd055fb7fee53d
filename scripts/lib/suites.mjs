/** The two test suites, each reporting how many of its tests passed and failed. */
import fs from 'node:fs';
import path from 'node:path';
import { buildPart } from './buildApp.mjs';
import { nodeEnvironment } from './run.mjs';
import { installBrowser, playwrightBrowsers } from '../setup/browser.mjs';
import { modulesFolder, readJson, root, runQuietly } from '../setup/places.mjs';

const resultsFolder = path.join(root, 'test-results');

/** A suite that ended badly without naming a failed test counts as one failure, and so does one that ran nothing. */
function counted(passed, failed, code) {
  const broken = (code !== 0 && failed === 0) || passed + failed === 0;
  return { passed, failed: failed + (broken ? 1 : 0) };
}

export async function runUnitTests(args = []) {
  const file = path.join(resultsFolder, 'unit.json');
  fs.rmSync(file, { force: true });
  const vitest = path.join(modulesFolder, 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const { code } = await runQuietly(process.execPath, [vitest, 'run', ...reporters, ...args], { show: true, limitMs: 600_000 });
  const result = readJson(file);
  return counted(result?.numPassedTests ?? 0, result?.numFailedTests ?? 0, code);
}

export async function runJourneys(args = []) {
  await buildPart('renderer');
  await buildPart('electron');
  const browser = await installBrowser(process.execPath);
  if (browser === undefined) return { passed: 0, failed: 1 };
  const file = path.join(resultsFolder, 'e2e.json');
  fs.rmSync(file, { force: true });
  const playwright = path.join(modulesFolder, '@playwright', 'test', 'cli.js');
  const env = nodeEnvironment({ PLAYWRIGHT_BROWSERS_PATH: playwrightBrowsers, LAYERBENCH_BROWSER: browser });
  const { code } = await runQuietly(process.execPath, [playwright, 'test', ...args], { show: true, env, limitMs: 1_200_000 });
  const stats = readJson(file)?.stats;
  return counted((stats?.expected ?? 0) + (stats?.flaky ?? 0), stats?.unexpected ?? 0, code);
}
