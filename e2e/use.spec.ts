/** From a finished run to its use, each in at most three actions: draw a digit, write text, sample images, forecast, score a file. */
import fs from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { catSentences, smallLanguageModel, smallNoisePredictor } from './fixtures/smallNetworks.ts';
import { Actions, csvFile } from './harness/actions.ts';
import { expect, test, type App } from './harness/app.ts';
import { root } from './harness/host.ts';
import { picture } from './harness/picture.ts';
import { goTo, runRow } from './harness/places.ts';
import { trainRun } from './harness/prepared.ts';
import { violations } from './harness/violations.ts';

/** Trains by the command line and shows the finished run in Runs. */
async function finishedRun(app: App, network: string, ...args: string[]): Promise<Page> {
  await trainRun(app.library, ['--network', network, '--seed', '1', ...args]);
  const { page } = app;
  await page.reload();
  await goTo(page, 'Runs');
  await runRow(page, /completed/)
    .first()
    .click();
  await expect(useButton(page)).toBeVisible();
  return page;
}

const useButton = (page: Page) => page.getByRole('main').getByRole('button', { name: 'Use', exact: true });

/** A file beside the library, gone with it. */
function fileIn(app: App, name: string, content: string): string {
  const file = path.join(app.library, name);
  fs.writeFileSync(file, content);
  return file;
}

async function looksRight(app: App, name: string): Promise<void> {
  await picture(app, name);
  expect(await violations(app.page)).toEqual([]);
}

/** One stroke through these places, in shares of the pad. */
async function drawStroke(page: Page, places: readonly (readonly [number, number])[]): Promise<void> {
  const box = (await page.getByRole('img', { name: /^Drawing pad/ }).boundingBox())!;
  for (const [i, [x, y]] of places.entries()) {
    await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 3 });
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

