/** The decision surface: a small network is trained on two features, looked at unit by unit, and its weights are set by hand. */
import type { Page } from '@playwright/test';
import { PlaneBench, mapSide, type PlaneSettings } from '../core/learn/planeBench.ts';
import { generatePlane, planeOfPoints, type DrawnPoint } from '../core/learn/planeData.ts';
import { defaultOptimizer } from '../core/optimizers/index.ts';
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import { violations } from './harness/violations.ts';

/** What the page starts with. */
const circle = generatePlane({ shape: 'circle', count: 500, noise: 0.1, testShare: 0.5, seed: 1 });
const settings: PlaneSettings = {
  network: { inputs: ['x', 'y'], hidden: [4, 2], activation: 'tanh', classes: 2 },
  optimizer: defaultOptimizer('sgd'),
  penalty: 'none',
  penaltyRate: 0,
  batchSize: 10,
  seed: 1,
};

const surface = (page: Page) => page.locator('[data-page="surface"]');
const map = (page: Page) => surface(page).getByRole('img', { name: / over the plane: / });
const progress = (page: Page) => surface(page).getByTestId('progress');

async function open(page: Page): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Learn' }).click();
  await page
    .getByRole('navigation', { name: 'Learn' })
    .getByRole('button', { name: /^Decision surface/ })
    .click();
  await expect(map(page)).toBeVisible();
}

async function shown(page: Page): Promise<{ epoch: number; train: number; test: number }> {
  const text = (await progress(page).innerText()).replaceAll(',', '');
  const read = (name: string): number => Number(new RegExp(`${name}\\s+([\\d.e−-]+)`).exec(text)?.[1]?.replace('−', '-') ?? NaN);
  return { epoch: read('Epoch'), train: read('training'), test: read('test') };
}

async function setNumber(page: Page, label: string, value: string): Promise<void> {
  const field = surface(page).getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press('Enter');
}

test('a circle is learned, and every number is the engine’s', async ({ app }) => {
  const { page } = app;
  await open(page);
  await expect.poll(async () => (await shown(page)).epoch).toBe(0);

  await test.step('steps: the losses are those of the same training computed here', async () => {
    const bench = await PlaneBench.create(settings, circle);
    const close = async (): Promise<void> => {
      const { trainLoss, testLoss } = await bench.scores();
      await expect.poll(async () => (await shown(page)).train).toBeCloseTo(trainLoss, 3);
      expect((await shown(page)).test).toBeCloseTo(testLoss, 3);
    };
    await close();
    await bench.trainBatch();
    await surface(page).getByRole('button', { name: 'Train 1 batch' }).click();
    await close();
    await bench.trainEpoch();
    await surface(page).getByRole('button', { name: 'Train 1 epoch' }).click();
    await close();
    const middle = (await bench.map(3))[(mapSide / 2) * mapSide + mapSide / 2]!;
    await expect(map(page)).toHaveAccessibleName(new RegExp(`plane: ${(middle * 100).toFixed(1)} % in the middle`));
  });

  await test.step('play until the test loss is below 0.1, then pause', async () => {
    await surface(page).getByRole('button', { name: 'Play' }).click();
    await expect.poll(async () => (await shown(page)).test, { timeout: 60_000 }).toBeLessThan(0.1);
    await surface(page).getByRole('button', { name: 'Pause' }).click();
    await expect(surface(page).getByRole('button', { name: 'Play' })).toBeVisible();
    const { epoch } = await shown(page);
    await page.waitForTimeout(300);
    expect((await shown(page)).epoch).toBe(epoch);
    await expect(surface(page).getByRole('img', { name: /^Loss: training \d/ })).toBeVisible();
    await expect(map(page)).toHaveAccessibleName(/plane: 9\d\.\d % in the middle; \d\.\d % top left/);
  });

  await picture(app, 'learn-surface');
  expect(await violations(page)).toEqual([]);

  await test.step('a unit has its own map, by pointer and by keyboard', async () => {
    await surface(page).getByRole('button', { name: 'Hidden 1, unit 2' }).hover();
    await expect(map(page)).toHaveAccessibleName(/^Hidden 1, unit 2 over the plane: -?\d/);
    await surface(page).getByRole('button', { name: 'Input y' }).focus();
    await page.mouse.move(0, 0);
    await expect(map(page)).toHaveAccessibleName(/^Input y over the plane: /);
    await page.keyboard.press('Tab');
    await expect(map(page)).toHaveAccessibleName(/^Hidden 1, unit 1 over/);
  });

  await test.step('a weight set by hand: the surface and the loss follow at once', async () => {
    const before = await shown(page);
    const spoken = await map(page).getAttribute('aria-label');
    await surface(page).getByLabel('Into', { exact: true }).selectOption({ label: 'Output' });
    await surface(page).getByLabel('From', { exact: true }).selectOption({ label: 'Hidden 2, unit 1' });
    await setNumber(page, 'Value', '-6');
    await expect(map(page)).not.toHaveAccessibleName(spoken ?? '');
    await expect.poll(async () => (await shown(page)).train).not.toBe(before.train);
    await expect(surface(page).getByLabel('Value', { exact: true })).toHaveValue('-6');
    const slider = surface(page).getByRole('slider', { name: 'Value by slider' });
    await slider.press('ArrowRight');
    await expect(surface(page).getByLabel('Value', { exact: true })).toHaveValue('-5.95');
  });

  await test.step('and by a click on its line', async () => {
    const from = (await surface(page).getByRole('button', { name: 'Input x' }).boundingBox())!;
    const to = (await surface(page).getByRole('button', { name: 'Hidden 1, unit 1' }).boundingBox())!;
    const share = { x: (from.x + from.width + to.x) / 2, y: (from.y + from.height / 2 + to.y + to.height / 2) / 2 };
    await page.mouse.click(share.x, share.y);
    await expect(surface(page).getByLabel('Into', { exact: true })).toHaveValue('1.0');
    await expect(surface(page).getByLabel('From', { exact: true })).toHaveValue('0');
  });

  await test.step('start again: the same seed, the same start', async () => {
    await surface(page).getByRole('button', { name: 'Start again from the same seed' }).click();
    await expect.poll(() => shown(page)).toMatchObject({ epoch: 0 });
    const bench = await PlaneBench.create(settings, circle);
    expect((await shown(page)).train).toBeCloseTo((await bench.scores()).trainLoss, 3);
  });
});

