/** Rows of a data set as they come into view: pages are asked for once, and again when the data changed. */
import { call } from '../client.ts';
import type { DataPreview, DataPreviewRow } from '../../electron/contract/calls.ts';
import type { Problem } from '../../core/problem.ts';
import { problemOf } from '../train/trainActions.ts';

export const pageRows = 100;

export class PreviewPages {
  readonly id: string;
  total = $state(0);
  columns = $state.raw<DataPreview['columns']>([]);
  problem = $state.raw<Problem | undefined>();
  #pages = new Map<number, DataPreview | 'asked'>();
  #version = $state(0);

  constructor(id: string, total: number) {
    this.id = id;
    this.total = total;
    this.ask(0);
  }

  /** Asks for the page of this row unless it is here or on its way. */
  ask(row: number): void {
    const page = Math.floor(row / pageRows);
    if (this.#pages.has(page)) return;
    this.#pages.set(page, 'asked');
    void this.#load(page);
  }

  row(row: number): DataPreviewRow | undefined {
    void this.#version;
    const page = this.#pages.get(Math.floor(row / pageRows));
    return page === undefined || page === 'asked' ? undefined : page.rows[row % pageRows];
  }

  image(row: number): { readonly shape: readonly [number, number, number]; readonly bytes: Uint8Array } | undefined {
    void this.#version;
    const page = this.#pages.get(Math.floor(row / pageRows));
    if (page === undefined || page === 'asked' || page.images === undefined) return undefined;
    const { shape, bytes } = page.images;
    const size = shape[0] * shape[1] * shape[2];
    const from = (row % pageRows) * size;
    return { shape, bytes: bytes.subarray(from, from + size) };
  }

  async #load(page: number): Promise<void> {
    try {
      const preview = await call('data.preview', { id: this.id, offset: page * pageRows, count: pageRows });
      this.#pages.set(page, preview);
      this.total = preview.total;
      this.columns = preview.columns;
      this.problem = undefined;
      this.#version++;
    } catch (error) {
      this.#pages.delete(page);
      this.problem = problemOf(error);
    }
  }
}
