/** Distributions of columns, asked for once per version of a data set. */
import { call } from '../client.ts';
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import type { ColumnSummary } from '../../electron/contract/calls.ts';

class ColumnSummaries {
  #known = new Map<string, ColumnSummary | 'asked' | 'failed'>();
  #version = $state(0);

  get(info: DataSetInfo, column: string): ColumnSummary | 'failed' | undefined {
    void this.#version;
    const known = this.#known.get(key(info, column));
    return known === 'asked' ? undefined : known;
  }

  ask(info: DataSetInfo, column: string): void {
    const name = key(info, column);
    if (this.#known.has(name)) return;
    this.#known.set(name, 'asked');
    void call('data.columnSummary', { id: info.id, column }).then(
      (summary) => this.#put(name, summary),
      () => this.#put(name, 'failed'),
    );
  }

  #put(name: string, summary: ColumnSummary | 'failed'): void {
    this.#known.set(name, summary);
    this.#version++;
  }
}

const key = (info: DataSetInfo, column: string): string => `${info.id} ${info.hash} ${column}`;

export const columnSummaries = new ColumnSummaries();
