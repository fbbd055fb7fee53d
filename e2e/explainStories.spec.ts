/**
 * Stories of the time machine: messages on a graph, the tour, a moment as a link and as a picture; and a diffusion's image
 * followed out of the noise. Numbers on the page are those that the engine computes here.
 */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import type { Explainer } from '../core/explain/explainer.ts';
import { momentsOf } from '../renderer/learn/timeMachine/moments.ts';
import { tourOf, type Quote } from '../renderer/learn/timeMachine/tour/captions.ts';
import { smallNoisePredictor } from './fixtures/smallNetworks.ts';
import { expect, test } from './harness/app.ts';
import { picture } from './harness/picture.ts';
import { trainRun } from './harness/prepared.ts';
import { classNamesOf, expectedMachine, goToMoment, numberOf, openExample, shownRow, timeline } from './harness/timeMachine.ts';
import { violations } from './harness/violations.ts';

const heading = (page: Page) => page.locator('.moment').getByRole('heading', { level: 2 });

/** Steps on to the first moment with this title from where it stands. */
async function stepTo(page: Page, title: RegExp): Promise<void> {
  const last = Number(await timeline(page).getAttribute('max'));
  for (let at = Number(await timeline(page).inputValue()); at <= last; at++) {
    await goToMoment(page, at);
    if (title.test(await heading(page).first().innerText())) return;
  }
  throw new Error(`No moment is called ${title}.`);
}

const numbersOf = (page: Page, selector: string) =>
  page.locator(selector).evaluateAll((found) =>
    found.map((own) => {
      const { edge, node, number } = (own as HTMLElement).dataset;
      return { at: Number(edge ?? node), number: Number(number) };
    }),
  );

function quotedNumber(machine: Explainer, { value, element, role }: Quote): number {
  const { parameters, stages } = machine.explanation;
  const parameter = parameters.find((own) => own.value === value);
  if (role === 'value') return machine.read(value)[element]!;
  if (role === 'after') return machine.read(parameter!.after)[element]!;
  const output = stages.flatMap((stage) => (stage.phase === 'backward' && stage.output.id === value ? [stage.output] : []))[0];
  const gradient = parameter?.gradient ?? output?.gradient;
  return machine.read(gradient!)[element]!;
}

