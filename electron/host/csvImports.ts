/** CSV files and texts on their way into the library: uploaded in pieces by a page, or read from disk for the command line. */
import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { raise } from '../../core/problem.ts';
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import type { CsvImport, CsvInspection, TextInspection, UploadId } from '../contract/calls.ts';
import { importCsv, importText, inspectCsv, inspectText } from '../files/csvJobs.ts';
import type { CsvJobOptions } from '../files/csvJobs.ts';
import { raiseFileError } from '../files/fileProblem.ts';
import { createUploads, type Upload } from '../files/uploads.ts';
import type { DataLibrary } from './dataLibrary.ts';
import type { Emit } from './events.ts';
import { processStartTime } from './owner.ts';

export interface ImportFileOptions {
  readonly name?: string;
  readonly target?: string;
  readonly hasHeader?: boolean;
}

export interface CsvImports {
  begin(fileName: string, sizeBytes: number): Promise<{ upload: UploadId }>;
  append(upload: UploadId, bytes: Uint8Array): Promise<{ received: number }>;
  inspect(upload: UploadId, hasHeader: boolean | undefined): Promise<CsvInspection>;
  import(args: CsvImport): Promise<DataSetInfo>;
  inspectText(upload: UploadId): Promise<TextInspection>;
  importText(upload: UploadId, name: string): Promise<DataSetInfo>;
  cancel(upload: UploadId): Promise<void>;
  /** A complete upload's file. @throws ProblemError where it is unknown or not complete */
  file(upload: UploadId): Upload;
  /** A `.txt` file whose lines are not divided alike is taken as a running text, everything else as a table. */
  importFile(file: string, options?: ImportFileOptions): Promise<DataSetInfo>;
  close(): Promise<void>;
}

export interface CsvImportsOptions {
  readonly folder: string;
  readonly data: DataLibrary;
  readonly emit: Emit;
}

export function createCsvImports({ folder, data, emit }: CsvImportsOptions): CsvImports {
  removeAbandoned(folder);
  // A folder of this process's own, because app and command line share the library.
  const ownFolder = join(folder, String(process.pid));
  const uploads = createUploads(ownFolder);
  const jobs = new Map<UploadId, AbortController>();

  /** One job per upload, shown as an activity; a new one replaces the one before. */
  const runJob = async <T>(upload: UploadId, title: string, work: (options: CsvJobOptions) => Promise<T>): Promise<T> => {
    jobs.get(upload)?.abort();
    const controller = new AbortController();
    jobs.set(upload, controller);
    let progress = { done: 0, total: 0 };
    const say = (state: 'running' | 'done' | 'cancelled' | 'failed'): void =>
      emit('activity', { id: upload, title, ...progress, unit: 'bytes', state });
    try {
      const result = await work({
        signal: controller.signal,
        onProgress: (now) => {
          progress = now;
          say('running');
        },
      });
      progress = { ...progress, done: progress.total };
      say('done');
      return result;
    } catch (error) {
      say(controller.signal.aborted ? 'cancelled' : 'failed');
      throw error;
    } finally {
      if (jobs.get(upload) === controller) jobs.delete(upload);
    }
  };

  const cancel = async (upload: UploadId): Promise<void> => {
    jobs.get(upload)?.abort();
    await uploads.remove(upload);
  };

  return {
    begin: (fileName, sizeBytes) => uploads.begin(fileName, sizeBytes),
    append: (upload, bytes) => uploads.append(upload, bytes),
    cancel,
    file: (upload) => uploads.get(upload),

    async inspect(upload, hasHeader) {
      const file = uploads.get(upload);
      const header = hasHeader === undefined ? {} : { hasHeader };
      const result = await runJob(upload, `Reading ${file.fileName}`, (options) =>
        inspectCsv({ path: file.path, fileName: file.fileName, ...header }, options),
      );
      return { ...result, upload };
    },

    async import({ upload, name, hasHeader, target, types }) {
      const file = uploads.get(upload);
      const job = {
        path: file.path,
        fileName: file.fileName,
        folder: data.cacheFolder,
        id: idFromName(name),
        name,
        hasHeader,
        target,
        types,
      };
      const info = data.register(await runJob(upload, `Importing ${file.fileName}`, (options) => importCsv(job, options)));
      await uploads.remove(upload);
      return info;
    },

    async inspectText(upload) {
      const { path, fileName } = uploads.get(upload);
      const result = await runJob(upload, `Reading ${fileName}`, (options) => inspectText({ path, fileName }, options));
      return { ...result, upload };
    },

    async importText(upload, name) {
      const { path, fileName } = uploads.get(upload);
      const job = { path, fileName, folder: data.cacheFolder, id: idFromName(name), name };
      const info = data.register(await runJob(upload, `Importing ${fileName}`, (options) => importText(job, options)));
      await uploads.remove(upload);
      return info;
    },

    async importFile(file, { name, target, hasHeader } = {}) {
      try {
        if (!statSync(file).isFile()) raise({ code: 'file.notAFile', message: `${file} is no file.`, where: { kind: 'file', file } });
      } catch (error) {
        raiseFileError(error, 'Importing', file);
      }
      const fileName = basename(file);
      const shown = name ?? basename(fileName, extname(fileName));
      const into = { path: file, fileName, folder: data.cacheFolder, id: idFromName(shown), name: shown };
      if (extname(fileName).toLowerCase() === '.txt' && !(await inspectText({ path: file, fileName })).looksLikeTable) {
        return data.register(await runJob(file, `Importing ${fileName}`, (options) => importText(into, options)));
      }
      const job = {
        ...into,
        ...(hasHeader === undefined ? {} : { hasHeader }),
        ...(target === undefined ? {} : { target }),
      };
      return data.register(await runJob(file, `Importing ${fileName}`, (options) => importCsv(job, options)));
    },

    async close() {
      for (const controller of jobs.values()) controller.abort();
      rmSync(ownFolder, { recursive: true, force: true });
    },
  };
}

/** Files of processes that are gone. */
export function removeAbandoned(folder: string): void {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    if (processStartTime(Number(name)) === null) rmSync(join(folder, name), { recursive: true, force: true });
  }
}

/** `Flowers 2` → `flowers-2` */
export function idFromName(name: string): string {
  const id = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return id === '' ? 'data' : id.slice(0, 60);
}
