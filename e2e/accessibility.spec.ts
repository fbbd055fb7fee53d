/** Every place in both themes against the rules of WCAG 2.2 AA, and the whole way round with the keyboard alone. */
import { expect, test } from './harness/app.ts';
import { goTo, type PlaceName } from './harness/places.ts';
import { trainTwoRuns } from './harness/prepared.ts';
import { violations } from './harness/violations.ts';

test('no violations in any place, light and dark', async ({ app }) => {
  const { page } = app;
  await trainTwoRuns(app.library);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    if (colorScheme === 'light') {
      expect.soft(await violations(page), 'start').toEqual([]);
      await page.getByRole('button', { name: 'Train a first network' }).click();
      await expect(page.getByRole('main').getByRole('button', { name: 'Train', exact: true })).toBeVisible();
    }
    for (const place of ['Data', 'Build', 'Train', 'Runs'] satisfies PlaceName[]) {
      await goTo(page, place);
      await page.waitForTimeout(300);
      expect.soft(await violations(page), `${place}, ${colorScheme}`).toEqual([]);
    }
  }
});

test('every place can be reached and left with the keyboard, and the focus is always seen', async ({ app }) => {
  const { page } = app;
  await page.getByRole('button', { name: 'Train a first network' }).press('Enter');
  await expect(page.getByRole('main').getByRole('button', { name: 'Train', exact: true })).toBeVisible();
  for (const place of ['Data', 'Build', 'Train', 'Runs'] satisfies PlaceName[]) {
    const button = page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place });
    await button.focus();
    await page.keyboard.press('Enter');
    await expect(button).toHaveAttribute('aria-current', /page|true/);
    await expect(page.getByRole('main').getByRole('button').first()).toBeVisible();
    const seen = new Set<string>();
    for (let step = 0; step < 80; step++) {
      await page.keyboard.press('Tab');
      const focused = await page.evaluate(() => {
        const element = document.activeElement;
        if (element === null || element === document.body) return null;
        const box = element.getBoundingClientRect();
        const style = getComputedStyle(element);
        const label = element.closest('label');
        const outline =
          style.outlineStyle !== 'none' ||
          style.boxShadow !== 'none' ||
          (label !== null && getComputedStyle(label).outlineStyle !== 'none');
        return { name: element.outerHTML.slice(0, 120), visible: box.width > 0 && box.height > 0, outline };
      });
      if (focused === null) break;
      expect.soft(focused.visible, `${place}: focus on something unseen: ${focused.name}`).toBe(true);
      expect.soft(focused.outline, `${place}: no focus ring: ${focused.name}`).toBe(true);
      if (seen.has(focused.name) && step > 20) break;
      seen.add(focused.name);
    }
    expect(seen.size, place).toBeGreaterThan(0);
  }
});
