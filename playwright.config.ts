/**
 * The journeys a person makes, in a real browser (or, with LAYERBENCH_SHELL=desktop, in the Electron window).
 * One worker: each spec starts its own host, and trainings would disturb one another's times.
 */
import { defineConfig } from '@playwright/test';

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
  use: { actionTimeout: 10_000, trace: 'off', screenshot: 'off' },
});
