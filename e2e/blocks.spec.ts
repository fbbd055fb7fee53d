/** Blocks: layers become one node that repeats, is opened, trained and taken apart; large architectures open the same way. */
import { expect, test } from './harness/app.ts';
import { Canvas } from './harness/canvas.ts';
import { lossShown } from './harness/firstModelJourney.ts';
import { goTo, trainButton } from './harness/places.ts';

test('layers collapse into a block that repeats, trains and expands again', async ({ app }) => {
  const { page } = app;
  const canvas = new Canvas(page);
  const status = page.getByRole('contentinfo');
  await page.getByRole('button', { name: 'Train a first network' }).click();
  await goTo(page, 'Build');
  await canvas.node('dense_2').click();
  await page.keyboard.press('Control+g');
  await expect(canvas.node('block_1')).toHaveAccessibleName(/Block, block 1 · 1 layer, once/);
  await expect(status).toContainText('109,386 parameters');

  await canvas.setParameter('Repeat', '2');
  await expect(page.getByRole('alert').first()).toContainText('block_1 repeats 2 times, so its output must have the shape of its input');
  await canvas.node('dense_1').click();
  await canvas.setParameter('Units', '64');
  await expect(status).toContainText('No problems');
  await expect(status).toContainText('59,210 parameters');

  await canvas.node('block_1').dblclick();
  await expect(page.getByRole('navigation', { name: 'Opened blocks' })).toContainText('block_1 ×2');
  await canvas.node('dense_2').click();
  await canvas.setParameter('Units', '32');
  await page.getByRole('button', { name: /^MLP/ }).last().click();
  await expect(page.getByRole('alert').first()).toContainText('expected B × 64, got B × 32');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(status).toContainText('No problems');

  await goTo(page, 'Train');
  await trainButton(page).click();
  await expect.poll(() => lossShown(page)).toMatch(/training \d/);
  await goTo(page, 'Build');
  await canvas.node('block_1').click();
  await page.keyboard.press('Control+Shift+g');
  await expect(canvas.node('dense_4')).toBeVisible();
  await expect(status).toContainText('59,210 parameters');
});

test('GPT-3 opens from the list of reference architectures, and its block within', async ({ app }) => {
  const { page } = app;
  const canvas = new Canvas(page);
  await page.getByRole('button', { name: /^Reference architectures/ }).click();
  await page.getByRole('searchbox', { name: 'Search by name, year or kind' }).fill('gpt-3');
  await expect(page.getByRole('button', { name: /^GPT-3 175B/ })).toContainText('174,604,259,328');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('contentinfo')).toContainText('174,604,259,328 parameters');
  await canvas.node('decoder').click();
  await page.keyboard.press('Control+ArrowDown');
  await expect(canvas.node('self_attention_1')).toHaveAccessibleName(/96 heads · causal, output B × 2048 × 12288/);
  await page.keyboard.press('Escape');
  await expect(canvas.node('next token')).toHaveAccessibleName(/weights of token embedding/);
});
