/** CSV files on their way into the library: uploaded in pieces by a page, or read from disk for the command line. */
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import type { CsvImport, CsvInspection, UploadId } from '../contract/calls.ts';
import type { DataLibrary } from './dataLibrary.ts';
import type { Emit } from './events.ts';

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
  cancel(upload: UploadId): Promise<void>;
  importFile(file: string, options?: ImportFileOptions): Promise<DataSetInfo>;
  close(): Promise<void>;
}

export function createCsvImports(_options: { folder: string; data: DataLibrary; emit: Emit }): CsvImports {
  const later = (): never => {
    throw new Error('CSV import is being built');
  };
  return {
    begin: async () => later(), append: async () => later(), inspect: async () => later(), import: async () => later(),
    cancel: async () => later(), importFile: async () => later(), close: async () => undefined,
  };
}
