/** Training on a graphics adapter: offered, measured, chosen, named by its run; its kernels can be read as WGSL. */
import { expect, test } from './harness/app.ts';
import { firstModelJourney } from './harness/firstModelJourney.ts';
import { withGpu } from './harness/gpu.ts';
import { runCli } from './harness/host.ts';
import { picture } from './harness/picture.ts';
import { goTo, runRow, setSetting, trainButton, trainingEnded } from './harness/places.ts';

test.use(withGpu);

test('a first model on a graphics adapter, drawn, trained, saved and compared', async ({ app }) => {
  test.setTimeout(300_000);
  await firstModelJourney(app, 'webgpu');
});

test('the adapter is offered, measured and chosen; its run and its kernels say so', async ({ app }) => {
  test.setTimeout(120_000);
  const { page } = app;
  await page
    .getByRole('button', { name: /penguins/i })
    .first()
    .click();
  await expect(page.getByRole('tab', { name: 'MLP for a table' })).toBeVisible();
  await goTo(page, 'Train');
  const settings = page.getByRole('region', { name: 'Training settings' });

  await test.step('measure', async () => {
    const speeds = settings.getByRole('group', { name: 'Speed here' });
    await speeds.getByRole('button', { name: 'Measure' }).click();
    const row = speeds.getByRole('button', { name: /^WebGPU .*software.* [\d,]+$/i });
    await expect(row).toBeVisible({ timeout: 60_000 });
    expect(await row.getAttribute('title')).toMatch(/per step.*webgpu\/\d+[^]*computed by the processor[^]*buffers up to/);
    await expect(speeds.getByRole('button', { name: /^reference, 1 thread [\d,]+$/ })).toBeVisible({ timeout: 60_000 });
    await speeds.scrollIntoViewIfNeeded();
    await picture(app, 'webgpu-train');
    await row.click();
    await expect(settings.getByLabel('Engine', { exact: true })).toHaveValue('webgpu');
    await expect(settings.getByLabel('Threads', { exact: true })).toHaveCount(0);
  });

  await test.step('the run says what it was trained with', async () => {
    await setSetting(page, 'Epochs', '3');
    await trainButton(page).click();
    await trainingEnded(page);
    await goTo(page, 'Runs');
    await runRow(page, /penguins/i)
      .first()
      .click();
    const run = page.getByRole('region', { name: 'Run', exact: true });
    await expect(run.getByText(/^WebGPU .*software/i)).toBeVisible();
    await expect(run.getByText(/^webgpu\/\d+$/)).toBeVisible();
  });

  await test.step('the kernels of a layer as WGSL', async () => {
    await goTo(page, 'Build');
    await page.getByRole('main').getByText('dense_1', { exact: true }).click();
    const inspector = page.getByRole('complementary', { name: 'Inspector' });
    await inspector.getByText('Kernels', { exact: true }).click();
    await inspector
      .getByRole('button', { name: /^contraction/ })
      .first()
      .click();
    await expect(inspector.getByRole('region', { name: /^WGSL of/ })).toContainText('@compute @workgroup_size');
    await inspector.getByRole('button', { name: 'Measure' }).click();
    await expect(inspector.getByText(/^Each kernel timed by itself.*WebGPU/i)).toBeVisible({ timeout: 30_000 });
    await inspector.getByText('Kernels', { exact: true }).scrollIntoViewIfNeeded();
    await picture(app, 'webgpu-kernels');
  });

  await test.step('settings name the adapter', async () => {
    await page.keyboard.press('Control+,');
    await expect(page.getByRole('dialog').getByText(/computed by the processor/)).toBeVisible();
    await picture(app, 'webgpu-settings');
  });
});

test('on the command line one sentence says that there is no window to compute in', async () => {
  const { code, output, errors } = await runCli([
    ...['train', '--network', 'resources/samples/networks/mlp-table.json', '--data', 'penguins', '--engine', 'webgpu'],
    ...['--library', test.info().outputPath('library')],
  ]);
  expect(code).toBe(1);
  expect(output).toBe('');
  expect(errors.trim().split('\n')).toHaveLength(1);
  expect(errors).toMatch(/WebGPU/);
});
