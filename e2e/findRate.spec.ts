/** A learning rate is found beside its field, used, and taken back; a search can be cancelled and is refused beside a training. */
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import { goTo, setSetting, trainButton } from './harness/places.ts';
import { violations } from './harness/violations.ts';

test('a learning rate is found, used and taken back', { tag: '@alone' }, async ({ app }) => {
  const { page } = app;
  await page
    .getByRole('button', { name: /penguins/i })
    .first()
    .click();
  await expect(page.getByRole('tab', { name: 'MLP for a table' })).toBeVisible();
  await goTo(page, 'Train');
  const settings = page.getByRole('region', { name: 'Training settings' });
  const finder = settings.getByRole('region', { name: 'Learning-rate finder' });
  const field = settings.getByLabel('Learning rate', { exact: true });
  await expect(field).toHaveValue('0.001');

  await test.step('cancelled, and nothing was changed', async () => {
    await settings.getByRole('button', { name: 'Find a rate' }).click();
    await finder.getByRole('button', { name: 'Cancel' }).click();
    await expect(finder.getByText('Cancelled; nothing was changed.')).toBeVisible();
  });

  await test.step('found and used', async () => {
    await finder.getByRole('button', { name: 'Find again' }).click();
    const use = finder.getByRole('button', { name: /^Use / });
    await expect(use).toBeVisible({ timeout: 30_000 });
    await picture(app, 'rate-found');
    expect(await violations(page)).toEqual([]);
    const rate = (await use.textContent())!.replace('Use ', '').trim();
    await use.click();
    await expect(field).toHaveValue(rate);
    await expect(finder.getByText(`${rate} is in use.`)).toBeVisible();
  });

  await test.step('taken back with undo', async () => {
    await page.keyboard.press('Control+z');
    await expect(field).toHaveValue('0.001');
  });

  await test.step('refused while a run trains', async () => {
    await setSetting(page, 'Epochs', '100000');
    await trainButton(page).click();
    await expect(finder.getByRole('button', { name: 'Find again' })).toHaveAttribute('aria-disabled', 'true');
    await expect(finder.getByRole('button', { name: 'Find again' })).toHaveAttribute('title', /is training: a search beside it/);
    await page.getByRole('main').getByRole('button', { name: 'Stop' }).first().click();
  });
});
