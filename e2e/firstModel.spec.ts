/**
 * The whole journey once: a network is drawn, bound to data, trained, watched, saved and compared; then the host is
 * killed in the middle of a training and nothing that was shown is lost.
 */
import type { Page } from '@playwright/test';
import { Actions } from './harness/actions.ts';
import { expect, test } from './harness/app.ts';
import { Canvas } from './harness/canvas.ts';
import { goTo, readStep, runRow, setSetting, trainButton, trainingEnded } from './harness/places.ts';

/** What the loss chart says to a screen reader: `Loss: training 0.512, validation 0.498`. */
async function lossShown(page: Page): Promise<string> {
  return (await page.getByRole('main').getByRole('img', { name: /^Loss: / }).getAttribute('aria-label')) ?? '';
}

test('from the first door to a moving curve: two clicks, five seconds', async ({ app }) => {
  const { page } = app;
  const actions = new Actions();
  const startedAt = Date.now();
  await actions.click(page.getByRole('button', { name: 'Train a first network' }));
  await actions.click(trainButton(page));
  await expect.poll(() => lossShown(page), { intervals: [50] }).toMatch(/training \d/);
  const first = await lossShown(page);
  await expect.poll(() => lossShown(page), { intervals: [50] }).not.toBe(first);
  expect(Date.now() - startedAt).toBeLessThan(5_000);
  expect(actions.count).toBe(2);
});

