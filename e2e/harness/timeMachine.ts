/** The time machine computed in the test itself, to hold against the numbers on the page. */
import fs from 'node:fs';
import path from 'node:path';
import { createExplainer, type Explainer } from '../../core/explain/explainer.ts';
import { normOf } from '../../core/learn/activationCurve.ts';
import { countCost, type LayerCost } from '../../core/learn/cost.ts';
import type { DenseLayer } from '../../core/learn/collapse.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { parseDocument } from '../../core/graph/parseDocument.ts';
import { prepareData } from '../../core/tasks/prepareData.ts';
import { exampleConfig } from '../../core/train/exampleConfig.ts';
import { loadSample } from '../../electron/files/samples.ts';
import { expect, type Locator, type Page } from '@playwright/test';
import { root } from './host.ts';

const resources = path.join(root, 'resources');
const networks = path.join(resources, 'samples', 'networks');

interface Example {
  readonly id: string;
  readonly name: string;
  readonly dataSet: string;
  readonly settings?: Readonly<Record<string, string>>;
}

export function exampleOf(id: string): Example {
  const all = JSON.parse(fs.readFileSync(path.join(networks, 'index.json'), 'utf8')) as readonly Example[];
  const found = all.find((example) => example.id === id);
  if (found === undefined) throw new Error(`There is no example "${id}".`);
  return found;
}

/** The example as it opens from the start page. */
export async function partsOf(id: string) {
  const { dataSet, settings } = exampleOf(id);
  const document = parseDocument(JSON.parse(fs.readFileSync(path.join(networks, `${id}.json`), 'utf8')));
  const data = await loadSample(resources, dataSet);
  const config = exampleConfig(data.info, document.name, settings);
  return { document, config, data: prepareData(data, config) };
}

/** Before training. */
export async function expectedMachine(id: string, row: number): Promise<Explainer> {
  return createExplainer({ ...(await partsOf(id)), rows: [row] });
}

/** Size of the loss's gradient by the output of every layer with weights, before training, for so many samples. */
export async function expectedNorms(
  id: string,
  samples: number,
  change = (document: NetworkDocument): NetworkDocument => document,
): Promise<number[]> {
  const { document, config, data } = await partsOf(id);
  const rows = [...data.parts.validation, ...data.parts.train].slice(0, samples);
  const { explanation, read } = createExplainer({ document: change(document), config, data, rows });
  return explanation.stages.flatMap((stage) =>
    stage.phase === 'forward' && stage.weights.length > 0 && stage.output.gradient !== undefined
      ? [normOf(read(stage.output.gradient))]
      : [],
  );
}

/** What the classes of its target are called. */
export async function classNamesOf(id: string): Promise<readonly string[]> {
  return (await partsOf(id)).data.target.role.classNames ?? [];
}

/** Dense layers before training, with what the first one reads of the first sample. */
export async function expectedDense(id: string, names: readonly string[]): Promise<{ layers: DenseLayer[]; x: Float64Array }> {
  const { document, config, data } = await partsOf(id);
  const { explanation, read } = createExplainer({ document, config, data, rows: [data.parts.validation[0]!] });
  const stages = names.map((name) => explanation.stages.find((stage) => stage.phase === 'forward' && stage.name === name)!);
  const layers = stages.flatMap((stage): DenseLayer[] => {
    if (stage.phase !== 'forward') return [];
    const [weight, bias] = stage.weights;
    const [units = 0, inputs = 0] = weight!.shape;
    const activation = stage.params['activation'] as DenseLayer['activation'];
    return [{ name: stage.name, units, inputs, activation, weight: read(weight!.id), bias: read(bias!.id) }];
  });
  const [first] = stages;
  const x = Float64Array.from(first?.phase === 'forward' ? read(first.inputs[0]!.id) : []);
  return { layers, x };
}

export async function expectedCost(id: string): Promise<LayerCost[]> {
  return countCost(await partsOf(id));
}

export async function openExample(page: Page, id: string): Promise<void> {
  await page.getByRole('button', { name: 'New network' }).click();
  await page.getByRole('button').filter({ has: page.getByText(exampleOf(id).name, { exact: true }) }).first().click(); // prettier-ignore
  await expect(page.getByRole('tab').first()).toBeVisible();
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Learn' }).click();
  await expect(timeline(page)).toBeVisible({ timeout: 30_000 });
}

export const timeline = (page: Page): Locator => page.getByRole('slider', { name: 'Moments of this training step' });

export async function goToMoment(page: Page, at: number | string): Promise<void> {
  await timeline(page).fill(String(at));
  // What the timeline says of itself comes with the moment's numbers, a frame behind its handle.
  await expect(timeline(page)).toHaveAttribute('aria-valuetext', new RegExp(`^Moment ${Number(at) + 1} of `));
}

/** The looked-at row of the data set. */
export async function shownRow(page: Page): Promise<number> {
  return Number(await page.getByRole('combobox', { name: 'Sample' }).inputValue());
}

export async function numberOf(locator: Locator): Promise<number> {
  return Number(await locator.getAttribute('data-number'));
}

interface ShownNumber {
  readonly tensor: number;
  readonly element: number;
  readonly number: number;
}

/** Every number that the page shows of a tensor: those written out and those under the marks of heat maps. */
export async function shownNumbers(page: Page): Promise<ShownNumber[]> {
  return numbersInPage(page, []);
}

/** The same, and those of a short walk with the keyboard through every heat map that is shown. */
export async function walkMaps(page: Page): Promise<ShownNumber[]> {
  return numbersInPage(page, ['ArrowRight', 'ArrowRight', 'ArrowDown']);
}

/** Keys are pressed within the page: as questions from outside, one by one, the hundreds of them take many seconds. */
async function numbersInPage(page: Page, walk: readonly string[]): Promise<ShownNumber[]> {
  return page.evaluate(async (keys) => {
    const shown = (): ShownNumber[] =>
      [...document.querySelectorAll<HTMLElement>('[data-tensor]')]
        .filter((panel) => panel.checkVisibility())
        .flatMap((panel) =>
          [...panel.querySelectorAll<HTMLElement>('[data-element][data-number]')].map((own) => ({
            tensor: Number(panel.dataset['tensor']),
            element: Number(own.dataset['element']),
            number: Number(own.dataset['number']),
          })),
        );
    const found = shown();
    for (const map of keys.length === 0 ? [] : document.querySelectorAll<HTMLElement>('[data-tensor] .grid:has(canvas)')) {
      if (!map.checkVisibility()) continue;
      map.focus();
      for (const key of keys) {
        map.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
        await new Promise((resolve) => requestAnimationFrame(resolve));
        found.push(...shown());
      }
    }
    return found;
  }, walk);
}

/** Holds all of them against the engine's in one comparison, with the place of each that differs. @returns how many there were */
export function expectEngineNumbers(machine: Explainer, shown: readonly ShownNumber[], where = ''): number {
  const engine = shown.map(({ tensor, element }) => ({ tensor, element, number: machine.read(tensor)[element] }));
  const differs = ({ number }: ShownNumber, i: number): boolean => !Object.is(number, engine[i]!.number);
  const wrong = shown.filter(differs);
  expect(wrong, `numbers that are not the engine's ${where}`).toEqual(engine.filter((_, i) => differs(shown[i]!, i)));
  return shown.length;
}
