/**
 * The journeys a person makes, in a real browser (or, with LAYERBENCH_SHELL=desktop, in the Electron window). Each test
 * starts its own host on its own library, so they run side by side. Those that time something would be disturbed: they are
 * tagged `@alone` and come after the others, one by one (scripts/lib/suites.mjs).
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
  // The suggestions below an address bar nobody sees are pages of their own in every new window: half of what one costs.
  '--disable-features=Translate,MediaRouter,OptimizationHints,WebUIOmniboxPopup,WebUIOmniboxAimPopup',
];
const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'e2e',
  testMatch: '**/*.spec.ts',
  // One more than there are processors: every journey waits now and then, for its page or its host.
  workers: 3,
  fullyParallel: true,
  // Named in the report as flaky: what passes only at the second try on a loaded machine is looked into, but holds nothing up.
  retries: process.env.CI ? 1 : 0,
  timeout: 120_000,
  globalTimeout: 15 * 60_000,
  expect: { timeout: 20_000 },
  forbidOnly: Boolean(process.env.CI),
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  projects: [
    { name: 'together', grepInvert: /@alone/, outputDir: 'test-results/e2e/together' },
    { name: 'alone', grep: /@alone/, outputDir: 'test-results/e2e/alone', workers: 1 },
  ],
  use: {
    actionTimeout: 20_000,
    trace: 'off',
    screenshot: 'only-on-failure',
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env.LAYERBENCH_BROWSER ?? '/usr/bin/chromium',
      args: isRoot ? [...flags, '--no-sandbox'] : flags,
    },
  },
});
