/** The graphics device is lost, the window reloaded or closed in the middle of a run: it goes on, and no record is missing. */
import type { Page } from '@playwright/test';
import { expect, test, type App } from './harness/app.ts';
import { crashGraphics, withGpu } from './harness/gpu.ts';
import { goTo, readStep, runRow, setSetting, trainButton } from './harness/places.ts';
import { storedSteps } from './harness/storedSteps.ts';

test.use(withGpu);

const epochs = 6;

/** The first network in the middle of a training on the adapter; returns the steps it will take. */
async function trainOnGpu({ page }: App): Promise<number> {
  await page.getByRole('button', { name: 'Train a first network' }).click();
  await expect(trainButton(page)).toBeEnabled();
  const engine = page.getByRole('main').getByRole('combobox', { name: 'Engine' });
  await expect(engine.getByRole('option', { name: 'WebGPU' })).toBeAttached();
  await engine.selectOption('webgpu');
  await setSetting(page, 'Epochs', String(epochs));
  await trainButton(page).click();
  await expect.poll(() => readStep(page), { timeout: 30_000 }).toBeGreaterThan(20);
  return totalSteps(page);
}

async function totalSteps(page: Page): Promise<number> {
  const text = await page.getByRole('region', { name: 'Training progress' }).innerText();
  return Number((/[\d,]+ \/ ([\d,]+)/.exec(text)?.[1] ?? 'NaN').replaceAll(',', ''));
}

async function everyStepIsStored({ page, library }: App, total: number): Promise<void> {
  await goTo(page, 'Runs');
  await expect(runRow(page, /completed/)).toHaveCount(1, { timeout: 90_000 });
  expect(storedSteps(library, 'train/loss')).toEqual({ count: total, first: 1, last: total, missing: 0 });
  expect(storedSteps(library, 'validation/loss').count).toBe(epochs);
  await runRow(page, /completed/).click();
  // What it ended on: not the adapter any more.
  await expect(page.getByRole('region', { name: 'Run', exact: true }).getByText(/^(native|wasm).*thread/)).toBeVisible();
}

test('the graphics device is lost: a notice, another engine, every record', async ({ app }) => {
  const { page } = app;
  const total = await trainOnGpu(app);
  await crashGraphics(page);
  await expect(page.getByRole('region', { name: 'Notices' }).getByText(/The training goes on with/)).toBeVisible({ timeout: 20_000 });
  await everyStepIsStored(app, total);
});

test('the window is reloaded: the run goes on, every record', async ({ app }) => {
  const { page } = app;
  const total = await trainOnGpu(app);
  await page.reload();
  await everyStepIsStored(app, total);
});

test('the window is closed: the run goes on without one, every record', async ({ app }) => {
  test.skip(app.isDesktop, 'Closing the last window ends the desktop app.');
  const total = await trainOnGpu(app);
  await app.closeWindow();
  await expect.poll(() => storedSteps(app.library, 'train/loss').last, { timeout: 90_000 }).toBe(total);
  await app.openWindow();
  await everyStepIsStored(app, total);
});
