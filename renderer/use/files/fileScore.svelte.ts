/** Scores a file with the run: sends it, follows the scoring, and keeps what came out until it is saved. */
import { maxChunkBytes } from '../../../core/exchange/frames.ts';
import { ProblemError, type Problem } from '../../../core/problem.ts';
import type { RunId, ScoredFile } from '../../../electron/contract/calls.ts';
import { call, on } from '../../client.ts';
import { problemOf } from '../../problemOf.ts';
import { text } from '../../text.ts';
import { notify, showError } from '../../workspace/notices.svelte.ts';
import { fetchDownload } from './downloads.ts';
import { saveFile } from './saveFile.ts';

/** Small enough that a cancel acts at once and the progress bar moves. */
const chunkBytes = Math.min(maxChunkBytes, 1024 * 1024);

export type ScoreState =
  | { readonly at: 'idle' }
  | { readonly at: 'sending' | 'scoring'; readonly fileName: string; readonly done: number; readonly total: number }
  | { readonly at: 'done'; readonly fileName: string; readonly scored: ScoredFile; readonly content: Blob }
  | { readonly at: 'failed'; readonly fileName: string; readonly problem: Problem };

export class FileScore {
  state = $state.raw<ScoreState>({ at: 'idle' });
  /** A column for every class's probability, too. */
  perClass = $state(false);
  readonly #run: RunId;
  #upload: string | undefined;
  /** Counts files; what belongs to an earlier one is dropped. */
  #attempt = 0;

  constructor(run: RunId) {
    this.#run = run;
  }

  listen(): () => void {
    const end = on('activity', ({ id, done, total, state }) => {
      if (id !== this.#upload || state !== 'running' || this.state.at !== 'scoring') return;
      this.state = { ...this.state, done, total };
    });
    return () => {
      end();
      this.cancel();
    };
  }

  async begin(file: File): Promise<void> {
    this.cancel();
    const attempt = ++this.#attempt;
    const fileName = file.name;
    this.state = { at: 'sending', fileName, done: 0, total: file.size };
    try {
      const { upload } = await call('data.upload', { fileName, sizeBytes: file.size });
      if (attempt !== this.#attempt) return void (await call('data.cancelUpload', { upload }));
      this.#upload = upload;
      for (let from = 0; from < file.size; from += chunkBytes) {
        const bytes = new Uint8Array(await file.slice(from, from + chunkBytes).arrayBuffer());
        await call('data.uploadChunk', { upload, bytes });
        if (attempt !== this.#attempt) return;
        this.state = { at: 'sending', fileName, done: Math.min(file.size, from + chunkBytes), total: file.size };
      }
      this.state = { at: 'scoring', fileName, done: 0, total: 0 };
      const scored = await call('use.scoreUpload', { run: this.#run, upload, perClass: this.perClass });
      const content = await fetchDownload(scored, 'text/csv');
      if (attempt === this.#attempt) this.state = { at: 'done', fileName, scored, content };
    } catch (error) {
      if (attempt !== this.#attempt) return;
      const cancelled = error instanceof ProblemError && error.problem.code === 'job.cancelled';
      this.state = cancelled ? { at: 'idle' } : { at: 'failed', fileName, problem: problemOf(error) };
    } finally {
      if (attempt === this.#attempt) this.#upload = undefined;
    }
  }

  cancel(): void {
    const upload = this.#upload;
    const { at } = this.state;
    this.#attempt++;
    this.#upload = undefined;
    if (at === 'sending' || at === 'scoring') this.state = { at: 'idle' };
    if (upload === undefined) return;
    // When it has ended by itself meanwhile there is nothing to say.
    void call(at === 'scoring' ? 'use.cancelScore' : 'data.cancelUpload', { upload }).catch(() => undefined);
  }

  save(): void {
    if (this.state.at === 'done') saveFile(this.state.scored.fileName, this.state.content);
  }
}

/** Writes the trained network as a file of its own and saves it. */
export async function takeModel(run: RunId): Promise<void> {
  try {
    const download = await call('use.exportModel', { run });
    saveFile(download.fileName, await fetchDownload(download, 'text/javascript'));
    notify({ text: text.commands.exported(download.fileName) });
  } catch (error) {
    showError(error);
  }
}