test('messages on a graph, the tour, a link and a picture', async ({ app }) => {
  const { page } = app;
  await openExample(page, 'gcn-karate');
  const row = await shownRow(page);
  const machine = await expectedMachine('gcn-karate', row);
  const layer = machine.explanation.stages.find((stage) => stage.phase === 'forward' && stage.type === 'gcn');
  if (layer?.phase !== 'forward') throw new Error('No graph layer was found.');
  const ref = (name: string) => layer.inside.find((own) => own.name === name)!;
  const [messages, arrived, targets] = [ref('messages'), ref('aggregated'), machine.read(ref('targets').id)];
  const features = arrived.shape.at(-1)!;
  const feature = 2;

  await test.step('what travels along the edges, and its sum', async () => {
    await stepTo(page, /what arrives at nodes/);
    const field = page
      .getByRole('spinbutton', { name: 'Feature' })
      .or(page.getByLabel('Feature', { exact: true }))
      .first();
    await field.fill(String(feature));
    await field.press('Enter');
    const node = page.getByLabel('Node', { exact: true });
    await node.fill('5');
    await node.press('Enter');
    const arriving = page.getByRole('region', { name: 'What arrives at node 5' });
    await expect(arriving.locator('[data-role="arrived"]')).toBeVisible();
    const drawn = await numbersOf(page, 'path[data-edge]');
    expect(drawn.length).toBe([...targets].filter((target) => target < arrived.shape[0]!).length);
    for (const { at, number } of drawn) expect(number).toBe(machine.read(messages.id)[at * features + feature]);
    for (const { at, number } of await numbersOf(page, 'g[data-node]'))
      expect(number).toBe(machine.read(arrived.id)[at * features + feature]);
    const terms = await arriving
      .locator('[data-role="message"]')
      .evaluateAll((found) => found.map((own) => Number((own as HTMLElement).dataset['number'])));
    const total = await numberOf(arriving.locator('[data-role="arrived"]'));
    expect(total).toBe(machine.read(arrived.id)[5 * features + feature]);
    expect(terms.reduce((sum, term) => sum + term, 0)).toBeCloseTo(total, 5);
    await expect(arriving).toContainText('their sum');
  });

  await test.step('with the keyboard: another node, and a node moved', async () => {
    const graph = page.getByRole('group', { name: /^Graph of 34 nodes/ });
    const place = () => page.locator('g[data-node="5"]').getAttribute('transform');
    const before = await place();
    await graph.focus();
    await graph.press('Shift+ArrowRight');
    expect(await place()).not.toBe(before);
    await graph.press('ArrowLeft');
    await expect(page.getByRole('region', { name: 'What arrives at node 5' })).toHaveCount(0);
    expect(await violations(page)).toEqual([]);
    await picture(app, 'explain-graph');
  });

  await test.step('gradients come back along the same edges', async () => {
    await stepTo(page, /through messages along edges/);
    await expect(page.locator('path[data-edge][data-number]').first()).toBeAttached();
    const stage = machine.explanation.stages.find((own) => own.phase === 'backward' && own.type === 'gcn');
    const own = stage?.phase === 'backward' ? stage.inside.find(({ name }) => name === 'messages') : undefined;
    const width = own!.shape.at(-1)!;
    for (const { at, number } of await numbersOf(page, 'path[data-edge]')) {
      expect(number).toBe(machine.read(own!.gradient!)[at * width + Math.min(feature, width - 1)]);
    }
  });

  await test.step('the tour: captions with numbers, on, back, and left', async () => {
    await page.getByRole('button', { name: 'Tour', exact: true }).click();
    const tour = page.getByRole('region', { name: 'Tour through one training step' });
    await expect(tour).toContainText(`This is row ${row} of the data`);
    await expect(page.getByRole('button', { name: 'Play the tour' })).toBeVisible();
    const { stages } = machine.explanation;
    const captions = new Map(
      tourOf({ stages, rows: [row], classNames: await classNamesOf('gcn-karate') }, momentsOf(stages)).map((caption) => [
        caption.id,
        caption,
      ]),
    );
    const seen = new Set<string>();
    for (;;) {
      await expect(tour.locator('p')).not.toHaveText('reading …');
      const id = (await tour.locator('p').getAttribute('data-caption'))!;
      seen.add(id);
      // What it says and what it marks are the core's own numbers.
      const caption = captions.get(id)!;
      const numbers = caption.reads.map((read) => machine.read(read));
      await expect(tour.locator('p')).toHaveText(caption.say(numbers));
      const quote = caption.quote?.(numbers);
      const marked = page.getByRole('region', { name: 'This number' }).locator('.quoted');
      if (quote === undefined) await expect(marked).toHaveCount(0);
      else await expect(marked).toHaveAttribute('data-number', String(quotedNumber(machine, quote)));
      if (await tour.getByRole('button', { name: 'Next caption' }).isDisabled()) break;
      await tour.getByRole('button', { name: 'Next caption' }).click();
    }
    expect(seen.size).toBeGreaterThanOrEqual(9);
    await tour.getByRole('button', { name: 'Previous caption' }).click();
    await expect(tour).toContainText('The optimizer takes a step');
    expect(await violations(page)).toEqual([]);
    await picture(app, 'explain-tour');
    await page.keyboard.press('Escape');
    await expect(tour).toHaveCount(0);
  });

  await test.step('a picture: vectors from the same numbers', async () => {
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as picture (SVG)' }).click();
    const svg = fs.readFileSync(await (await saved).path(), 'utf8');
    const update = machine.explanation.parameters.find(({ node }) => node === layer.node)!;
    const shown = [...svg.matchAll(/data-number="([^"]+)"/g)].map(([, number]) => Number(number));
    expect(shown).toContain(machine.read(update.value)[0]);
    expect(svg).not.toContain('foreignObject');
    const png = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as picture (PNG)' }).click();
    expect(
      fs
        .readFileSync(await (await png).path())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  await test.step('a link comes back to the moment, two steps of training on; a foreign one says so', async () => {
    if (!app.isDesktop) await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const loss = page.locator('[data-role="loss"]');
    for (const steps of [1, 2]) {
      machine.advance();
      await page.getByRole('button', { name: 'Next training step' }).click();
      await expect(loss).toHaveAttribute('data-number', String(machine.read(machine.explanation.loss)[0]));
      await expect(page.getByText(`step ${steps}`, { exact: true })).toBeVisible();
    }
    await goToMoment(page, 5);
    const [at, title] = [await timeline(page).inputValue(), await heading(page).first().innerText()];
    await page.getByRole('button', { name: 'Copy link to this moment' }).click();
    await expect(page.getByText('The link is copied.')).toBeVisible();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toContain(`&at=${at}`);
    expect(link).toContain('&steps=2');
    await page.getByRole('combobox', { name: 'Sample' }).selectOption({ index: 1 });
    await expect(page.getByText('step 0', { exact: true })).toBeVisible();
    await page.keyboard.press('Control+k');
    await page.keyboard.insertText(link);
    await expect(page.getByRole('listbox').getByRole('option')).toHaveText([/Open this link to a moment/]);
    await page.keyboard.press('Enter');
    await expect(heading(page).first()).toHaveText(title);
    await expect(timeline(page)).toHaveValue(at);
    await expect(loss).toHaveAttribute('data-number', String(machine.read(machine.explanation.loss)[0]));
    await goToMoment(page, 0);
    await page.evaluate((hash) => (location.hash = hash), link.slice(link.indexOf('#')));
    await expect(timeline(page)).toHaveValue(at);
    await expect(loss).toHaveAttribute('data-number', String(machine.read(machine.explanation.loss)[0]));
    await page.keyboard.press('Control+k');
    await page.keyboard.type('open a link');
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Open a link' });
    await dialog.getByLabel('Link', { exact: true }).fill('#learn=run.99&row=0&at=0');
    await dialog.getByRole('button', { name: 'Open', exact: true }).click();
    await expect(dialog.getByRole('alert')).toContainText('This link leads to run 99, which this library does not have');
    await page.keyboard.press('Escape');
  });

  await test.step('a diffusion is followed out of the noise', async () => {
    await page.getByRole('navigation', { name: 'Learn' }).getByRole('button', { name: /^Diffusion/ }).click(); // prettier-ignore
    await expect(page.getByText('No diffusion has been trained yet')).toBeVisible();
    const network = path.join(app.library, 'diffusion.json');
    fs.writeFileSync(network, smallNoisePredictor());
    const settings = ['task=diffusion', 'task.steps=60'].flatMap((set) => ['--set', set]);
    await trainRun(app.library, ['--network', network, '--data', 'digits', '--seed', '1', '--epochs', '1', ...settings]);
    await page.reload();
    await page.getByRole('button', { name: 'Follow an image' }).click();
    const slider = page.getByRole('slider', { name: 'Noise step' });
    await expect(slider).toBeVisible({ timeout: 20_000 });
    const read = async (role: string) => numberOf(page.locator(`[data-role="${role}"]`));
    for (const look of [0, 20, 49]) {
      await slider.fill(String(look));
      const [image, noise, clean, kept] = [await read('image'), await read('noise'), await read('clean'), await read('kept')];
      const formula = (image - Math.sqrt(1 - kept) * noise) / Math.sqrt(kept);
      expect(clean).toBeCloseTo(Math.min(1, Math.max(-1, formula)), 3);
      expect(await read('formula')).toBeCloseTo(formula, 4);
    }
    await page.getByRole('button', { name: 'Compare samplers' }).click();
    for (const name of ['ddpm 60', 'ddim 10', 'ddim 50'])
      await expect(page.locator(`[data-sampler="${name}"]`)).toBeVisible({ timeout: 20_000 });
    expect(await violations(page)).toEqual([]);
    await picture(app, 'explain-diffusion');
  });
});
