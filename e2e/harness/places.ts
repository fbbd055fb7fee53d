/** What several journeys read from the places: the end of a training, a row of Runs, a score. */
import { expect, type Locator, type Page } from '@playwright/test';

export type PlaceName = 'Data' | 'Build' | 'Train' | 'Runs' | 'Learn';

export async function goTo(page: Page, place: PlaceName): Promise<void> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: place }).click();
}

/** The Train button of the Train place. */
export function trainButton(page: Page): Locator {
  return page.getByRole('main').getByRole('button', { name: /^Train( again)?$/ });
}

export async function trainingEnded(page: Page, timeout = 60_000): Promise<void> {
  await expect(
    page
      .getByRole('main')
      .getByText(/^(Completed|Stopped)$/)
      .first(),
  ).toBeVisible({ timeout });
}

export function runRow(page: Page, name: RegExp | string): Locator {
  return page.getByRole('main').getByRole('row', { name });
}

/** A number of the scores table as a fraction: `95.3 %` is 0.953. */
export async function readScore(page: Page, part: string, score: string): Promise<number> {
  const table = page.getByRole('region', { name: 'Scores' }).getByRole('table');
  const columns = await table.getByRole('columnheader').allTextContents();
  const column = columns.findIndex((text) => text.trim() === part);
  const cells = await table.getByRole('row', { name: score }).getByRole('cell').allTextContents();
  const text = cells[column - (columns.length - cells.length)] ?? '';
  const value = Number.parseFloat(text.replaceAll(',', ''));
  return text.includes('%') ? value / 100 : value;
}

/** One entry of the training settings, by keyboard. */
export async function setSetting(page: Page, label: string, value: string): Promise<void> {
  const field = page.getByRole('region', { name: 'Training settings' }).getByLabel(label, { exact: true });
  await field.fill(value);
  await field.press('Enter');
  await expect(field).toHaveValue(value);
}

/** The step of the shown run: `step 1,234 / 9,999` is 1234. */
export async function readStep(page: Page): Promise<number> {
  const text = await page.getByRole('region', { name: 'Training progress' }).innerText();
  return Number((/([\d,]+) \/ [\d,]+/.exec(text)?.[1] ?? 'NaN').replaceAll(',', ''));
}
