/** Engines: measured and chosen in Train, named by the run that used them; a layer's kernels in Build. */
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import { goTo, runRow, setSetting, trainButton, trainingEnded } from './harness/places.ts';

test('an engine is measured, chosen and named; its kernels can be read', async ({ app }) => {
  test.setTimeout(120_000);
  const { page } = app;
  await page
    .getByRole('button', { name: /penguins/i })
    .first()
    .click();
  // Opening a network leads to Build: only then on to Train.
  await expect(page.getByRole('tab', { name: 'MLP for a table' })).toBeVisible();
  await goTo(page, 'Train');
  const settings = page.getByRole('region', { name: 'Training settings' });

  await test.step('measure', async () => {
    const speeds = settings.getByRole('group', { name: 'Speed here' });
    await speeds.getByRole('button', { name: 'Measure' }).click();
    await expect(speeds.getByRole('button', { name: /^reference, 1 thread [\d,]+$/ })).toBeVisible({ timeout: 60_000 });
    await speeds.scrollIntoViewIfNeeded();
    await picture(app, 'engines-train');
    await speeds.getByRole('button', { name: /^wasm, 1 thread [\d,]+$/ }).click();
    await expect(settings.getByLabel('Engine', { exact: true })).toHaveValue('wasm');
  });

  await test.step('the run says what it was trained with', async () => {
    await setSetting(page, 'Epochs', '5');
    await trainButton(page).click();
    await trainingEnded(page);
    await goTo(page, 'Runs');
    await runRow(page, /penguins/i)
      .first()
      .click();
    await expect(page.getByRole('region', { name: 'Run', exact: true }).getByText('wasm, 1 thread')).toBeVisible();
  });

  await test.step('the kernels of a layer', async () => {
    await goTo(page, 'Build');
    await page.getByRole('main').getByText('dense_1', { exact: true }).click();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByText('Kernels', { exact: true }).click();
    await inspector
      .getByRole('button', { name: /^contraction/ })
      .first()
      .click();
    await expect(inspector.getByRole('region', { name: /^WebAssembly text/ })).toHaveText(/^\(func /);
    await inspector.getByRole('button', { name: 'Measure' }).click();
    await expect(inspector.getByText(/^Each kernel timed by itself/)).toBeVisible({ timeout: 30_000 });
    await expect(inspector.getByText('Time per epoch here')).toBeVisible();
    await inspector.getByText('Kernels', { exact: true }).scrollIntoViewIfNeeded();
    await picture(app, 'engines-kernels');
  });
});
