/**
 * The time machine on ten networks of all families: played, stepped, stepped back; every number that it shows is the one
 * that the engine computes here; any number has its chain rule, and can be changed.
 */
import type { Page } from '@playwright/test';
import { expect, test } from './harness/app.ts';
import {
  expectedMachine,
  expectEngineNumbers,
  goToMoment,
  numberOf,
  openExample,
  shownRow,
  timeline,
  walkMaps,
} from './harness/timeMachine.ts';
import { violations } from './harness/violations.ts';

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const position = async (page: Page) => Number(await timeline(page).inputValue());
/** A step is drawn within two frames. */
const standsAt = (page: Page, at: number) => expect(timeline(page)).toHaveValue(String(at));
const ready = async (page: Page) => expect(page.getByText('reading …')).toHaveCount(0);

/** The plain numbers, whatever view the layer has besides. */
async function showNumbers(page: Page): Promise<void> {
  const choice = page.getByRole('radio', { name: 'Numbers', exact: true });
  if ((await choice.count()) > 0) await choice.check({ force: true });
}

async function numbersAt(page: Page, at: number): Promise<void> {
  await goToMoment(page, at);
  await showNumbers(page);
  await ready(page);
}

const families = [
  ['mlp-table', 12],
  ['lenet5', 12],
  ['conv1d-chicago', 6],
  ['lstm-chicago', 8],
  ['gru-chicago', 6],
  ['seq2seq-dates', 6],
  ['char-gpt', 8],
  ['gcn-karate', 8],
  ['gat-karate', 6],
  ['vae', 6],
] as const;

for (const [id, looks] of families) {
  test(`every number of ${id} is the engine's`, async ({ app }) => {
    const { page } = app;
    await openExample(page, id);
    const row = await shownRow(page);
    const machine = await expectedMachine(id, row);
    expect(await numberOf(page.locator('[data-role="loss"]'))).toBe(machine.read(machine.explanation.loss)[0]);
    const last = Number(await timeline(page).getAttribute('max'));
    let compared = 0;
    for (let look = 0; look < looks; look++) {
      await numbersAt(page, Math.round((look * last) / (looks - 1)));
      compared += expectEngineNumbers(machine, await walkMaps(page), `at moment ${await position(page)}`);
    }
    expect(compared).toBeGreaterThan(3 * looks);

    await test.step('a number has its chain rule, as the core derives it', async () => {
      const weight = machine.explanation.stages.findIndex((stage) => stage.phase === 'update');
      expect(weight).toBeGreaterThan(0);
      await page.getByRole('button', { name: 'Update' }).click();
      await ready(page);
      const map = page.locator('[data-tensor] .grid').filter({ visible: true }).first();
      await map.focus();
      await map.press('ArrowRight');
      await map.press('Enter');
      const card = page.getByRole('region', { name: 'This number' });
      await expect(card.locator('[data-role="gradient"]')).toBeVisible();
      const parameter = machine.explanation.parameters[0]!;
      const shown = page.locator('[data-tensor] [data-element].chosen, [data-tensor] .readout[data-element]').first();
      const element = Number(await shown.getAttribute('data-element'));
      const derivation = machine.derive({ value: parameter.value, element });
      expect(await numberOf(card.locator('[data-role="value"]'))).toBe(machine.read(parameter.value)[element]);
      expect(await numberOf(card.locator('[data-role="gradient"]'))).toBe(derivation.gradient);
      expect(await numberOf(card.locator('[data-role="after"]'))).toBe(machine.read(parameter.after)[element]);
      for (const [role, key] of [
        ['local', 'local'],
        ['incoming', 'incoming'],
        ['product', 'product'],
      ] as const) {
        // prettier-ignore
        const numbers = await card.locator(`[data-role="${role}"]`).evaluateAll((all) => all.map((own) => Number((own as HTMLElement).dataset['number']))); // prettier-ignore
        // 0 is 0, whatever its sign.
        expect(numbers).toEqual(derivation.terms.slice(0, numbers.length).map((term) => term[key] + 0));
      }
      // At most twelve numbers before more is asked for, all of them in sight.
      expect(await card.locator('[data-number]').count()).toBeLessThanOrEqual(12);
      for (const own of await card.locator('[data-number]').all()) await expect(own).toBeInViewport();
    });

    await test.step('changed by hand, what follows changes as in the core, and back', async () => {
      const before = await numberOf(page.locator('[data-role="loss"]'));
      const parameter = machine.explanation.parameters[0]!;
      const shown = page.locator('[data-tensor] [data-element].chosen, [data-tensor] .readout[data-element]').first();
      const element = Number(await shown.getAttribute('data-element'));
      const field = page.getByRole('textbox', { name: 'Change it to' });
      await field.fill('2.5');
      await field.press('Enter');
      machine.change([{ value: parameter.value, at: { element }, to: 2.5 }]);
      await expect(page.locator('[data-role="loss"]')).toHaveAttribute('data-number', String(machine.read(machine.explanation.loss)[0]));
      await press(page, 'Undo changes');
      machine.change([]);
      await expect(page.locator('[data-role="loss"]')).toHaveAttribute('data-number', String(before));
    });
  });
}

test('played, stepped, stepped back, over the end of a step into the next', async ({ app }) => {
  const { page } = app;
  await openExample(page, 'lenet5');
  await press(page, 'Step');
  await press(page, 'Step');
  await standsAt(page, 2);
  await press(page, 'Step back');
  await standsAt(page, 1);
  await page.getByRole('radio', { name: '4×' }).check({ force: true });
  await press(page, 'Play');
  await expect.poll(() => position(page)).toBeGreaterThan(4);
  await press(page, 'Pause');
  await page.waitForTimeout(100);
  const paused = await position(page);
  await page.waitForTimeout(600);
  await standsAt(page, paused);

  await test.step('by keyboard', async () => {
    await page.getByRole('heading', { level: 2 }).first().click();
    await page.keyboard.press('ArrowRight');
    await standsAt(page, paused + 1);
    await page.keyboard.press('ArrowLeft');
    await standsAt(page, paused);
  });

  await test.step('the next training step has the new weights, and can be taken back', async () => {
    const machine = await expectedMachine('lenet5', await shownRow(page));
    const first = await numberOf(page.locator('[data-role="loss"]'));
    await goToMoment(page, (await timeline(page).getAttribute('max'))!);
    await press(page, 'Step');
    machine.advance();
    await expect(page.locator('[data-role="loss"]')).toHaveAttribute('data-number', String(machine.read(machine.explanation.loss)[0]));
    await standsAt(page, 0);
    await press(page, 'Step back');
    await expect(page.locator('[data-role="loss"]')).toHaveAttribute('data-number', String(first));
  });
  expect(await violations(page)).toEqual([]);
});

test('another sample, and a data set that is missing, say what they are', async ({ app }) => {
  const { page } = app;
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Learn' }).click();
  await expect(page.getByText('Nothing to step through yet')).toBeVisible();
  await openExample(page, 'mlp-table');
  const first = await numberOf(page.locator('[data-role="loss"]'));
  const sample = page.getByRole('combobox', { name: 'Sample' });
  const other = await sample.locator('option').nth(3).getAttribute('value');
  await sample.selectOption(other!);
  await expect(page.locator('[data-role="loss"]')).not.toHaveAttribute('data-number', String(first));
  const machine = await expectedMachine('mlp-table', Number(other));
  expect(await numberOf(page.locator('[data-role="loss"]'))).toBe(machine.read(machine.explanation.loss)[0]);
});
