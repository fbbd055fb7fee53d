/** Augmentation: what fits images is offered in Train, seen at work in Data, trained with, and taken back. */
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import { goTo, setSetting, trainButton, trainingEnded } from './harness/places.ts';
import { violations } from './harness/violations.ts';

test('images are changed for training, and how is seen before', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: 'Train a first network' }).first().click();
  await goTo(page, 'Train');
  const settings = page.getByRole('region', { name: 'Training settings' });
  await settings.getByText('Advanced').click();
  await expect(settings.getByLabel('Rotation')).toHaveValue('0');
  await expect(settings.getByLabel('Masked steps')).toHaveCount(0);
  await setSetting(page, 'Rotation', '20');
  await setSetting(page, 'Cut-out', '8');
  await picture(app, 'augmentation-settings');
  expect(await violations(page)).toEqual([]);

  await test.step('the images stand in Data, others on request', async () => {
    await goTo(page, 'Data');
    const image = page.getByRole('img', { name: 'Augmented images' });
    const pixels = () => image.evaluate((canvas: HTMLCanvasElement) => (canvas.width > 300 ? '' : canvas.toDataURL()));
    await expect.poll(async () => (await pixels()).length).toBeGreaterThan(2_000);
    const before = await pixels();
    await page.getByRole('button', { name: 'Show others' }).click();
    await expect.poll(pixels).not.toBe(before);
    await picture(app, 'augmentation-images');
    expect(await violations(page)).toEqual([]);
  });

  await test.step('too strong a setting says what fits', async () => {
    await goTo(page, 'Train');
    await setSetting(page, 'Random crop', '40');
    await expect(page.getByText('expected at most 27 px for images 28 × 28, got 40').first()).toBeVisible();
    await setSetting(page, 'Random crop', '0');
  });

  await test.step('trained with', async () => {
    await setSetting(page, 'Epochs', '1');
    await trainButton(page).click();
    await trainingEnded(page, 120_000);
  });
});
