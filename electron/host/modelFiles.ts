/** Files that come out of runs: scored tables and models to take along, until the interface has fetched them. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { maxChunkBytes } from '../../core/exchange/frames.ts';
import { raise } from '../../core/problem.ts';
import type { Download, DownloadId, RunId, ScoredFile, UploadId } from '../contract/calls.ts';
import { raiseFileError } from '../files/fileProblem.ts';
import { exportModelInThread, scoreFileInThread } from '../trainer/modelFiles.ts';
import type { ScoreFileResult } from '../trainer/scoreFile.ts';
import { temporaryName, unpackedName } from '../trainer/scoreWriter.ts';
import type { CsvImports } from './csvImports.ts';
import { idFromName, removeAbandoned } from './csvImports.ts';
import type { Emit } from './events.ts';
import type { RunManager } from './runManager.ts';

export interface ScoreRequest {
  readonly run: RunId;
  readonly path: string;
  readonly fileName: string;
  readonly outPath: string;
  readonly perClass: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface ModelFiles {
  scoreUpload(run: RunId, upload: UploadId, perClass: boolean): Promise<ScoredFile>;
  cancelScore(upload: UploadId): void;
  exportModel(run: RunId): Promise<Download>;
  download(download: DownloadId, offset: number): Promise<{ bytes: Uint8Array }>;
  endDownload(download: DownloadId): Promise<void>;
  /** From file to file, for the command line. */
  scoreFile(request: ScoreRequest): Promise<ScoreFileResult>;
  exportFile(run: RunId, outPath: string, asScript?: boolean): Promise<{ readonly sizeBytes: number }>;
  close(): Promise<void>;
}

export interface ModelFilesOptions {
  readonly folder: string;
  readonly csv: CsvImports;
  readonly runs: RunManager;
  readonly emit: Emit;
}

export function createModelFiles({ folder, csv, runs, emit }: ModelFilesOptions): ModelFiles {
  removeAbandoned(folder);
  // A folder of this process's own, because app and command line share the library.
  const ownFolder = path.join(folder, String(process.pid));
  const jobs = new Map<UploadId, AbortController>();
  const downloads = new Map<DownloadId, string>();

  const begin = async (): Promise<{ download: DownloadId; file: string }> => {
    const download = randomUUID();
    try {
      await fs.promises.mkdir(ownFolder, { recursive: true });
    } catch (error) {
      raiseFileError(error, 'Preparing a file', ownFolder);
    }
    return { download, file: path.join(ownFolder, download) };
  };
  const keep = async (download: DownloadId, file: string, fileName: string): Promise<Download> => {
    downloads.set(download, file);
    return { download, fileName, sizeBytes: (await fs.promises.stat(file)).size };
  };
  const scoreFile = async ({ run, signal, onProgress, ...job }: ScoreRequest): Promise<ScoreFileResult> => {
    const options = { ...(signal === undefined ? {} : { signal }), ...(onProgress === undefined ? {} : { onProgress }) };
    try {
      return await scoreFileInThread({ run: await runs.trained(run), ...job }, options);
    } catch (error) {
      // A thread that was ended removes nothing.
      for (const name of [temporaryName, unpackedName]) await fs.promises.rm(name(job.outPath), { force: true });
      throw error;
    }
  };
  const exportFile = async (run: RunId, outPath: string, asScript = false): Promise<{ readonly sizeBytes: number }> => {
    const { name } = runs.find(run);
    return exportModelInThread({ run: await runs.trained(run), title: `Run ${run}, ${name}`, outPath, asScript });
  };

  return {
    scoreFile,
    exportFile,

    async scoreUpload(run, upload, perClass) {
      const source = csv.file(upload);
      const controller = new AbortController();
      jobs.get(upload)?.abort();
      jobs.set(upload, controller);
      const { download, file } = await begin();
      let progress = { done: 0, total: source.sizeBytes };
      const say = (state: 'running' | 'done' | 'cancelled' | 'failed'): void =>
        emit('activity', { id: upload, title: `Scoring ${source.fileName}`, ...progress, unit: 'bytes', state });
      try {
        const result = await scoreFile({
          run,
          path: source.path,
          fileName: source.fileName,
          outPath: file,
          perClass,
          signal: controller.signal,
          onProgress: (now) => {
            progress = now;
            say('running');
          },
        });
        progress = { ...progress, done: progress.total };
        say('done');
        const plainName = path.basename(source.fileName).replace(/\.gz$/i, '');
        const extension = path.extname(plainName);
        const base = path.basename(plainName, extension);
        return { ...result, ...(await keep(download, file, `${base}-scored${extension === '.tsv' ? extension : '.csv'}`)) };
      } catch (error) {
        say(controller.signal.aborted ? 'cancelled' : 'failed');
        await fs.promises.rm(file, { force: true });
        throw error;
      } finally {
        if (jobs.get(upload) === controller) jobs.delete(upload);
        await csv.cancel(upload);
      }
    },

    cancelScore: (upload) => jobs.get(upload)?.abort(),

    async exportModel(run) {
      const { download, file } = await begin();
      await exportFile(run, file);
      return keep(download, file, `${idFromName(runs.find(run).name)}-run-${run}.js`);
    },

    async download(download, offset) {
      const file = downloads.get(download);
      if (file === undefined) {
        raise({ code: 'download.unknown', message: 'This file is no longer there.', hint: 'Score or export once more.' });
      }
      const handle = await fs.promises.open(file, 'r');
      try {
        const bytes = new Uint8Array(maxChunkBytes);
        const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
        return { bytes: bytes.subarray(0, bytesRead) };
      } finally {
        await handle.close();
      }
    },

    async endDownload(download) {
      const file = downloads.get(download);
      downloads.delete(download);
      if (file !== undefined) await fs.promises.rm(file, { force: true });
    },

    async close() {
      for (const controller of jobs.values()) controller.abort();
      await fs.promises.rm(ownFolder, { recursive: true, force: true });
    },
  };
}
