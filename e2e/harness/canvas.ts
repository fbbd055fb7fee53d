/** The canvas as a hand meets it: layers by their name, connections dragged from handle to handle. */
import { expect, type Locator, type Page } from '@playwright/test';
import { centre, drag } from './actions.ts';

export class Canvas {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** A layer on the canvas, by the name that stands on it. */
  node(name: string): Locator {
    return this.page.locator('.svelte-flow__node').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  nodes(): Locator {
    return this.page.locator('.svelte-flow__node');
  }

  /** The shape that stands at a connection. */
  shape(text: string): Locator {
    return this.page.locator('.svelte-flow__edges').getByText(text, { exact: true });
  }

  palette(title: string): Locator {
    return this.page.getByRole('button', { name: `Add ${title}`, exact: true });
  }

  /** Drags a layer from the palette to a place, given as shares of the canvas. */
  async dragFromPalette(title: string, x: number, y: number): Promise<void> {
    const pane = this.page.locator('.svelte-flow');
    const box = (await pane.boundingBox())!;
    await this.palette(title).dragTo(pane, { targetPosition: { x: box.width * x, y: box.height * y } });
  }

  /** Types into the palette's filter and adds the best match with Enter. */
  async addByKeyboard(words: string): Promise<void> {
    const filter = this.page.getByRole('searchbox', { name: 'Filter layers' });
    await filter.focus();
    await filter.fill(words);
    await filter.press('Enter');
    await filter.fill('');
  }

  async connect(from: string, to: string): Promise<void> {
    const source = this.node(from).locator('.svelte-flow__handle.source');
    const target = this.node(to).locator('.svelte-flow__handle.target');
    await drag(this.page, await centre(source), await centre(target));
  }

  /** A parameter of the selected layer. */
  parameter(label: string): Locator {
    return this.page.getByRole('complementary', { name: 'Inspector' }).getByLabel(label, { exact: true });
  }

  async setParameter(label: string, value: string): Promise<void> {
    const field = this.parameter(label);
    await field.fill(value);
    await field.press('Enter');
    await expect(field).toHaveValue(value);
  }
}
