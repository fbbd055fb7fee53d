/**
 * A first model from an empty canvas to compared runs: drawn, bound to data, trained, watched and saved; then the host is
 * killed in the middle of a training and nothing that was shown is lost.
 */
import type { Locator, Page } from '@playwright/test';
import { expect, test, type App } from './app.ts';
import { Canvas } from './canvas.ts';
import { goTo, readStep, runRow, setSetting, trainButton, trainingEnded } from './places.ts';

/** What the loss chart says to a screen reader: `Loss: training 0.512, validation 0.498`. */
export async function lossShown(page: Page): Promise<string> {
  const chart = page.getByRole('main').getByRole('img', { name: /^Loss: / });
  // Before the first record there is none, and an attribute would be waited for.
  return (await chart.count()) === 0 ? '' : ((await chart.first().getAttribute('aria-label')) ?? '');
}

/** @param engine a slow one, so that there is time to pause and a middle to be killed in */
export async function firstModelJourney(app: App, engine: 'reference' | 'webgpu'): Promise<void> {
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
    await page
      .getByRole('navigation', { name: 'Data sets' })
      .getByRole('button', { name: /fashion/i })
      .click();
    await expect(page.getByRole('heading', { name: /fashion/i })).toBeVisible();
    await page.getByRole('button', { name: /^Use for / }).click();
    await goTo(page, 'Build');
    for (const [left, layer] of [
      ['2 problems', 'input_1'],
      ['1 problem', 'output_1'],
    ] as const) {
      // Leads to the first problem, wherever it is on the canvas.
      await page.getByRole('contentinfo').getByRole('button', { name: left }).click();
      await page
        .getByRole('alert')
        .getByRole('button', { name: `Bind ${layer} to` })
        .first()
        .click();
    }
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
    const alert = page
      .getByRole('alert')
      .filter({ hasText: /dense_1/ })
      .first();
    await expect(alert).toBeVisible();
    await alert.getByRole('button', { name: /flatten/i }).click();
    await expect(page.getByRole('alert')).toHaveCount(0);
    await expect(canvas.shape('B × 784')).toBeVisible();
  });

  await test.step('Train: settings by keyboard, live curves, pause, continue', async () => {
    await goTo(page, 'Train');
    await setSetting(page, 'Epochs', '2');
    await setSetting(page, 'Seed', '7');
    await page.getByRole('main').getByRole('combobox', { name: 'Engine' }).selectOption(engine);
    await trainButton(page).click();
    // A graphics driver that is played by the processor compiles for many seconds on a busy machine.
    await expect.poll(() => lossShown(page), { timeout: 60_000 }).toMatch(/training \d/);
    await page.getByRole('main').getByRole('button', { name: 'Pause' }).click();
    await expect(page.getByRole('main').getByText('Paused', { exact: true })).toBeVisible();
    const paused = await readStep(page);
    await page.waitForTimeout(500);
    expect(await readStep(page)).toBe(paused);
    await page.getByRole('main').getByRole('button', { name: 'Continue' }).click();
    await trainingEnded(page, 90_000);
    await expect(page.getByRole('main').getByText('Completed', { exact: true })).toBeVisible();
    expect(await lossShown(page)).toMatch(/validation \d/);
  });

  let lastStepSeen = 0;
  let first: string[] = [];
  await test.step('a second training, killed in the middle', async () => {
    await goTo(page, 'Runs');
    first = await cellsOf(runRow(page, /completed/));
    expect(first.length).toBeGreaterThan(8);
    await goTo(page, 'Train');
    await setSetting(page, 'Epochs', '50');
    await setSetting(page, 'Learning rate', '0.005');
    await trainButton(page).click();
    // Past the first epoch there are scores to compare.
    await expect(page.getByRole('main').getByText(/^Epoch ([2-9]|\d\d) of 50$/)).toBeVisible({ timeout: 90_000 });
    await expect.poll(async () => (lastStepSeen = await readStep(page)), { timeout: 60_000 }).toBeGreaterThan(200);
    // What was on the screen a second before the end must be there afterwards.
    await page.waitForTimeout(1_000);
    await app.kill();
  });

  await test.step('after the restart: the first run whole, the second interrupted with all its metrics', async () => {
    await app.start();
    await goTo(page, 'Runs');
    await expect(runRow(page, /interrupted/)).toHaveCount(1);
    expect(await cellsOf(runRow(page, /completed/))).toEqual(first);
    await goTo(page, 'Train');
    await expect(page.getByText(/stopped at step/)).toBeVisible();
    await expect.poll(() => readStep(page)).toBeGreaterThanOrEqual(lastStepSeen);
    await expect.poll(() => lossShown(page)).toMatch(/training \d/);
    await goTo(page, 'Build');
    await expect(canvas.nodes()).toHaveCount(7);
    await expect(canvas.node('dense_1')).toContainText('25,120');
  });

  const main = page.getByRole('main');
  await test.step('Runs: two selected show their curves over one another and what differs', async () => {
    await goTo(page, 'Runs');
    const boxes = main.getByRole('checkbox', { name: /^Select / });
    await boxes.nth(0).check();
    await boxes.nth(1).check();
    const comparison = page.getByRole('region', { name: 'Comparison' });
    await expect(comparison.getByRole('img', { name: /untitled.*%.*untitled.*%/ })).toBeVisible();
    const differences = comparison.getByRole('table', { name: 'What differs' });
    await expect(differences.getByRole('row', { name: /^Learning rate/ })).toContainText(/0\.005.*0\.001|0\.001.*0\.005/);
    await expect(differences.getByRole('row', { name: /^Epochs/ })).toContainText('50');
    await expect(differences.getByRole('row', { name: /^Batch size/ })).toHaveCount(0);
    await page.getByRole('button', { name: 'Clear selection' }).click();
  });

  await test.step('rename and note, kept over a reload', async () => {
    await runRow(page, /completed/).click();
    const run = page.getByRole('region', { name: 'Run', exact: true });
    await run.getByRole('button', { name: 'Rename' }).click();
    await run.getByRole('textbox', { name: 'Name of the run' }).fill('baseline');
    await page.keyboard.press('Enter');
    await run.getByRole('textbox', { name: 'Note' }).fill('two epochs are a start');
    await page.keyboard.press('Tab');
    await expect(runRow(page, /baseline/)).toBeVisible();
    await page.reload();
    await goTo(page, 'Runs');
    await runRow(page, /baseline/).click();
    await expect(run.getByRole('textbox', { name: 'Note' })).toHaveValue('two epochs are a start');
  });

  await test.step('open the network of a run, delete a run and take it back', async () => {
    const run = page.getByRole('region', { name: 'Run', exact: true });
    await run.getByRole('button', { name: 'Delete' }).click();
    await expect(runRow(page, /baseline/)).toHaveCount(0);
    await page.getByRole('region', { name: 'Notices' }).getByRole('button', { name: 'Undo' }).first().click();
    await expect(runRow(page, /baseline/)).toHaveCount(1);
    await runRow(page, /baseline/).click();
    const tabs = page.getByRole('tablist', { name: 'Open networks' }).getByRole('tab');
    const before = await tabs.count();
    await run.getByRole('button', { name: 'Open network' }).click();
    await expect(main.getByText('Network of baseline, read-only')).toBeVisible();
    await expect(canvas.nodes()).toHaveCount(7);
    await main.getByRole('button', { name: 'Edit a copy' }).click();
    await expect(tabs).toHaveCount(before + 1);
    await expect(canvas.nodes()).toHaveCount(7);
  });

  await test.step('the interrupted run goes on where it stood', async () => {
    await goTo(page, 'Runs');
    await runRow(page, /interrupted/).click();
    await page.getByRole('region', { name: 'Run', exact: true }).getByRole('button', { name: 'Resume' }).click();
    await expect(runRow(page, /running/)).toHaveCount(1);
    await page.getByRole('banner').getByRole('button', { name: 'Stop' }).click();
    await expect(runRow(page, /stopped/)).toHaveCount(1);
  });
}

/** What stands in the cells of a row, apart from the one with the check mark. */
async function cellsOf(row: Locator): Promise<string[]> {
  await expect(row).toBeVisible();
  return row.getByRole('gridcell').filter({ hasText: /./ }).allInnerTexts();
}
