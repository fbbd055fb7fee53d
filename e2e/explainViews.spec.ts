/**
 * The views of layers in the time machine: a dense layer as matrix and as one unit, a kernel sliding, a pooling window, gates
 * over time, attention with a head muted. What they show is read back and held against the core's own step.
 */
import type { Locator, Page } from '@playwright/test';
import type { Explainer } from '../core/explain/explainer.ts';
import type { LayerStage } from '../core/explain/stages.ts';
import { momentsOf } from '../renderer/learn/timeMachine/moments.ts';
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import {
  expectedMachine,
  expectEngineNumbers,
  goToMoment,
  numberOf,
  openExample,
  shownNumbers,
  shownRow,
  timeline,
} from './harness/timeMachine.ts';
import { violations } from './harness/violations.ts';

type Kind = ReturnType<typeof momentsOf>[number]['kind'];

interface Opened {
  readonly machine: Explainer;
  readonly layer: LayerStage;
}

async function open(page: Page, example: string, type: string, view: string, kind: Kind, step?: number): Promise<Opened> {
  if (example === 'mlp') await openFirst(page);
  else await openExample(page, example);
  const machine = await expectedMachine(example, await shownRow(page));
  const { stages } = machine.explanation;
  const layer = stages.find((stage) => stage.phase === 'forward' && stage.type === type) as Opened['layer'];
  await show(page, { machine, layer }, view, kind, step);
  return { machine, layer };
}

/** The first network has a place of its own on the start page. */
async function openFirst(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Train a first network/ }).click();
  await expect(page.getByRole('tab').first()).toBeVisible();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Learn' }).click();
  await expect(timeline(page)).toBeVisible({ timeout: 30_000 });
}

async function show(page: Page, { machine, layer }: Opened, view: string, kind: Kind, step?: number): Promise<void> {
  const at = momentsOf(machine.explanation.stages).findIndex(
    (moment) => moment.node === layer.node && moment.kind === kind && (step === undefined || moment.step === step),
  );
  expect(at).toBeGreaterThanOrEqual(0);
  await goToMoment(page, at);
  await page.getByRole('radio', { name: view, exact: true }).check({ force: true });
  await expect(page.locator('canvas[data-ready="false"]')).toHaveCount(0);
}

/** Walks through a map with the keyboard. @returns how many numbers were compared */
async function compareMaps(page: Page, machine: Explainer): Promise<number> {
  // The view is loaded when it is first shown.
  await expect(page.locator('.heat canvas[data-ready="true"]').filter({ visible: true }).first()).toBeVisible();
  await expect(page.locator('canvas[data-ready="false"]')).toHaveCount(0);
  let compared = 0;
  for (const map of await page.locator('.heat[data-tensor]').filter({ visible: true }).all()) {
    await map.focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) {
      await map.press(key);
      compared += expectEngineNumbers(machine, await shownNumbers(page));
    }
  }
  return compared;
}

const role = (within: Locator | Page, name: string) => within.locator(`[data-role="${name}"]`).filter({ visible: true });

async function products(within: Locator): Promise<{ index: number; left: number; right: number; product: number }[]> {
  const read = async (name: string) => {
    const all = await role(within, name).evaluateAll((cells) => cells.map((cell) => ({ ...(cell as HTMLElement).dataset })));
    return all.map(({ index, number }) => ({ index: Number(index), number: Number(number) }));
  };
  const [left, right, product] = [await read('left'), await read('right'), await read('product')];
  return product.map(({ index, number }, i) => ({ index, left: left[i]!.number, right: right[i]!.number, product: number }));
}

