/** A file of one's own becomes a saved run in a few actions, and the penguins are told apart at once. */
import { flowersCsv } from './fixtures/flowers.ts';
import { Actions, csvFile } from './harness/actions.ts';
import { expect, test } from './harness/app.ts';
import { readScore, runRow, trainingEnded } from './harness/places.ts';

test('an own CSV to a saved run in at most 8 actions', async ({ app }) => {
  const { page } = app;
  const actions = new Actions();
  await actions.chooseFile(page, page.getByRole('button', { name: 'Use my own file' }), csvFile('flowers.csv', flowersCsv()));
  await expect(page.getByText(/240 rows · comma between fields/)).toBeVisible();
  await expect(page.getByLabel('Target column')).toHaveValue('kind');
  await actions.click(page.getByRole('button', { name: 'Import', exact: true }));
  await actions.click(page.getByRole('button', { name: 'Train on it' }));
  await actions.click(page.getByRole('main').getByRole('button', { name: 'Train', exact: true }));
  await trainingEnded(page);
  expect(actions.count).toBeLessThanOrEqual(8);

  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Runs' }).click();
  await expect(runRow(page, /flowers/)).toContainText(/completed/i);
});

test('penguins with untouched defaults reach 95 % of the test rows within 10 s', { tag: '@alone' }, async ({ app }) => {
  const { page } = app;
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Data' }).click();
  await page
    .getByRole('navigation', { name: 'Data sets' })
    .getByRole('button', { name: /penguins/i })
    .click();
  await page.getByRole('button', { name: 'New network for it' }).click();
  await page.getByRole('button', { name: 'Train on it' }).click();
  const startedAt = Date.now();
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click();
  await trainingEnded(page, 10_000);
  expect(Date.now() - startedAt).toBeLessThan(10_000);

  await expect(page.getByText(/Test set sealed · looked at 0 times/)).toBeVisible();
  await page.getByRole('button', { name: 'Reveal test score' }).click();
  await page.getByRole('button', { name: 'Reveal', exact: true }).click();
  await expect(page.getByText(/looked at 1 time/)).toBeVisible();
  expect(await readScore(page, 'Test', 'Accuracy')).toBeGreaterThanOrEqual(0.95);
});
