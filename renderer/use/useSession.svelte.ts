/** One finished run in use: what can be done with it, which of that is shown, and the files that were dropped for it. */
import type { Problem } from '../../core/problem.ts';
import type { RunId, UseDescription, UseRow } from '../../electron/contract/calls.ts';
import { call } from '../client.ts';
import { problemOf } from '../problemOf.ts';
import { modesOf, type UseMode } from './modes.ts';

const imageFile = /\.(png|jpe?g|gif|webp|bmp|svg|avif)$/i;

export class UseSession {
  readonly run: RunId;
  description = $state.raw<UseDescription | undefined>();
  problem = $state.raw<Problem | undefined>();
  mode = $state.raw<UseMode | undefined>();
  /** Rows to begin with, of the test part where there is one. */
  examples = $state.raw<readonly UseRow[]>([]);
  /** The last file dropped or chosen, for the panel that shows images and for the card that scores. */
  image = $state.raw<File | undefined>();
  file = $state.raw<File | undefined>();
  modes: readonly UseMode[] = $derived(this.description === undefined ? [] : modesOf(this.description));
  #ended = false;

  constructor(run: RunId) {
    this.run = run;
  }

  get takesImages(): boolean {
    return this.mode === 'image';
  }

  /** Whether a file of rows can be scored: what can be typed for one row can stand in a file for many. */
  get scores(): boolean {
    const { description } = this;
    return description?.predict?.typed === true && description.predict.answer !== 'values';
  }

  begin(): () => void {
    void this.load();
    return () => {
      this.#ended = true;
      void call('use.close', {}).catch(() => undefined);
    };
  }

  async load(): Promise<void> {
    this.problem = undefined;
    try {
      const description = await call('use.describe', { run: this.run });
      if (this.#ended) return;
      this.description = description;
      this.mode ??= modesOf(description)[0];
      if (description.predict !== undefined && description.examples.length > 0)
        this.examples = await call('use.rows', { run: this.run, rows: description.examples });
    } catch (error) {
      if (!this.#ended) this.problem = problemOf(error);
    }
  }

  takeFile(file: File): void {
    if (imageFile.test(file.name) && this.takesImages) this.image = file;
    else this.file = file;
  }
}
