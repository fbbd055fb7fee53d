/** A run that was stopped goes on from where it was stopped, in the place where it was stopped. */
import { expect, test } from './harness/app.ts';

test('a stopped run is resumed in Train; its scores come anew', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: /^MLP for a table/ }).click();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Train' }).click();
  const epochs = page.getByLabel('Epochs', { exact: true });
  await epochs.fill('100000');
  await epochs.press('Enter');
  await page.keyboard.press('Control+Enter');
  const bar = page.getByRole('region', { name: 'Progress' });
  const scores = page.getByRole('region', { name: 'Scores' });
  const step = async () => Number(/step\s*([\d,]+)/.exec(await bar.innerText())?.[1]?.replaceAll(',', ''));
  await expect.poll(step).toBeGreaterThan(10);
  await bar.getByRole('button', { name: 'Stop' }).click();
  await expect(bar).toContainText('Stopped');
  await expect(scores.getByRole('row', { name: /^Accuracy/ })).toBeVisible();
  const stoppedAt = await step();
  await bar.getByRole('button', { name: 'Resume' }).click();
  await expect(bar).toContainText('Training');
  await expect.poll(step).toBeGreaterThan(stoppedAt);
  await expect(scores).toContainText('when the run has finished');
  await bar.getByRole('button', { name: 'Stop' }).click();
  await expect(scores.getByRole('row', { name: /^Accuracy/ })).toBeVisible();
});
