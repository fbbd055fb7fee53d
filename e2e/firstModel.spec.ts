/** The whole journey once, and how long it takes from the first door to a moving curve. */
import { Actions } from './harness/actions.ts';
import { expect, test } from './harness/app.ts';
import { firstModelJourney, lossShown } from './harness/firstModelJourney.ts';
import { trainButton } from './harness/places.ts';

test('from the first door to a moving curve: two clicks, five seconds', { tag: '@alone' }, async ({ app }) => {
  const { page } = app;
  const actions = new Actions();
  const startedAt = Date.now();
  await actions.click(page.getByRole('button', { name: 'Train a first network' }));
  await actions.click(trainButton(page));
  await expect.poll(() => lossShown(page), { intervals: [50] }).toMatch(/training \d/);
  const first = await lossShown(page);
  await expect.poll(() => lossShown(page), { intervals: [50] }).not.toBe(first);
  expect(Date.now() - startedAt).toBeLessThan(5_000);
  expect(actions.count).toBe(2);
});

test('a first model, drawn, trained, saved and compared', async ({ app }) => {
  test.setTimeout(240_000);
  await firstModelJourney(app, 'reference');
});