test('a dense layer as a matrix, and as one unit', async ({ app }) => {
  const { page } = app;
  const opened = await open(page, 'mlp', 'dense', 'Matrix', 'inside');
  const { machine, layer } = opened;
  const [x, weight] = [machine.read(layer.inputs[0]!.id), machine.read(layer.weights[0]!.id)];
  const z = machine.read(layer.inside[0]!.id);
  expect(await compareMaps(page, machine)).toBeGreaterThan(8);

  await test.step('the products of a chosen unit are weights times inputs and add up to its sum', async () => {
    await page.getByRole('group', { name: /^pre-activation z/ }).click({ position: { x: 10, y: 120 } });
    const table = page.getByRole('region', { name: /^Unit \d+: its products$/ });
    const unit = Number(/\d+/.exec((await table.getAttribute('aria-label'))!)![0]) - 1;
    const listed = await products(table);
    expect(listed).toHaveLength(3);
    for (const { index, left, right, product } of listed) {
      expect([left, right]).toEqual([weight[unit * x.length + index], x[index]]);
      expect(product).toBe(left * right);
    }
    expect(await numberOf(role(table, 'sum'))).toBe(z[unit]);
    const parts = [...listed.map(({ product }) => product), await numberOf(role(table, 'rest')), await numberOf(role(table, 'bias'))];
    expect(parts.reduce((sum, part) => sum + part)).toBeCloseTo(z[unit]!, 4);
    expect(await table.locator('[data-number]').count()).toBeLessThanOrEqual(12);
  });
  await picture(app, 'explain-matrix');
  expect(await violations(page)).toEqual([]);

  await test.step('backward the gradient of its weights is δ times x', async () => {
    await show(page, opened, 'Matrix', 'weightGradient');
    const delta = machine.read(layer.inside[0]!.gradient!);
    const table = page.getByRole('region', { name: /^∂L\/∂W of unit/ });
    await expect(role(table, 'gradient')).toBeVisible();
    const unit = Number(/unit (\d+)/.exec((await table.getAttribute('aria-label'))!)![1]) - 1;
    for (const { index, left, right, product } of await products(table)) {
      expect([left, right]).toEqual([delta[unit], x[index]]);
      expect(product).toBeCloseTo(machine.read(layer.weights[0]!.gradient!)[unit * x.length + index]!, 7);
    }
  });

  await test.step('one unit: its largest inputs, its sum and its output; the next one by a button', async () => {
    await show(page, opened, 'One unit', 'inside');
    const field = page.getByRole('textbox', { name: 'Unit' });
    await field.fill('5');
    await field.press('Enter');
    await page.getByRole('button', { name: 'Unit: next' }).click();
    await expect(field).toHaveValue('6');
    await expect(role(page, 'sum')).toHaveAttribute('data-number', String(z[5]));
    await expect(role(page, 'output')).toHaveAttribute('data-number', String(machine.read(layer.output.id)[5]));
    await picture(app, 'explain-unit');
    expect(await violations(page)).toEqual([]);
  });
});

test('a loss by class: scores, probabilities, the true class and the pull at each score', async ({ app }) => {
  const { page } = app;
  await openExample(page, 'lenet5');
  const machine = await expectedMachine('lenet5', await shownRow(page));
  const at = momentsOf(machine.explanation.stages).findIndex(({ kind }) => kind === 'loss');
  const loss = machine.explanation.stages.find((stage) => stage.phase === 'loss')!;
  if (loss.phase !== 'loss') throw new Error('There is no loss.');
  await goToMoment(page, at);
  const table = page.getByRole('table', { name: 'Classes' });
  await expect(table.getByRole('row')).toHaveCount(11);
  expect(expectEngineNumbers(machine, await shownNumbers(page))).toBe(31);
  const target = machine.read(loss.target.id)[0]!;
  // The gradient of the cross-entropy by a score is its probability, less 1 for the true class.
  const [shares, pulls] = [machine.read(loss.readable.id), machine.read(loss.prediction.gradient!)];
  for (let i = 0; i < 10; i++) expect(pulls[i]).toBeCloseTo(shares[i]! - (i === target ? 1 : 0), 6);
  await table
    .getByRole('row')
    .nth(target + 1)
    .getByRole('button')
    .first()
    .click();
  const card = page.getByRole('region', { name: 'This number' });
  await expect(card.locator('[data-role="gradient"]')).toHaveAttribute('data-number', String(pulls[target]));
  await picture(app, 'explain-classes');
  expect(await violations(page)).toEqual([]);
});

