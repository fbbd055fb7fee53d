/** What a finished classification does with each class: the confusion matrix by pointer and keyboard, the scores by class. */
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import { goTo, runRow, setSetting, trainButton, trainingEnded } from './harness/places.ts';
import { violations } from './harness/violations.ts';

test('the confusion matrix and the scores by class of a finished run', async ({ app }) => {
  const { page } = app;
  await page
    .getByRole('button', { name: /penguins/i })
    .first()
    .click();
  await expect(page.getByRole('tab', { name: 'MLP for a table' })).toBeVisible();
  await goTo(page, 'Train');
  await setSetting(page, 'Epochs', '3');
  await trainButton(page).click();
  await trainingEnded(page);
  const matrix = page.getByRole('grid', { name: 'Confusion, validation' });
  const cells = matrix.getByRole('gridcell', { name: /found|taken for/ });
  const table = page.getByRole('table', { name: 'Scores by class, validation' });

  await test.step('every cell says what it counts, and arrows lead from one to the next', async () => {
    const found = matrix.getByRole('gridcell', { name: /^Adelie found: \d+ of 23 rows/ });
    await found.focus();
    await page.keyboard.press('ArrowDown');
    await expect(matrix.getByRole('gridcell', { name: /^Chinstrap taken for Adelie: \d+ of 10 rows/ })).toBeFocused();
    await page.keyboard.press('Control+End');
    await expect(matrix.getByRole('gridcell', { name: /^Gentoo found: / })).toBeFocused();
    await expect(cells).toHaveCount(9);
  });

  await test.step('rows instead of shares', async () => {
    await page.getByRole('radiogroup', { name: 'Numbers in the cells' }).getByText('Rows').click();
    const counts = await cells.allTextContents();
    expect(counts.reduce((sum, text) => sum + Number(text), 0)).toBe(52);
  });

  await test.step('sorted by a press on a head', async () => {
    await expect(table.getByRole('columnheader', { name: 'F1' })).toHaveAttribute('aria-sort', 'ascending');
    await table.getByRole('button', { name: 'Rows' }).click();
    await expect(table.getByRole('rowheader').first()).toHaveText('Adelie');
    await picture(app, 'scores-train');
  });

  await test.step('Runs shows the same, and nothing breaks the rules of accessibility', async () => {
    expect(await violations(page)).toEqual([]);
    await goTo(page, 'Runs');
    await runRow(page, /penguins/i)
      .first()
      .click();
    await expect(matrix).toBeVisible();
    await picture(app, 'scores-runs');
    expect(await violations(page)).toEqual([]);
  });
});
