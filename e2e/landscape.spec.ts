/** The loss landscape: optimizers race from one start over the same batches; what is shown is what core computes. */
import type { Page } from '@playwright/test';
import { layOut } from '../core/learn/landscape.ts';
import { planeCourse } from '../core/learn/planeCourse.ts';
import { generatePlane } from '../core/learn/planeData.ts';
import { judgeRate, runRace, runRacer } from '../core/learn/race.ts';
import { defaultOptimizer, type OptimizerName } from '../core/optimizers/index.ts';
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import { violations } from './harness/violations.ts';

/** What the page starts with. */
const course = planeCourse(
  { network: { inputs: ['x', 'y'], hidden: [4, 4], activation: 'tanh', classes: 2 }, batchSize: 20, seed: 1 },
  generatePlane({ shape: 'circle', count: 400, noise: 0.1, testShare: 0.5, seed: 1 }),
);
const steps = 200;
const rates: Partial<Record<OptimizerName, number>> = { adam: 0.03, sgd: 0.05, rmsprop: 0.02, lion: 0.01 };
const configOf = (name: OptimizerName, learningRate: number) => ({ ...defaultOptimizer(name), learningRate });

const landscape = (page: Page) => page.locator('[data-page="landscape"]');
const map = (page: Page) => landscape(page).getByRole('img', { name: /^Loss over the plane/ });

async function open(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Learn' }).click();
  await page
    .getByRole('navigation', { name: 'Learn' })
    .getByRole('button', { name: /^Loss landscape/ })
    .click();
  await expect(map(page)).toBeVisible({ timeout: 30_000 });
}

/** By racer, the loss behind the number that the table shows. */
async function losses(page: Page): Promise<Record<string, number>> {
  const rows = await landscape(page).locator('tr[data-racer]').all();
  const read = rows.map(async (row) => {
    const loss = Number(await row.locator('[data-loss]').getAttribute('data-loss'));
    return [(await row.getAttribute('data-racer')) ?? '', loss] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

async function settled(page: Page, step: string): Promise<void> {
  await expect(landscape(page).getByRole('progressbar')).toHaveCount(0, { timeout: 30_000 });
  await expect(landscape(page).getByTestId('step')).toHaveText(step);
}

test('the race: final losses and paths are those computed here with the same seed', async ({ app }) => {
  const { page } = app;
  await open(page);
  await settled(page, '200 / 200');
  const names = Object.keys(rates) as OptimizerName[];
  const race = await runRace(
    course,
    names.map((name) => configOf(name, rates[name]!)),
    steps,
  );
  const expected = (step: number) => Object.fromEntries(names.map((name, i) => [name, race.paths[i]!.losses[step]!]));
  expect(await losses(page)).toEqual(expected(200));

  await test.step('where they stand, and how much of their paths is seen', async () => {
    const { racers } = await layOut(course, race, { kind: 'principal', side: 3 });
    const spoken = (await map(page).getAttribute('aria-label')) ?? '';
    const [a, b] = [...racers[0]!.places.subarray(400)].map((value) => Number(value.toPrecision(3)));
    expect(spoken).toContain(`Adam at (${a}, ${b})`);
    const share = `${(racers[1]!.share * 100).toFixed(0)} %`;
    await expect(landscape(page).getByText(/lies in this plane/)).toContainText(`SGD: ${share}`);
  });
  await picture(app, 'learn-landscape');
  expect(await violations(page)).toEqual([]);

  await test.step('step back, step, to the start, play, pause', async () => {
    await landscape(page).getByRole('button', { name: 'Step back' }).click();
    await settled(page, '199 / 200');
    expect(await losses(page)).toEqual(expected(199));
    await landscape(page).getByRole('button', { name: 'To the start' }).click();
    const start = await losses(page);
    expect(start).toEqual(expected(0));
    expect(new Set(Object.values(start)).size, 'all begin alike').toBe(1);
    await landscape(page).getByRole('button', { name: 'Step', exact: true }).click();
    expect(await losses(page)).toEqual(expected(1));
    await landscape(page).getByRole('button', { name: 'Play' }).click();
    await expect(landscape(page).getByTestId('step')).toHaveText(/^[1-9]\d \/ 200$/);
    await landscape(page).getByRole('button', { name: 'Pause' }).click();
    const step = Number.parseInt(await landscape(page).getByTestId('step').innerText(), 10);
    expect(await losses(page)).toEqual(expected(step));
    const slider = landscape(page).getByRole('slider', { name: 'Step' });
    await slider.press('End');
    await settled(page, '200 / 200');
  });

  await test.step('another plane: the same race', async () => {
    for (const plane of ['Random, filter-normalised', 'Start and two ends']) {
      const before = (await map(page).getAttribute('aria-label')) ?? '';
      await landscape(page).getByLabel('Plane', { exact: true }).selectOption({ label: plane });
      await expect(map(page)).not.toHaveAccessibleName(before);
      await settled(page, '200 / 200');
      expect(await losses(page)).toEqual(expected(200));
    }
  });

  await test.step('every optimizer can take part', async () => {
    for (const name of ['AdamW', 'Adagrad', 'Adadelta', 'Adamax', 'NAdam', 'RAdam', 'LAMB', 'LARS']) {
      await landscape(page).getByRole('checkbox', { name, exact: true }).check();
    }
    await expect(landscape(page).locator('tr[data-racer]')).toHaveCount(12, { timeout: 30_000 });
    expect(Object.values(await losses(page)).every(Number.isFinite)).toBe(true);
  });
});

test('one optimizer at three learning rates', async ({ app }) => {
  const { page } = app;
  await open(page);
  await landscape(page).getByText('Learning rates', { exact: true }).click();
  await expect(landscape(page).locator('tr[data-racer]')).toHaveCount(3, { timeout: 30_000 });
  await settled(page, '200 / 200');
  const own = await Promise.all([0.003, 0.03, 0.3].map(async (rate) => (await runRacer(course, configOf('adam', rate), steps)).losses));
  expect(await losses(page)).toEqual({ '0.1': own[0]![200], '1': own[1]![200], '10': own[2]![200] });
  const best = Math.min(...own.flatMap((curve) => [...curve]));
  expect(own.map((curve) => judgeRate(curve, best))).toEqual(['small', 'right', 'large']);
  const verdicts = landscape(page).locator('tr[data-racer] td:last-child');
  await expect(verdicts).toHaveText(['too small', 'about right', 'too large']);
  await picture(app, 'learn-landscape-rates');
  expect(await violations(page)).toEqual([]);

  await test.step('another rate, by the slider; found again', async () => {
    const slider = landscape(page).getByRole('slider', { name: 'Learning rate by slider' });
    await slider.press('ArrowRight');
    await expect(landscape(page).getByText(/rate 0\.04$/)).toBeVisible({ timeout: 30_000 });
    await page.waitForTimeout(600);
    await page.reload();
    await open(page);
    await expect(landscape(page).getByLabel('Learning rate', { exact: true })).toHaveValue('0.04');
  });
});
