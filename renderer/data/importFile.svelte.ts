/** Drives an import: sends the file in chunks, asks for the inspection, imports, and binds the result to a network. */
import { maxChunkBytes } from '../../core/exchange/frames.ts';
import type { Problem } from '../../core/problem.ts';
import type { UploadId } from '../../electron/contract/calls.ts';
import { call, on } from '../client.ts';
import { problemOf } from '../train/trainActions.ts';
import { showProblem } from '../workspace/notices.svelte.ts';
import { workspace } from '../workspace/workspace.svelte.ts';
import { createStarter } from './dataActions.ts';
import { dataSelection } from './dataSelection.svelte.ts';
import { dataText } from './dataText.ts';
import { idle, step, type ImportEvent, type ImportState } from './importMachine.ts';

/** Small enough that a cancel acts at once and the progress bar moves. */
const chunkBytes = Math.min(maxChunkBytes, 1024 * 1024);

class ImportFile {
  state = $state.raw<ImportState>(idle);
  /** Whether the data set is bound to the open network instead of a new starter network. */
  useOpenNetwork = $state(false);
  #file: File | undefined;
  /** Counts imports; an answer that belongs to an earlier one is dropped. */
  #attempt = 0;

  constructor() {
    on('activity', (activity) => {
      // Only one import runs at a time in one window, so its progress can only be this one's.
      if (this.state.at === 'importing' && activity.state === 'running')
        this.#send({ type: 'progress', done: activity.done, total: activity.total });
    });
  }

  get busy(): boolean {
    const { state } = this;
    return state.at === 'uploading' || state.at === 'inspecting' || state.at === 'importing' || (state.at === 'text' && state.importing);
  }

