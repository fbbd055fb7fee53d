/** Optimizers race on the network that is open, with its own data and training settings; numbers are those of core. */
import type { Page } from '@playwright/test';
import { createReferenceEngine } from '../core/engines/reference/referenceEngine.ts';
import { networkCourse } from '../core/learn/networkCourse.ts';
import { RaceBench } from '../core/learn/raceBench.ts';
import { defaultOptimizer } from '../core/optimizers/index.ts';
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import { goTo } from './harness/places.ts';
import { exampleOf, partsOf } from './harness/timeMachine.ts';
import { violations } from './harness/violations.ts';

const landscape = (page: Page) => page.locator('[data-page="landscape"]');
const map = (page: Page) => landscape(page).getByRole('img', { name: /^Loss over the plane/ });
const start = (page: Page) => landscape(page).getByRole('button', { name: /^(Start the race|Compute the map)$/ });

async function openRace(page: Page): Promise<void> {
  await goTo(page, 'Learn');
  await page
    .getByRole('navigation', { name: 'Learn' })
    .getByRole('button', { name: /^Loss landscape/ })
    .click();
  await landscape(page).getByText('Open network', { exact: true }).click();
}

async function openNetwork(page: Page, id: string): Promise<void> {
  const { name } = exampleOf(id);
  await page.getByRole('button', { name: 'New network' }).click();
  await page.getByRole('button').filter({ has: page.getByText(name, { exact: true }) }).first().click(); // prettier-ignore
  await expect(page.getByRole('tab', { name })).toBeVisible();
  await openRace(page);
}

async function set(page: Page, steps: string, points: string): Promise<void> {
  await landscape(page).getByLabel('Map points').selectOption(points);
  await landscape(page).getByLabel('Steps', { exact: true }).fill(steps);
  await landscape(page).getByLabel('Steps', { exact: true }).press('Enter');
}

/** On a busy machine even a short race is only estimated at first. */
async function raced(page: Page, step: string): Promise<void> {
  const at = landscape(page).getByTestId('step');
  const idle = landscape(page).getByRole('progressbar');
  await expect(async () => {
    if (await start(page).isVisible()) await start(page).click();
    await expect(idle).toHaveCount(0, { timeout: 20_000 });
    await expect(at).toHaveText(step, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
}

async function losses(page: Page): Promise<number[]> {
  const cells = await landscape(page).locator('tr[data-racer] [data-loss]').all();
  return Promise.all(cells.map(async (cell) => Number(await cell.getAttribute('data-loss'))));
}

function expectNear(shown: readonly number[], expected: readonly number[]): void {
  expect(shown.length).toBe(expected.length);
  shown.forEach((loss, i) => expect(Math.abs(loss - expected[i]!)).toBeLessThan(1e-3 * Math.max(1, expected[i]!)));
}

test('the open network races: losses by step, the map and what cannot be raced', async ({ app }) => {
  test.setTimeout(240_000);
  const { page } = app;
  await test.step('nothing is open: a sentence and two ways out', async () => {
    await openRace(page);
    await expect(landscape(page).getByRole('heading', { name: 'No network is open' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await landscape(page).getByRole('button', { name: 'Race on two features' }).click();
    await expect(map(page)).toBeVisible({ timeout: 30_000 });
  });

  await openNetwork(page, 'mlp-table');
  await set(page, '20', '13');
  await raced(page, '20 / 20');
  const example = await partsOf('mlp-table');
  const optimizers = [example.config.optimizer, ...(['sgd', 'rmsprop', 'lion'] as const).map((name) => defaultOptimizer(name))];
  const course = networkCourse(example, createReferenceEngine);
  const expected = await new RaceBench().run('', course, { optimizers, steps: 20, plane: 'principal', side: 13 });
  const lossesAt = (step: number) => expected.racers.map((racer) => racer.losses[step]!);

  await test.step('the losses of every step, and the heights of the map', async () => {
    expectNear(await losses(page), lossesAt(20));
    await landscape(page).getByRole('button', { name: 'Step back' }).click();
    expectNear(await losses(page), lossesAt(19));
    await landscape(page).getByRole('button', { name: 'To the start' }).click();
    const begin = await losses(page);
    expectNear(begin, lossesAt(0));
    expect(new Set(begin).size, 'all begin alike').toBe(1);
    const spoken = (await map(page).getAttribute('aria-label')) ?? '';
    const [low, high] = /plane, ([\d.]+) to ([\d.]+);/.exec(spoken)!.slice(1).map(Number);
    expect(low).toBeCloseTo(Math.min(...expected.grid.losses), 2);
    expect(high! / Math.max(...expected.grid.losses)).toBeCloseTo(1, 1);
    const { rows, of } = expected.sample;
    await expect(landscape(page).getByText(rows === of ? `all ${of} training rows` : `${rows} of the ${of} training rows`)).toBeVisible();
    await picture(app, 'learn-landscape-open');
    expect(await violations(page)).toEqual([]);
  });

  await test.step('another plane through the same race', async () => {
    const before = (await map(page).getAttribute('aria-label')) ?? '';
    await landscape(page).getByLabel('Plane', { exact: true }).selectOption({ label: 'Random, filter-normalised' });
    await expect(async () => {
      if (await start(page).isVisible()) await start(page).click();
      await expect(map(page)).not.toHaveAccessibleName(before, { timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
    await expect(landscape(page).getByTestId('step'), 'where it was').toHaveText('0 / 20');
    expectNear(await losses(page), lossesAt(0));
  });

  await test.step('what was set is found again', async () => {
    await set(page, '10', '13');
    await landscape(page).getByText('Learning rates', { exact: true }).click();
    await raced(page, '10 / 10');
    await expect(landscape(page).locator('tr[data-racer]')).toHaveCount(3);
    await page.waitForTimeout(600);
    await page.reload();
    await expect(landscape(page).getByLabel('Map points')).toHaveValue('13', { timeout: 20_000 });
    await raced(page, '10 / 10');
    await expect(landscape(page).locator('tr[data-racer]')).toHaveCount(3);
  });

  await test.step('a long race says how long, begins when told to, and is cancelled', async () => {
    await openNetwork(page, 'lenet5');
    await set(page, '1000', '49');
    await expect(start(page)).toBeVisible({ timeout: 30_000 });
    await expect(landscape(page).getByText(/The race takes about \d\d:\d\d on this machine/)).toBeVisible();
    await start(page).click();
    await expect(landscape(page).getByText(/Racing: step [\d,]+ of 3,000/)).toBeVisible({ timeout: 30_000 });
    await expect(landscape(page).getByLabel('Map points')).toBeDisabled();
    await expect(landscape(page).getByRole('button', { name: 'Cancel' }), 'the focus passes on').toBeFocused();
    await page.keyboard.press('Enter');
    await expect(landscape(page).getByRole('progressbar')).toHaveCount(0, { timeout: 10_000 });
    await expect(landscape(page).getByText(/cancelled/i)).toBeVisible();
  });

  await test.step('two networks against each other have no one loss: a sentence says so', async () => {
    await openNetwork(page, 'gan');
    await expect(landscape(page).getByText(/An adversarial pair has no loss landscape/)).toBeVisible({ timeout: 30_000 });
    expect(await violations(page)).toEqual([]);
  });
});