test('a first model, drawn, trained, saved and compared', async ({ app }) => {
  test.setTimeout(240_000);
  const { page } = app;
  const canvas = new Canvas(page);

  await test.step('Build: drag, add by keyboard and by click, connect', async () => {
    await page.getByRole('button', { name: /^Empty network/ }).click();
    await canvas.dragFromPalette('Input', 0.4, 0.12);
    await expect(canvas.nodes()).toHaveCount(1);
    await canvas.dragFromPalette('Flatten', 0.5, 0.8);
    await expect(canvas.nodes()).toHaveCount(2);
    await canvas.connect('input_1', 'flatten_1');
    await expect(page.locator('.svelte-flow__edge')).toHaveCount(1);
    await canvas.node('flatten_1').click();
    await canvas.addByKeyboard('dense');
    await expect(canvas.nodes()).toHaveCount(3);
    await canvas.palette('ReLU').click();
    await canvas.palette('Dropout').press('Enter');
    await canvas.palette('Dense').click();
    await canvas.palette('Output').click();
    await expect(canvas.nodes()).toHaveCount(7);
    await expect(page.locator('.svelte-flow__edge')).toHaveCount(6);
  });

  await test.step('undo, redo, delete', async () => {
    await page.keyboard.press('Control+z');
    await expect(canvas.nodes()).toHaveCount(6);
    await page.keyboard.press('Control+Shift+z');
    await expect(canvas.nodes()).toHaveCount(7);
    await canvas.node('dropout_1').click();
    await page.keyboard.press('Delete');
    await expect(canvas.nodes()).toHaveCount(6);
    await page.keyboard.press('Control+z');
    await expect(canvas.nodes()).toHaveCount(7);
  });

  await test.step('without data, Train says why it cannot be pressed', async () => {
    await expect(page.getByRole('banner').getByRole('button', { name: /^Train/ })).toBeDisabled();
  });

  await test.step('Data: choose Fashion-MNIST and bind it', async () => {
    await goTo(page, 'Data');
    await page.getByRole('navigation', { name: 'Data sets' }).getByRole('button', { name: /fashion/i }).click();
    await expect(page.getByRole('heading', { name: /fashion/i })).toBeVisible();
    await page.getByRole('button', { name: /^Use for / }).click();
    await goTo(page, 'Build');
    await page.getByRole('button', { name: /^Bind input_1 to/ }).first().click();
    await page.getByRole('button', { name: /^Bind output_1 to/ }).first().click();
    await expect(canvas.shape('B × 1 × 28 × 28')).toBeVisible();
    await expect(canvas.shape('B × 784')).toBeVisible();
  });

  await test.step('a shape that does not fit is marked with its reason, and its fix works', async () => {
    await expect(page.getByRole('alert').filter({ hasText: /10/ }).first()).toBeVisible();
    await canvas.node('dense_2').click();
    await canvas.setParameter('Units', '10');
    await expect(page.getByRole('alert')).toHaveCount(0);
    await canvas.node('dense_1').click();
    await canvas.setParameter('Units', '32');
    await expect(canvas.shape('B × 32').first()).toBeVisible();
    await expect(canvas.node('dense_1')).toContainText('25,120');

    await canvas.node('flatten_1').click();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Fit network to window' }).click();
    await canvas.connect('input_1', 'dense_1');
    const alert = page.getByRole('alert').filter({ hasText: /dense_1/ }).first();
    await expect(alert).toBeVisible();
    await alert.getByRole('button', { name: /flatten/i }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(canvas.shape('B × 784')).toBeVisible();
  });

  await test.step('Train: settings by keyboard, live curves, pause, continue', async () => {
    await goTo(page, 'Train');
    await setSetting(page, 'Epochs', '2');
    await setSetting(page, 'Seed', '7');
    await trainButton(page).click();
    await expect.poll(() => lossShown(page)).toMatch(/training \d/);
    await page.getByRole('main').getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByRole('main').getByText('Paused', { exact: true })).toBeVisible();
    const paused = await readStep(page);
    await page.waitForTimeout(500);
    expect(await readStep(page)).toBe(paused);
    await page.getByRole('main').getByRole('button', { name: 'Continue' }).click();
    await trainingEnded(page, 90_000);
    await expect(page.getByRole('main').getByText('Finished', { exact: true })).toBeVisible();
    expect(await lossShown(page)).toMatch(/validation \d/);
  });

  let lastStepSeen = 0;
  let rowBefore: string[] = [];
  await test.step('a second training, killed in the middle', async () => {
    await goTo(page, 'Runs');
    rowBefore = await runRow(page, /./).nth(1).getByRole('cell').allTextContents();
    await goTo(page, 'Train');
    await setSetting(page, 'Epochs', '50');
    await setSetting(page, 'Learning rate', '0.005');
    await trainButton(page).click();
    await expect(page.getByRole('main').getByText('Training', { exact: true }).first()).toBeVisible();
    await expect.poll(() => readStep(page), { timeout: 30_000 }).toBeGreaterThan(100);
    lastStepSeen = await readStep(page);
    // What was on the screen a second before the end must be there afterwards.
    await page.waitForTimeout(1_000);
    await app.kill();
  });

  await test.step('after the restart: the first run whole, the second interrupted with all its metrics', async () => {
    await app.start();
    await goTo(page, 'Runs');
    await expect(runRow(page, /interrupted/i)).toHaveCount(1);
    const rows = page.getByRole('main').getByRole('row');
    const whole = rows.filter({ hasText: /completed/i });
    await expect(whole).toHaveCount(1);
    expect(await whole.getByRole('cell').allTextContents()).toEqual(rowBefore);
    await goTo(page, 'Train');
    await expect(page.getByText(/stopped at step/)).toBeVisible();
    expect(await readStep(page)).toBeGreaterThanOrEqual(lastStepSeen);
    await expect.poll(() => lossShown(page)).toMatch(/training \d/);
    await goTo(page, 'Build');
    await expect(canvas.nodes()).toHaveCount(7);
    await expect(canvas.node('dense_1')).toContainText('25,120');
  });

  await test.step('Runs: compare two, rename, note, delete and undo, open the network', async () => {
    await goTo(page, 'Runs');
    const boxes = page.getByRole('main').getByRole('checkbox', { name: /^Select / });
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    const main = page.getByRole('main');
    await expect(main.getByRole('img', { name: /^Loss: / })).toHaveAttribute('aria-label', /validation/);
    await expect(main.getByText('0.005').first()).toBeVisible();
    await expect(main.getByText('0.001').first()).toBeVisible();
  });
});
