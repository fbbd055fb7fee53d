/** The benches of Learn: numbers on the page are those that the core finds with the same settings. */
import fs from 'node:fs';
import path from 'node:path';
import type { NetworkDocument } from '../core/graph/document.ts';
import { applyDense, mergeLinear, withoutActivations } from '../core/learn/collapse.ts';
import { activationSites, swapActivations } from '../core/learn/swapActivation.ts';
import { totalCost } from '../core/learn/cost.ts';
import { createFit, sampleCurve } from '../core/learn/approximation.ts';
import { smallClassNoisePredictor } from './fixtures/smallNetworks.ts';
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import { goTo } from './harness/places.ts';
import { trainRun } from './harness/prepared.ts';
import { expectedCost, expectedDense, expectedNorms, numberOf, openExample } from './harness/timeMachine.ts';
import { violations } from './harness/violations.ts';

test('a width of 64 fits the sine, a width of 1 does not', async ({ app }) => {
  const { page } = app;
  await goTo(page, 'Learn');
  await page.getByRole('button', { name: /^Universal approximation/ }).click();
  const step = page.locator('[data-role="step"]');
  const error = page.locator('[data-role="maximumError"]');
  await expect(step).toHaveAttribute('data-number', '1500', { timeout: 60_000 });
  const settings = { activation: 'tanh', target: sampleCurve('sine'), steps: 1500, learningRate: 0.02, seed: 1 } as const;
  const expected = await createFit({ ...settings, hidden: [64] });
  await expected.run(settings.steps);
  const { maximumError } = await expected.read();
  expect(await numberOf(error)).toBeCloseTo(maximumError, 6);
  expect(maximumError).toBeLessThanOrEqual(0.05);
  expect(await violations(page)).toEqual([]);

  await page.getByRole('slider', { name: 'Width' }).fill('1');
  await expect(page.getByText('1 unit', { exact: true })).toBeVisible();
  await expect(step).toHaveAttribute('data-number', '1500', { timeout: 60_000 });
  expect(await numberOf(error)).toBeGreaterThan(0.2);

  await test.step('depth against width: five seeds each, the first of them the fit that is shown', async () => {
    const shown = await numberOf(error);
    await page.getByRole('button', { name: 'Compare depths' }).click();
    const dots = page.getByRole('region', { name: 'Depth against width' }).locator('i[data-number]');
    await expect(dots).toHaveCount(20, { timeout: 90_000 });
    expect(await numberOf(dots.first())).toBeCloseTo(shown, 9);
    const deeper = await createFit({ ...settings, hidden: [1, 1], seed: 2 });
    await deeper.run(settings.steps);
    expect(await numberOf(dots.nth(6))).toBeCloseTo((await deeper.read()).maximumError, 6);
  });

  await test.step('a curve drawn by keyboard is fitted anew, and found again', async () => {
    const plot = page.getByRole('application');
    await plot.focus();
    for (let i = 0; i < 5; i++) await plot.press('ArrowUp');
    await expect(page.getByRole('radio', { name: 'Drawn' })).toBeChecked();
    await page.waitForTimeout(600);
    await page.reload();
    await goTo(page, 'Learn');
    await page.getByRole('button', { name: /^Universal approximation/ }).click();
    await expect(page.getByRole('radio', { name: 'Drawn' })).toBeChecked();
    await plot.focus();
    await plot.press('ArrowLeft');
    await plot.press('ArrowRight');
    await expect(page.getByText('x 0, curve 0.5', { exact: true })).toBeVisible();
  });
});