  async begin(file: File): Promise<void> {
    if (this.busy) return showProblem({ code: 'import.busy', message: dataText.busy });
    if (/\.(xlsx?|ods|zip|gz|png|jpe?g|gif|pdf|json|npy|parquet)$/i.test(file.name)) {
      return showProblem({ code: 'import.notCsv', message: dataText.notCsv(file.name) });
    }
    const previous = this.#upload;
    if (previous !== undefined) void call('data.cancelUpload', { upload: previous }).catch(() => undefined);
    const attempt = ++this.#attempt;
    this.#file = file;
    this.useOpenNetwork = workspace.document !== null && workspace.document.config === undefined;
    this.#send({ type: 'chosen', fileName: file.name, sizeBytes: file.size });
    workspace.go('data');
    try {
      const { upload } = await call('data.upload', { fileName: file.name, sizeBytes: file.size });
      if (attempt !== this.#attempt) return void (await call('data.cancelUpload', { upload }));
      this.#send({ type: 'uploadOpened', upload });
      for (let from = 0; from < file.size; from += chunkBytes) {
        const bytes = new Uint8Array(await file.slice(from, from + chunkBytes).arrayBuffer());
        await call('data.uploadChunk', { upload, bytes });
        if (attempt !== this.#attempt) return;
        this.#send({ type: 'sent', sentBytes: Math.min(file.size, from + chunkBytes) });
      }
      this.#send({ type: 'uploaded' });
      if (/\.txt$/i.test(file.name)) await this.#inspectText(upload, attempt, 'asDetected');
      else await this.#inspect(upload, undefined, attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#send({ type: 'failed', problem: readProblem(error, file.name) });
    }
  }

  retry(): void {
    if (this.#file !== undefined) void this.begin(this.#file);
  }

  async switchHeader(hasHeader: boolean): Promise<void> {
    if (this.state.at !== 'ready') return;
    const { upload } = this.state.inspection;
    const attempt = this.#attempt;
    this.#send({ type: 'headerSwitched' });
    try {
      await this.#inspect(upload, hasHeader, attempt);
    } catch (error) {
      if (attempt === this.#attempt) this.#send({ type: 'failed', problem: problemOf(error) });
    }
  }

  /** A text as a table, or a table as a text. */
  async readAs(form: 'table' | 'text'): Promise<void> {
    if (this.state.at !== 'text' && this.state.at !== 'ready') return;
    const { upload } = this.state.inspection;
    const attempt = this.#attempt;
    this.#send({ type: 'readOtherwise' });
    try {
      if (form === 'table') await this.#inspect(upload, undefined, attempt);
      else await this.#inspectText(upload, attempt, 'asText');
    } catch (error) {
      if (attempt === this.#attempt) this.#send({ type: 'failed', problem: problemOf(error) });
    }
  }

  nameText(name: string): void {
    this.#send({ type: 'named', name });
  }

  async importTextNow(): Promise<void> {
    if (this.state.at !== 'text') return;
    const { inspection, name } = this.state;
    const attempt = this.#attempt;
    this.#send({ type: 'importStarted' });
    try {
      const info = await call('data.importText', { upload: inspection.upload, name: name.trim() });
      if (attempt !== this.#attempt) return;
      this.#send({ type: 'imported', info });
      await workspace.refreshDataSets();
      dataSelection.choose(info.id);
      this.#send({ type: 'cancelled' });
    } catch (error) {
      if (attempt === this.#attempt) this.#send({ type: 'failed', problem: problemOf(error) });
    }
  }

  choose(change: Extract<ImportEvent, { type: 'chose' }>['change']): void {
    this.#send({ type: 'chose', change });
  }

  async importNow(): Promise<void> {
    if (this.state.at !== 'ready') return;
    const { inspection, choices } = this.state;
    const attempt = this.#attempt;
    this.#send({ type: 'importStarted' });
    try {
      const info = await call('data.importCsv', { upload: inspection.upload, ...choices, name: choices.name.trim() });
      if (attempt !== this.#attempt) return;
      this.#send({ type: 'imported', info });
      await workspace.refreshDataSets();
      dataSelection.choose(info.id);
      if (this.useOpenNetwork && workspace.document !== null) await workspace.chooseDataSet(info.id);
      else await createStarter(info);
      this.#send({ type: 'cancelled' });
    } catch (error) {
      if (attempt === this.#attempt) this.#send({ type: 'failed', problem: problemOf(error) });
    }
  }

  cancel(): void {
    const upload = this.#upload;
    this.#attempt++;
    this.#send({ type: 'cancelled' });
    // The host forgets the file; when it already has, there is nothing to say.
    if (upload !== undefined) void call('data.cancelUpload', { upload }).catch(() => undefined);
  }

  get #upload(): UploadId | undefined {
    const { state } = this;
    if (state.at === 'uploading' || state.at === 'inspecting') return state.upload;
    if (state.at === 'ready' || state.at === 'importing' || state.at === 'text') return state.inspection.upload;
    return undefined;
  }

  async #inspect(upload: UploadId, hasHeader: boolean | undefined, attempt: number): Promise<void> {
    const inspection = await call('data.inspectCsv', { upload, ...(hasHeader !== undefined && { hasHeader }) });
    if (attempt === this.#attempt) this.#send({ type: 'inspected', inspection });
  }

  /** What looks like a table is read as one, unless a text was asked for. */
  async #inspectText(upload: UploadId, attempt: number, wanted: 'asDetected' | 'asText'): Promise<void> {
    const inspection = await call('data.inspectText', { upload });
    if (attempt !== this.#attempt) return;
    if (inspection.looksLikeTable && wanted === 'asDetected') await this.#inspect(upload, undefined, attempt);
    else this.#send({ type: 'inspectedText', inspection });
  }

  #send(event: ImportEvent): void {
    this.state = step(this.state, event);
  }
}

/** A browser refuses to read a file that changed since it was chosen. */
function readProblem(error: unknown, fileName: string): Problem {
  if (!(error instanceof DOMException)) return problemOf(error);
  return {
    code: 'import.unreadable',
    message: dataText.unreadable(fileName),
    hint: dataText.unreadableHint,
    where: { kind: 'file', file: fileName },
  };
}

export const importFile = new ImportFile();

/** Starts importing a file, whatever place is shown. */
export function beginImport(file: File): void {
  void importFile.begin(file);
}

let chooser: HTMLInputElement | undefined;

/** The hidden file field of the window, mounted once. */
export function setChooser(input: HTMLInputElement | undefined): void {
  chooser = input;
}

/** Opens the system's file chooser; must be called from a click or a key. */
export function pickFile(): void {
  if (chooser === undefined) return;
  // The same file can be chosen again after it was mended.
  chooser.value = '';
  chooser.click();
}
