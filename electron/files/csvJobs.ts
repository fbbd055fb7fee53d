/** Inspects and imports CSV files and texts in threads of their own, so that neither the host nor the interface waits. */
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import type { CsvImportJob, CsvInspectJob, CsvInspectResult } from './csvFile.ts';
import type { FileJob, FileResult } from './csvWorker.ts';
import { runInThread, type JobOptions } from './jobThread.ts';
import type { TextImportJob, TextInspectJob, TextInspectResult } from './textFile.ts';

export type { CsvImportJob, CsvInspectJob, CsvInspectResult } from './csvFile.ts';

export type CsvJobOptions = JobOptions;

/** @throws ProblemError for a file that is no table, or `job.cancelled` */
export function inspectCsv(job: Omit<CsvInspectJob, 'kind'>, options: CsvJobOptions = {}): Promise<CsvInspectResult> {
  return runJob({ ...job, kind: 'inspect' }, options);
}

/** @throws ProblemError for a file that is no text */
export function inspectText(job: Omit<TextInspectJob, 'kind'>, options: CsvJobOptions = {}): Promise<TextInspectResult> {
  return runJob({ ...job, kind: 'inspectText' }, options);
}

/** Reads the file, writes its columns into `folder` under their hash, and says what they are. */
export function importCsv(job: Omit<CsvImportJob, 'kind' | 'temporaryFile'>, options: CsvJobOptions = {}): Promise<DataSetInfo> {
  return withTemporaryFile(job.folder, (temporaryFile) => runJob({ ...job, kind: 'import', temporaryFile }, options));
}

/** The same for a running text. */
export function importText(job: Omit<TextImportJob, 'kind' | 'temporaryFile'>, options: CsvJobOptions = {}): Promise<DataSetInfo> {
  return withTemporaryFile(job.folder, (temporaryFile) => runJob({ ...job, kind: 'importText', temporaryFile }, options));
}

async function withTemporaryFile<T>(folder: string, work: (temporaryFile: string) => Promise<T>): Promise<T> {
  const temporaryFile = path.join(folder, `.${randomUUID()}.tmp`);
  try {
    return await work(temporaryFile);
  } finally {
    await fs.promises.rm(temporaryFile, { force: true });
  }
}

function runJob<J extends FileJob>(job: J, options: CsvJobOptions): Promise<FileResult<J>> {
  const { fileName } = job;
  const words = {
    cancelled: { code: 'job.cancelled', message: `Reading ${fileName} was cancelled.` },
    outOfMemory: {
      code: 'csv.memory',
      message: `${fileName} does not fit into memory.`,
      where: { kind: 'file', file: fileName },
      hint: job.kind === 'importText' ? 'Keep a part of the text.' : 'Keep fewer rows or columns.',
    },
  } as const;
  return runInThread(new URL('./csvWorker.ts', import.meta.url), job, words, options);
}
