/**
 * Pictures of every place, in light and dark, small and large, into test-results/screens; nothing may stick out of
 * the window. LAYERBENCH_README_PICTURE=write also renews the picture of the README.
 */
import fs from 'node:fs';
import path from 'node:path';
import { expect, test, type App } from './harness/app.ts';
import { lossShown } from './harness/firstModelJourney.ts';
import { root } from './harness/host.ts';
import { settled } from './harness/picture.ts';
import { goTo, type PlaceName } from './harness/places.ts';
import { trainTwoRuns } from './harness/prepared.ts';

const sizes = [
  { width: 1280, height: 800 },
  { width: 1920, height: 1080 },
];
const folder = path.join(root, 'test-results', 'screens');
const readmePicture = path.join(root, 'resources', 'readme', 'build.png');

async function picture(app: App, name: string): Promise<void> {
  const { page } = app;
  // What the place asks the host for arrives meanwhile.
  await page.waitForTimeout(250);
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const size of sizes) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(size);
      const fit = page.getByRole('button', { name: 'Fit network to window' });
      if (await fit.isVisible()) await fit.click();
      await settled(page);
      await page.screenshot({ path: path.join(folder, `${name}-${colorScheme}-${size.width}.png`) });
      const overflow = await page.evaluate(() => {
        const { scrollWidth, scrollHeight } = document.documentElement;
        return { across: scrollWidth - window.innerWidth, down: scrollHeight - window.innerHeight };
      });
      expect.soft(overflow, `${name} at ${size.width}`).toEqual({ across: 0, down: 0 });
    }
  }
}

test('every place, both themes, both sizes', async ({ app }) => {
  test.setTimeout(180_000);
  const { page } = app;
  await picture(app, 'start');
  await trainTwoRuns(app.library);
  await page.reload();
  await page.getByRole('button', { name: 'Train a first network' }).click();
  await expect(page.getByRole('main').getByRole('button', { name: 'Train', exact: true })).toBeVisible();
  await picture(app, 'train-ready');
  for (const place of ['Data', 'Build'] satisfies PlaceName[]) {
    await goTo(page, place);
    await picture(app, place.toLowerCase());
  }
  if (process.env['LAYERBENCH_README_PICTURE'] === 'write') {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.setViewportSize(sizes[0]!);
    await page.getByRole('button', { name: 'Fit network to window' }).click();
    await page.getByRole('main').getByText('dense_1', { exact: true }).click();
    await page.waitForTimeout(300);
    fs.mkdirSync(path.dirname(readmePicture), { recursive: true });
    await page.screenshot({ path: readmePicture });
  }
  await goTo(page, 'Train');
  // The slow engine, so that the pictures show a training that still runs.
  await page.getByRole('main').getByRole('combobox', { name: 'Engine' }).selectOption('reference');
  await page.getByRole('main').getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => lossShown(page), { timeout: 30_000 }).toMatch(/training \d/);
  await picture(app, 'train');
  await page.getByRole('main').getByRole('button', { name: 'Stop' }).first().click();
  await goTo(page, 'Runs');
  await picture(app, 'runs');
  const boxes = page.getByRole('main').getByRole('checkbox', { name: /^Select / });
  await boxes.nth(1).check();
  await boxes.nth(2).check();
  await picture(app, 'runs-compared');
  await goTo(page, 'Learn');
  await expect(page.getByRole('slider', { name: 'Moments of this training step' })).toBeVisible();
  await picture(app, 'learn');
});
