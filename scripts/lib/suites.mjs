/** The test suites, each reporting how many of its tests passed and failed. */
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

async function runVitest(name, args, { env = process.env, limitMs = 600_000, show = true } = {}) {
  const file = path.join(resultsFolder, `${name}.json`);
  fs.rmSync(file, { force: true });
  const vitest = path.join(modulesFolder, 'vitest', 'vitest.mjs');
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  const { code, output } = await runQuietly(process.execPath, [vitest, 'run', ...reporters, ...args], { show, env, limitMs });
  process.stderr.write(output);
  const result = readJson(file);
  const [passed, failed] = [result?.numPassedTests ?? 0, result?.numFailedTests ?? 0];
  const skipped = result?.numPendingTests ?? 0;
  return code === 0 && passed === 0 && skipped > 0 ? { passed, failed } : counted(passed, failed, code);
}

export async function runUnitTests(args = []) {
  return runVitest('unit', args);
}

/**
 * Core's batteries on the WebGPU engine, in a browser; where there is none that has WebGPU, a notice says so and they are
 * skipped. The fast part is what `npm test` has time for. Not shown as it runs, its words come at the end.
 */
export async function runWebgpuTests({ full = false, args = [], show = true } = {}) {
  const browser = await installBrowser(process.execPath);
  const env = {
    ...process.env,
    LAYERBENCH_BATTERY: full ? 'full' : 'fast',
    ...(browser === undefined ? {} : { LAYERBENCH_BROWSER: browser }),
  };
  const config = path.join(root, 'scripts', 'testing', 'webgpu', 'vitest.config.ts');
  return runVitest('webgpu', ['--config', config, ...args], { env, limitMs: full ? 3_600_000 : 600_000, show });
}

/** Of what was built last, unless `build` says otherwise. */
export async function runJourneys(args = [], { build = true } = {}) {
  if (build) {
    await buildPart('renderer');
    await buildPart('electron');
  }
  const browser = await installBrowser(process.execPath);
  if (browser === undefined) return { passed: 0, failed: 1 };
  const playwright = path.join(modulesFolder, '@playwright', 'test', 'cli.js');
  const total = { passed: 0, failed: 0 };
  // Side by side as many as playwright.config.ts says, then one by one those that would disturb one another.
  for (const project of ['together', 'alone']) {
    const file = path.join(resultsFolder, `e2e-${project}.json`);
    fs.rmSync(file, { force: true });
    const env = nodeEnvironment({
      PLAYWRIGHT_BROWSERS_PATH: playwrightBrowsers,
      PLAYWRIGHT_JSON_OUTPUT_FILE: file,
      LAYERBENCH_BROWSER: browser,
      LAYERBENCH_BUNDLES: '1',
    });
    const command = [playwright, 'test', `--project=${project}`, '--pass-with-no-tests', ...args];
    const { code } = await runQuietly(process.execPath, command, { show: true, env, limitMs: 1_200_000 });
    const stats = readJson(file)?.stats;
    const { passed, failed } = { passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0), failed: stats?.unexpected ?? 0 };
    total.passed += passed;
    total.failed += failed + (code !== 0 && failed === 0 ? 1 : 0);
  }
  return counted(total.passed, total.failed, 0);
}
