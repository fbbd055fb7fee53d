/** What nodes are called, where the data set has a text column: pages of it, as rows come into view. */
import type { DataSetInfo } from '../../../core/data/dataSet.ts';
import { PreviewPages } from '../../data/previewPages.svelte.ts';

export class NodeNames {
  readonly #column: string | undefined;
  readonly #pages: PreviewPages;

  constructor(info: DataSetInfo) {
    this.#column = info.columns.find(({ type }) => type === 'text')?.name;
    this.#pages = new PreviewPages(info.id, info.rowCount);
  }

  get(node: number): string {
    if (this.#column === undefined) return '';
    const at = this.#pages.columns.findIndex(({ name }) => name === this.#column);
    const row = this.#pages.row(node);
    if (row === undefined) this.#pages.ask(node);
    return at < 0 ? '' : (row?.cells[at] ?? '');
  }
}