test('what a gradient costs, as the core counts it', async ({ app }) => {
  const { page } = app;
  await openExample(page, 'lenet5');
  await page.getByRole('button', { name: /^Cost of a gradient/ }).click();
  const layers = await expectedCost('lenet5');
  const { forward, backward, numerical } = totalCost(layers);
  await expect(page.locator('[data-role="forward"]')).toHaveAttribute('data-number', String(forward));
  expect(await numberOf(page.locator('[data-role="backpropagation"]'))).toBe(forward + backward);
  expect(await numberOf(page.locator('[data-role="numerical differentiation"]'))).toBe(numerical);
  expect(numerical / (forward + backward)).toBeGreaterThan(1000);
  await expect(page.locator('tr[data-node]')).toHaveCount(layers.length);
  expect(await violations(page)).toEqual([]);
});

test('an activation along its curve, and in the open network', async ({ app }) => {
  const { page } = app;
  await openExample(page, 'mlp-table');
  await page.getByRole('button', { name: /^Activations/ }).click();
  const curve = page.getByRole('slider', { name: /^The activation f/ });
  await curve.focus();
  await curve.press('Shift+ArrowLeft');
  await curve.press('ArrowLeft');
  const x = Number(await curve.getAttribute('aria-valuenow'));
  expect(x).toBeCloseTo(-0.1, 9);
  expect(await numberOf(page.locator('[data-role="value"]'))).toBeCloseTo(Math.tanh(x), 12);
  expect(await numberOf(page.locator('[data-role="slope"]'))).toBeCloseTo(1 - Math.tanh(x) ** 2, 12);

  const column = (after: number): Promise<number[]> =>
    page.locator(`tr[data-node] td:nth-last-child(${2 - after})`).evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset['number']))); // prettier-ignore
  const swapped = page.locator('tr[data-swapped="true"] th');
  // More and more samples are looked at, so the numbers come nearer to those of all.
  const follows = async (expected: readonly number[], after = 1): Promise<void> => {
    await expect.poll(async () => (await column(after)).map((norm, i) => Math.abs(norm / expected[i]! - 1) < 1e-6)).toEqual(expected.map(() => true)); // prettier-ignore
  };
  const sitesOf = (document: NetworkDocument, name?: string) =>
    activationSites(document).filter(({ path }) => name === undefined || document.nodes.some((node) => node.id === path[0] && node.name === name)); // prettier-ignore

  await test.step('one layer swapped: the gradients of all layers, as the core computes them', async () => {
    const before = await expectedNorms('mlp-table', 32);
    await expect(page.locator('tr[data-node]')).toHaveCount(before.length);
    await follows(before, 0);
    await expect(swapped).toHaveText(['dense_1']);
    await follows(await expectedNorms('mlp-table', 32, (document) => swapActivations(document, 'tanh', sitesOf(document, 'dense_1'))));
    await page.getByRole('combobox', { name: 'Layer' }).selectOption({ label: 'dense_2 · ReLU' });
    await expect(swapped).toHaveText(['dense_2']);
    await follows(await expectedNorms('mlp-table', 32, (document) => swapActivations(document, 'tanh', sitesOf(document, 'dense_2'))));
  });

  await test.step('all at once; the same activation changes nothing', async () => {
    await page.getByText('all layers', { exact: true }).click();
    await expect(swapped).toHaveText(['dense_1', 'dense_2']);
    await follows(await expectedNorms('mlp-table', 32, (document) => swapActivations(document, 'tanh', sitesOf(document))));
    await page.getByRole('combobox', { name: 'Activation' }).selectOption('relu');
    await follows(await column(0));
    await expect(swapped).toHaveCount(0);
  });
  expect(await violations(page)).toEqual([]);
});