test('a kernel slides over the image, and a window keeps its largest number', async ({ app }) => {
  const { page } = app;
  const opened = await open(page, 'lenet5', 'conv2d', 'Sliding kernel', 'inside');
  const { machine, layer } = opened;
  const z = machine.read(layer.inside[0]!.id);
  expect(await compareMaps(page, machine)).toBeGreaterThan(6);

  await test.step('by step: the products of each position add up to its pixel', async () => {
    await expect(page.getByRole('button', { name: 'Slide the window' })).toHaveCount(0); // motion is not wanted
    const table = page.getByRole('region', { name: /^What lies under the window/ });
    const filter = page.getByRole('textbox', { name: 'Filter' });
    await filter.fill('1');
    await filter.press('Enter');
    for (const position of [1, 2, 3]) {
      await page.getByRole('button', { name: 'Position: next' }).click();
      await expect(role(table, 'sum')).toHaveAttribute('data-number', String(z[position]));
    }
    const listed = await products(table);
    const sum = listed.reduce((all, { product }) => all + product, await numberOf(role(table, 'rest')));
    expect(sum + (await numberOf(role(table, 'bias')))).toBeCloseTo(z[3]!, 5);
    await page.getByRole('button', { name: 'Filter: next' }).click();
    await expect(role(table, 'sum')).toHaveAttribute('data-number', String(z[28 * 28 + 3]));
  });
  await picture(app, 'explain-kernel');
  expect(await violations(page)).toEqual([]);

  await test.step('backward: a weight gets its gradient from all positions', async () => {
    await show(page, opened, 'Sliding kernel', 'weightGradient');
    await page.getByRole('group', { name: /^∂L\/∂W of filter 2/ }).click({ position: { x: 33, y: 55 } });
    const gradient = machine.read(layer.weights[0]!.gradient!)[25 + 11]!;
    const table = page.getByRole('region', { name: /^This weight at every position/ });
    await expect(role(table, 'gradient')).toHaveAttribute('data-number', String(gradient));
    const listed = await products(table);
    expect(listed.reduce((all, { product }) => all + product, await numberOf(role(table, 'rest')))).toBeCloseTo(gradient, 6);
  });

  await test.step('pooling', async () => {
    const pool = machine.explanation.stages.find((stage) => stage.phase === 'forward' && stage.type === 'maxPool2d') as LayerStage;
    await show(page, { machine, layer: pool }, 'Windows', 'gives');
    await page.getByRole('button', { name: 'Position: next' }).click();
    const rows = page.locator('table[data-tensor] td[data-element]');
    await expect(rows).toHaveCount(4);
    const shown = await rows.evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset['number'])));
    const [x, y] = [machine.read(pool.inputs[0]!.id), machine.read(pool.output.id)];
    // First the channel with the largest number.
    const channel = Math.floor(y.indexOf(Math.max(...y)) / (14 * 14));
    expect(shown).toEqual([2, 3, 30, 31].map((element) => x[channel * 28 * 28 + element]));
    expect(await numberOf(role(page, 'pooled'))).toBe(Math.max(...shown));
    await expect(page.getByRole('row', { name: /won/ })).toHaveCount(1);
    await picture(app, 'explain-pooling');
    expect(await violations(page)).toEqual([]);
  });
});

test('gates over time, and how the gradient vanishes', async ({ app }) => {
  const { page } = app;
  const { machine, layer } = await open(page, 'lstm-chicago', 'lstm', 'Over time', 'inside', 11);
  const hidden = layer.inside.filter(({ name }) => name === 'hidden');

  await expect(page.locator('dd[data-tensor] [data-number]')).toHaveCount(6);
  expectEngineNumbers(machine, await shownNumbers(page));

  await expect(role(page, 'norm')).toHaveCount(28);
  const norms = await role(page, 'norm').evaluateAll((all) => all.map((own) => Number((own as SVGElement).dataset['number'])));
  const expected = [...hidden, layer.output].map(({ gradient }) => Math.hypot(...machine.read(gradient!)));
  norms.forEach((norm, i) => expect(norm / expected[i]!).toBeCloseTo(1, 5));
  expect(norms[0]!).toBeLessThan(norms[27]! / 100);

  await test.step('a click on a step goes to its moment', async () => {
    const map = page.getByRole('group', { name: /^cell c/ });
    const { width } = (await map.boundingBox())!;
    await map.click({ position: { x: (width * 20.5) / 28, y: 40 } });
    await expect(page.getByRole('heading', { level: 2, name: /time step 21$/ })).toBeVisible();
    const card = page.getByRole('region', { name: 'This number' });
    await expect(card.getByRole('heading', { level: 3 })).toContainText('cell c, t = 21');
  });
  await picture(app, 'explain-gates');
  expect(await violations(page)).toEqual([]);
});

