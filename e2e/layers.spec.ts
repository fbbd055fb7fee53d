/** Layers of the catalogue by hand: sizes that differ by axis, batch norm, a formula with a learnable number; they train. */
import { expect, test } from './harness/app.ts';
import { Canvas } from './harness/canvas.ts';
import { lossShown } from './harness/firstModelJourney.ts';
import { goTo, trainButton } from './harness/places.ts';

test('a convolution with an oblong kernel, batch norm and a typed formula train', async ({ app }) => {
  const { page } = app;
  const canvas = new Canvas(page);
  const status = page.getByRole('contentinfo');
  await page.getByRole('button', { name: 'Train a first network' }).click();
  await goTo(page, 'Build');

  await canvas.node('input_1').click();
  await canvas.addByKeyboard('Conv2D');
  await canvas.setParameter('Filters', '4');
  await canvas.setParameter('Kernel', '3 × 5');
  await expect(canvas.shape('B × 4 × 26 × 24')).toBeVisible();
  await canvas.setParameter('Padding', 'Same');
  await expect(canvas.node('conv2d_1')).toContainText('4 @ 3×5 · same');
  await canvas.setParameter('Padding', 'much');
  const inspector = page.getByRole('complementary', { name: 'Inspector' });
  await expect(inspector).toContainText('Expected one or 2 whole numbers from 0 to 1,024 (height, width) or "same", got “much”.');
  await canvas.setParameter('Padding', '1 × 2');
  await expect(canvas.shape('B × 4 × 28 × 28')).toBeVisible();

  await canvas.addByKeyboard('BatchNorm');
  await expect(canvas.node('batch_norm_1')).toContainText('4 channels · scale, shift');
  await canvas.addByKeyboard('Formula');
  await canvas.setParameter('Formula', 'x * sigmoid(beta * x)');
  await expect(page.getByRole('alert').first()).toContainText('"beta" is unknown, at character 13');
  await page.getByRole('button', { name: 'Learn beta, starting at 1' }).first().click();
  await expect(canvas.parameter('Learnable')).toHaveValue('beta = 1');
  await expect(status).toContainText('No problems');

  await goTo(page, 'Train');
  await trainButton(page).click();
  await expect.poll(() => lossShown(page), { timeout: 60_000 }).toMatch(/training \d/);
});