test('dense layers without activations are one layer', async ({ app }) => {
  const { page } = app;
  await openExample(page, 'lenet5');
  await page.getByRole('button', { name: /^Collapse/ }).click();
  const heading = (name: string) => page.getByRole('heading', { name, exact: true });
  const [difference, fromNetwork] = [page.locator('[data-role="difference"]'), page.locator('[data-role="fromNetwork"]')];
  await expect(heading('dense_3 · dense_2 · dense_1 = one layer')).toBeVisible();
  expect(await numberOf(difference)).toBeLessThanOrEqual(1e-5);
  const all = await numberOf(fromNetwork);
  expect(all).toBeGreaterThan(0.01);
  expect(await violations(page)).toEqual([]);

  await test.step('an activation that stays keeps its layer apart', async () => {
    const first = page.getByRole('switch', { name: 'ReLU of dense_1' });
    await first.focus();
    await page.keyboard.press('Enter');
    await expect(first).toBeChecked();
    await expect(heading('dense_3 · dense_2 = one layer')).toBeVisible();
    await expect(page.getByText('dense_1 stays a layer of its own')).toBeVisible();
    expect(await numberOf(difference)).toBeLessThanOrEqual(1e-5);
    const one = await numberOf(fromNetwork);
    expect(one).toBeGreaterThan(1e-3);
    expect(one).not.toBe(all);
    // The outputs are those of the engine's own weights and inputs, with one activation of two.
    const layers = await expectedDense('lenet5', ['dense_1', 'dense_2', 'dense_3']);
    const merged = applyDense(mergeLinear(withoutActivations(layers.layers, new Set(['dense_2']))), layers.x);
    const shown = await page.locator('tbody tr td:nth-of-type(1)').evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset['number']))); // prettier-ignore
    shown.forEach((value, unit) => expect(value).toBeCloseTo(merged[unit]!, 9));
    expect(shown).toHaveLength(10);
  });

  await test.step('with all of them it is the network; the choice is remembered', async () => {
    await page.getByRole('button', { name: 'Keep all' }).click();
    await expect(page.getByRole('heading', { name: /= one layer$/ })).toHaveCount(0);
    expect(await numberOf(fromNetwork)).toBeLessThanOrEqual(1e-5);
    await page.getByRole('button', { name: /^Cost of a gradient/ }).click();
    await page.getByRole('button', { name: /^Collapse/ }).click();
    await expect(page.getByRole('switch', { name: 'ReLU of dense_2' })).toBeChecked();
  });
});

test('a diffusion draws a class, with guidance as its formula says', async ({ app }) => {
  const { page } = app;
  const network = path.join(app.library, 'byClass.json');
  fs.writeFileSync(network, smallClassNoisePredictor());
  const settings = ['task=diffusion', 'task.steps=40', 'task.classes=true'].flatMap((set) => ['--set', set]);
  await trainRun(app.library, ['--network', network, '--data', 'digits', '--seed', '1', '--epochs', '2', ...settings]);
  await page.reload();
  await goTo(page, 'Learn');
  await page.getByRole('button', { name: /^Diffusion/ }).click();
  const digit = page.getByRole('combobox', { name: 'Class' });
  const guidance = page.getByLabel('Guidance', { exact: true });
  await expect(guidance).toHaveCount(0);
  /** ε of the first look, where all begin with the same noise. */
  const follow = async (own: string, weight?: string): Promise<number> => {
    await digit.selectOption({ label: own });
    if (weight !== undefined) {
      await guidance.fill(weight);
      await guidance.press('Enter');
    }
    const before = await page.locator('[data-role="noise"]').count();
    const old = before === 0 ? undefined : await page.locator('[data-role="noise"]').getAttribute('data-number');
    await page.getByRole('button', { name: 'Follow an image' }).click();
    await expect(page.locator('[data-role="noise"]')).not.toHaveAttribute('data-number', old ?? '', { timeout: 20_000 });
    return numberOf(page.locator('[data-role="noise"]'));
  };
  const none = await follow('any');
  const plain = await follow('3', '0');
  const guided = await follow('3', '4');
  expect(plain).not.toBe(none);
  expect(guided).toBeCloseTo(plain + 4 * (plain - none), 4);

  await page.getByRole('button', { name: 'Compare guidance' }).click();
  for (const own of ['0', '2', '8']) await expect(page.locator(`[data-guidance="${own}"]`)).toBeVisible({ timeout: 20_000 });
  expect(await violations(page)).toEqual([]);
  await picture(app, 'learn-diffusion-guidance');
});