test('layers, inputs and rates are changed; a rate that is too large says so', async ({ app }) => {
  const { page } = app;
  await open(page);

  await test.step('layers and units', async () => {
    await surface(page).getByRole('button', { name: 'Add a hidden layer' }).click();
    await surface(page).getByRole('button', { name: 'Add a unit to hidden layer 3' }).click();
    await expect(surface(page).getByRole('button', { name: 'Hidden 3, unit 3' })).toBeVisible();
    for (let i = 0; i < 3; i++) await surface(page).getByRole('button', { name: 'Remove the last hidden layer' }).click();
    await expect(surface(page).getByRole('button', { name: /^Hidden/ })).toHaveCount(0);
    await expect(surface(page).getByRole('button', { name: 'Remove the last hidden layer' })).toBeDisabled();
    await expect(map(page)).toBeVisible();
  });

  await test.step('with x² and y² no hidden layer is needed', async () => {
    await surface(page).getByRole('button', { name: 'x²', exact: true }).click();
    await surface(page).getByRole('button', { name: 'y²', exact: true }).click();
    await surface(page).getByRole('button', { name: 'Play' }).click();
    await expect.poll(async () => (await shown(page)).test, { timeout: 30_000 }).toBeLessThan(0.15);
    await surface(page).getByRole('button', { name: 'Pause' }).click();
  });

  await test.step('numbers instead of classes, and a learning rate that diverges', async () => {
    await surface(page).getByText('Numbers', { exact: true }).click();
    await expect(surface(page).getByRole('heading', { name: 'Predicted number' })).toBeVisible();
    await setNumber(page, 'Learning rate', '100');
    await surface(page).getByRole('button', { name: 'Play' }).click();
    await expect(surface(page).getByRole('alert')).toContainText(/diverged .* \(NaN\)\. The learning rate is too large/);
    await expect(surface(page).getByRole('button', { name: 'Play' })).toBeDisabled();
    await picture(app, 'learn-surface-diverged');
    await setNumber(page, 'Learning rate', '0.001');
    await surface(page).getByRole('alert').getByRole('button', { name: 'Start again' }).click();
    await expect(surface(page).getByRole('alert')).toHaveCount(0);
    await surface(page).getByRole('button', { name: 'Play' }).click();
    await expect.poll(async () => (await shown(page)).test, { timeout: 30_000 }).toBeLessThan(0.05);
  });

  await test.step('settings are found again', async () => {
    await page.waitForTimeout(600);
    await page.reload();
    await open(page);
    await expect(surface(page).getByRole('heading', { name: 'Predicted number' })).toBeVisible();
    await expect(surface(page).getByLabel('Learning rate', { exact: true })).toHaveValue('0.001');
    await expect(surface(page).getByRole('button', { name: 'x²', exact: true })).toHaveAttribute('aria-pressed', 'true');
    await expect.poll(async () => (await shown(page)).epoch, { message: 'nothing plays by itself' }).toBe(0);
  });
});

