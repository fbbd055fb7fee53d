/**
 * The journeys a person makes, in a real browser (or, with LAYERBENCH_SHELL=desktop, in the Electron window).
 * One worker: each spec starts its own host, and trainings would disturb one another's times.
 */
import { defineConfig } from '@playwright/test';

/** Nothing of the browser's own may talk to the network, and nothing of it may stand over the page. */
const flags = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-features=Translate,MediaRouter,OptimizationHints',
];
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  outputDir: 'test-results/e2e',
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 120_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 10_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    actionTimeout: 10_000,
    trace: 'off',
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.LAYERBENCH_BROWSER ?? '/usr/bin/chromium',
      args: isRoot ? [...flags, '--no-sandbox'] : flags,
    },
  },
});
