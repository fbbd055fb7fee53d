/** Layers are copied, cut and pasted with the keyboard, whatever words were marked before. */
import type { Page } from '@playwright/test';
import { expect, test } from './harness/app.ts';

const layers = (page: Page) => page.locator('.svelte-flow__node');

test('layers are copied and cut after words were marked elsewhere', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: /^Empty network/ }).click();
  await page.getByRole('button', { name: 'Add Input and Output' }).click();
  await page.getByRole('button', { name: 'Add Dense', exact: true }).click();
  await expect(layers(page)).toHaveCount(3);
  const words = page.getByText('Training memory', { exact: true });
  const mark = () => words.evaluate((own) => getSelection()?.selectAllChildren(own));
  const marked = () => page.evaluate(() => getSelection()?.toString());
  await mark();
  expect(await marked()).not.toBe('');
  await layers(page).filter({ hasText: 'dense_1' }).click();
  expect(await marked()).toBe('');
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await expect(layers(page)).toHaveCount(4);
  await mark();
  await page.keyboard.press('Control+x');
  await expect(layers(page)).toHaveCount(3);
  await page.keyboard.press('Control+v');
  await expect(layers(page)).toHaveCount(4);
});