test('two columns of a data set', async ({ app }) => {
  const { page } = app;
  await open(page);
  await surface(page).getByLabel('Points', { exact: true }).selectOption({ label: 'Own data …' });
  await surface(page).getByLabel('Data set', { exact: true }).selectOption({ label: 'Penguins' });
  await expect(surface(page).getByTestId('sample')).toContainText(
    /All 344 rows; \d+ of them with gaps are left out.*Classification, 3 classes/,
  );
  await expect(surface(page).getByRole('heading', { name: 'Most likely class' })).toBeVisible();
  await surface(page).getByRole('button', { name: 'Play' }).click();
  await expect.poll(async () => (await shown(page)).test, { timeout: 60_000 }).toBeLessThan(0.4);
  await surface(page).getByRole('button', { name: 'Pause' }).click();
  await expect(map(page)).toHaveAccessibleName(/(Adelie|Gentoo|Chinstrap) \d+\.\d % in the middle/);
  await picture(app, 'learn-surface-own');
  expect(await violations(page)).toEqual([]);
});

test('points drawn by hand', async ({ app }) => {
  const { page } = app;
  await open(page);
  await surface(page).getByLabel('Points', { exact: true }).selectOption({ label: 'By hand' });
  const layer = surface(page).getByRole('application', { name: /^Plane to draw on/ });
  const counted = surface(page).getByTestId('drawn');
  await expect(counted).toHaveText('0 of class 0, 0 of class 1');
  await expect(surface(page).getByRole('button', { name: 'Play' })).toBeDisabled();
  const drawn: DrawnPoint[] = [];
  const click = async (x: number, y: number, target: 0 | 1): Promise<void> => {
    const box = (await layer.boundingBox())!;
    await page.mouse.click(box.x + (box.width * (x + 6)) / 12, box.y + (box.height * (6 - y)) / 12);
    drawn.push({ x, y, target });
  };
  const equal = async (): Promise<void> => {
    const bench = await PlaneBench.create(settings, planeOfPoints(drawn, 0.5, 1));
    const { trainLoss, testLoss } = await bench.scores();
    await expect.poll(async () => (await shown(page)).train).toBeCloseTo(trainLoss, 3);
    expect((await shown(page)).test).toBeCloseTo(testLoss, 3);
  };

  await test.step('two classes by clicks: the losses are those of these points', async () => {
    for (const [x, y] of [[-4, -3], [-3, -4], [-4, 2], [-2, -1]] as const) await click(x, y, 0); // prettier-ignore
    await surface(page).getByText('Class 1', { exact: true }).click();
    for (const [x, y] of [[4, 3], [3, 4], [4, -2], [2, 1]] as const) await click(x, y, 1); // prettier-ignore
    await expect(counted).toHaveText('4 of class 0, 4 of class 1');
    await equal();
    await surface(page).getByRole('button', { name: 'Train 1 epoch' }).click();
    const bench = await PlaneBench.create(settings, planeOfPoints(drawn, 0.5, 1));
    await bench.trainEpoch();
    await expect.poll(async () => (await shown(page)).train).toBeCloseTo((await bench.scores()).trainLoss, 3);
  });

  await test.step('by keyboard; taken back and had again', async () => {
    await layer.focus();
    for (const key of ['Shift+ArrowRight', 'ArrowUp', 'Enter']) await layer.press(key);
    await expect(counted).toHaveText('4 of class 0, 5 of class 1');
    await layer.press('Control+z');
    await expect(counted).toHaveText('4 of class 0, 4 of class 1');
    await surface(page).getByRole('button', { name: 'Redo' }).click();
    drawn.push({ x: 1, y: 0.25, target: 1 });
    await surface(page).getByRole('button', { name: 'Start again from the same seed' }).click();
    await equal();
  });

  await test.step('a stroke; it trains, and is found again', async () => {
    const box = (await layer.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.7, box.y + box.height * 0.2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.95, box.y + box.height * 0.4, { steps: 12 });
    await page.mouse.up();
    await expect(counted).toHaveText(/^4 of class 0, (8|9|1\d) of class 1$/);
    await surface(page).getByRole('button', { name: 'Play' }).click();
    await expect.poll(async () => (await shown(page)).train, { timeout: 30_000 }).toBeLessThan(0.3);
    await surface(page).getByRole('button', { name: 'Pause' }).click();
    await picture(app, 'learn-surface-drawn');
    expect(await violations(page)).toEqual([]);
    const before = await counted.innerText();
    await page.waitForTimeout(600);
    await page.reload();
    await open(page);
    await expect(counted).toHaveText(before);
  });

  await test.step('cleared', async () => {
    await surface(page).getByRole('button', { name: 'Clear' }).click();
    await expect(counted).toHaveText('0 of class 0, 0 of class 1');
    await expect(surface(page).getByRole('button', { name: 'Play' })).toBeDisabled();
    await surface(page).getByRole('button', { name: 'Undo' }).click();
    await expect(surface(page).getByRole('button', { name: 'Play' })).toBeEnabled();
  });
});