const arc = (x: number, y: number, rx: number, ry: number, from: number, to: number) =>
  Array.from({ length: 13 }, (_, i): [number, number] => {
    const angle = ((from + ((to - from) * i) / 12) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });
const zero = arc(0.5, 0.5, 0.2, 0.32, -90, 270);
const three = [...arc(0.48, 0.34, 0.17, 0.16, -150, 90), ...arc(0.48, 0.66, 0.19, 0.17, -90, 150)];

test('a drawn digit is recognised', async ({ app }) => {
  const page = await finishedRun(app, 'digits-cnn', '--epochs', '6');
  const answer = page.getByRole('region', { name: 'Answer' });
  const actions = new Actions();
  await actions.click(useButton(page));
  await expect(page.getByRole('button', { name: /^Image of row/ }).first()).toBeVisible();
  actions.count += 1;
  await drawStroke(page, three);
  await expect(answer.getByRole('status')).toHaveText(/^3/);
  expect(actions.count).toBeLessThanOrEqual(3);
  await looksRight(app, 'use-draw');

  await test.step('taken back, and another one', async () => {
    await page.getByRole('button', { name: 'Undo stroke' }).click();
    await expect(answer).toContainText('appears here');
    await drawStroke(page, zero);
    await expect(answer.getByRole('status')).toHaveText(/^0/);
  });

  await test.step('from a file: found on its sheet, black on white', async () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100"><rect width="200" height="100" fill="#fff"/>';
    const ring = '<ellipse cx="140" cy="60" rx="14" ry="22" fill="none" stroke="#000" stroke-width="7"/></svg>';
    await page.getByRole('button', { name: 'Clear' }).click();
    const file = { name: 'zero.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg + ring) };
    await actions.chooseFile(page, page.getByRole('button', { name: 'Image file …' }), file);
    await expect(answer.getByRole('status')).toHaveText(/^0/);
  });

  await test.step('with the keyboard: an image of the test part', async () => {
    await page
      .getByRole('button', { name: /^Image of row/ })
      .nth(2)
      .press('Enter');
    await expect(answer.getByRole('status')).toHaveText(/right|true:/);
  });

  await test.step('back to the run, and to its use by the shortcut', async () => {
    await page.keyboard.press('Escape');
    await expect(useButton(page)).toBeVisible();
    await page.keyboard.press('Alt+u');
    await expect(page.getByRole('heading', { name: /^Use / })).toBeFocused();
  });
});

test('a text is written', async ({ app }) => {
  const sentences = catSentences();
  const network = fileIn(app, 'language.json', smallLanguageModel(new Set(sentences).size));
  const data = fileIn(app, 'cats.txt', sentences);
  const settings = ['task.steps=16', 'task.stride=8', 'batchSize=16', 'optimizer.learningRate=0.01'].flatMap((set) => ['--set', set]);
  const page = await finishedRun(app, network, '--data', data, '--epochs', '3', ...settings);
  const actions = new Actions();
  await actions.click(useButton(page));
  await actions.click(page.getByRole('button', { name: 'Write', exact: true }));
  const written = page.getByRole('region', { name: 'Written text' });
  await expect(written.last()).toContainText('sat on the', { timeout: 20_000 });
  await expect(page.getByRole('button', { name: 'Write again' })).toBeVisible({ timeout: 20_000 });
  expect(actions.count).toBeLessThanOrEqual(3);
  await looksRight(app, 'use-text');

  await test.step('stopped, what is written stays', async () => {
    const length = page.getByLabel('Length');
    await length.fill('10000');
    await length.press('Enter');
    await page.getByRole('button', { name: 'Write again' }).click();
    await page.getByRole('button', { name: 'Stop', exact: true }).click({ timeout: 20_000 });
    await expect(page.getByRole('button', { name: 'Write again' })).toBeVisible({ timeout: 20_000 });
    await expect(page.getByRole('alert')).toHaveCount(0);
  });
});

test('images are sampled', async ({ app }) => {
  const network = fileIn(app, 'diffusion.json', smallNoisePredictor());
  const page = await finishedRun(app, network, '--data', 'digits', '--set', 'task=diffusion', '--epochs', '4');
  const actions = new Actions();
  await actions.click(useButton(page));
  await actions.click(page.getByRole('button', { name: 'Sample', exact: true }));
  await expect(page.getByRole('img', { name: '16 sampled images of 8 × 8 pixels' })).toBeVisible({ timeout: 30_000 });
  const save = page.getByRole('button', { name: 'Save as PNG' });
  await expect(save).toBeEnabled({ timeout: 30_000 });
  const saved = page.waitForEvent('download');
  await actions.click(save);
  expect((await saved).suggestedFilename()).toMatch(/\.png$/);
  expect(actions.count).toBeLessThanOrEqual(3);
  await looksRight(app, 'use-sample');
});

test('a series is forecast', async ({ app }) => {
  const page = await finishedRun(app, 'conv1d-chicago', '--epochs', '2');
  const actions = new Actions();
  await actions.click(useButton(page));
  const chart = page.getByRole('img', { name: /^Forecast of ridership: / });
  await expect(chart).toBeVisible();
  await expect(page.getByText('nobody knows what came')).toBeVisible();
  await actions.click(page.getByRole('button', { name: 'Earlier' }));
  await expect(page.getByRole('status').filter({ hasText: 'Mean absolute error' })).toBeVisible();
  expect(actions.count).toBeLessThanOrEqual(3);
  await looksRight(app, 'use-forecast');
});

test('a file is scored, and one row by hand', async ({ app }) => {
  const page = await finishedRun(app, 'mlp-table', '--data', 'penguins', '--epochs', '20');
  const csv = fs
    .readFileSync(path.join(root, 'resources', 'samples', 'penguins', 'penguins.csv'), 'utf8')
    .trimEnd()
    .split('\n');
  // The first row comes from an island nobody knows.
  csv[1] = csv[1]!.replace('Torgersen', 'Atlantis');
  const actions = new Actions();
  await actions.click(useButton(page));
  await actions.chooseFile(page, page.getByRole('button', { name: 'Choose file …' }), csvFile('mine.csv', csv.join('\n')));
  const card = page.getByRole('region', { name: 'Score a file' });
  await expect(card.getByRole('status')).toHaveText(`${csv.length - 1} rows scored`);
  expect(actions.count).toBeLessThanOrEqual(3);
  await expect(card).toContainText('Atlantis');
  const saved = page.waitForEvent('download');
  await card.getByRole('button', { name: /^Save / }).click();
  const lines = fs
    .readFileSync(await (await saved).path(), 'utf8')
    .trimEnd()
    .split(/\r?\n/);
  expect(lines).toHaveLength(csv.length);
  expect(lines[0]).toBe(`${csv[0]!.trimEnd()},prediction,probability`);
  expect(lines[1]).toMatch(/,(Adelie|Chinstrap|Gentoo),[01](\.\d+)?$/);
  await looksRight(app, 'use-score');

  await test.step('a file without the columns is refused by their names', async () => {
    await actions.chooseFile(page, card.getByRole('button', { name: 'Another file …' }), csvFile('other.csv', 'a,b\n1,2\n'));
    await expect(card.getByRole('alert')).toContainText('"Island"');
  });

  await test.step('the model is taken along', async () => {
    const taken = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Save as JavaScript' }).click();
    expect((await taken).suggestedFilename()).toMatch(/\.m?js$/);
  });

  await test.step('one row: the answer follows what is typed', async () => {
    const answer = page.getByRole('region', { name: 'Answer' });
    await page.getByLabel('Start from').selectOption({ index: 1 });
    await expect(answer.getByRole('status')).toHaveText(/right|true:/);
    const before = await answer.getByRole('listitem').allTextContents();
    await page.getByLabel('Flipper Length (mm)').fill('231');
    await page.getByLabel('Flipper Length (mm)').press('Enter');
    await expect.poll(() => answer.getByRole('listitem').allTextContents()).not.toEqual(before);
  });
});