test('attention by head: a muted head changes the loss as the core says', async ({ app }) => {
  const { page } = app;
  const { machine, layer } = await open(page, 'char-gpt', 'selfAttention', 'Attention', 'inside');
  const attention = layer.inside.find(({ name }) => name === 'attention')!;
  const heard = layer.inside.find(({ name }) => name === 'heads')!;
  const [, , steps = 0] = attention.shape;
  expect(await compareMaps(page, machine)).toBeGreaterThan(2);

  await test.step('a row says what it looks at', async () => {
    await page.getByRole('button', { name: 'Enlarge head 2' }).click();
    const map = page.getByRole('group', { name: /^Head 2, attention/ });
    const box = (await map.boundingBox())!;
    await page.mouse.move(box.x + 5, box.y + (box.height * 20.5) / steps);
    await expect(page.getByRole('heading', { name: /^Step 21 “.” looks at$/ })).toBeVisible();
    const row = machine.read(attention.id).subarray(steps * steps + 20 * steps, steps * steps + 21 * steps);
    const looks = await role(page, 'looks').evaluateAll((all) => all.map((own) => Number((own as HTMLElement).dataset['number'])));
    expect(looks).toEqual([...row].sort((a, b) => b - a).slice(0, 5));
  });

  await test.step('mute it, hear it again', async () => {
    const before = machine.read(machine.explanation.loss)[0];
    machine.change([{ value: heard.id, at: { axis: 2, index: 1 }, to: 0 }]);
    const after = machine.read(machine.explanation.loss)[0];
    expect(after).not.toBe(before);
    await page.getByRole('switch', { name: 'Head 2 is heard' }).click();
    await expect(role(page, 'lossAfter')).toHaveAttribute('data-number', String(after));
    expect(await numberOf(role(page, 'lossBefore'))).toBe(before);
    await picture(app, 'explain-attention');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Hear all again' }).click();
    await expect(role(page, 'loss')).toHaveAttribute('data-number', String(before));
  });
});

test('attention along edges as a map', async ({ app }) => {
  const { page } = app;
  const { machine, layer } = await open(page, 'gat-karate', 'gat', 'Attention map', 'inside');
  const attention = layer.inside.find(({ name }) => name === 'attention')!;
  const [sources, targets] = ['sources', 'targets'].map((name) => machine.read(layer.inside.find((own) => own.name === name)!.id));
  const heads = attention.shape.at(-1)!;
  expect(await compareMaps(page, machine)).toBeGreaterThan(2);

  await page.getByRole('button', { name: 'Head: next' }).click();
  await page.getByRole('group', { name: /^Attention of head 2/ }).click({ position: { x: 3, y: 12 } });
  const list = page.getByRole('region', { name: /^Who node \d+ listens to$/ });
  const node = Number(/\d+/.exec((await list.getAttribute('aria-label'))!)![0]);
  const shown = await list.locator('[data-number]').evaluateAll((all) => all.map((own) => Number((own as HTMLElement).dataset['number'])));
  const heard = [...targets!].flatMap((to, edge) => (to === node && sources![edge] !== node ? [edge] : []));
  const rows = [...heard, sources!.length + node];
  const expected = rows.map((row) => machine.read(attention.id)[row * heads + 1]!).sort((a, b) => b - a);
  expect(shown).toEqual(expected.slice(0, 10));
  expect(expected.reduce((sum, own) => sum + own, 0)).toBeCloseTo(1, 5);
  await picture(app, 'explain-edge-attention');
  expect(await violations(page)).toEqual([]);
});
