/** What a person does with mouse and keyboard, counted where a journey has a limit. */
import type { Locator, Page } from '@playwright/test';

/** Clicks, choices and entries, each one action. */
export class Actions {
  count = 0;

  async click(target: Locator): Promise<void> {
    this.count += 1;
    await target.click();
  }

  async choose(target: Locator, label: string): Promise<void> {
    this.count += 1;
    await target.selectOption({ label });
  }

  async enter(target: Locator, text: string): Promise<void> {
    this.count += 1;
    await target.fill(text);
    await target.press('Enter');
  }

  /** The click that opens the system's file chooser and the choice in it are two actions. */
  async chooseFile(page: Page, opener: Locator, file: string | { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    const chooser = page.waitForEvent('filechooser');
    await this.click(opener);
    this.count += 1;
    await (await chooser).setFiles(file);
  }
}

/** Drags with the mouse in small steps, as a hand does. */
export async function drag(page: Page, from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 4, from.y + 4);
  await page.mouse.move(to.x, to.y, { steps: 12 });
  await page.mouse.up();
}

/** The middle of something once it has come to rest. */
export async function centre(target: Locator): Promise<{ x: number; y: number }> {
  let before = '';
  for (let attempt = 0; attempt < 50; attempt++) {
    const box = await target.boundingBox();
    const now = JSON.stringify(box);
    if (box !== null && now === before) return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    before = now;
    await target.page().waitForTimeout(60);
  }
  throw new Error(`${target.toString()} is not on the screen, or does not come to rest.`);
}

export function csvFile(name: string, content: string | Buffer): { name: string; mimeType: string; buffer: Buffer } {
  return { name, mimeType: 'text/csv', buffer: Buffer.from(content) };
}
