/** Reads a CSV file piece by piece: as a preview, or into the library. Runs in a worker thread (csvWorker.ts). */
import fs from 'node:fs';
import { readCsv } from '../../core/data/csv.ts';
import type { CsvTable } from '../../core/data/csv.ts';
import { detectEncoding, type TextEncoding } from '../../core/data/csvBytes.ts';
import { asCategories, suggestTarget, targetType } from '../../core/data/columns.ts';
import type { Column, DataSetInfo } from '../../core/data/dataSet.ts';
import { raise } from '../../core/problem.ts';
import type { CsvInspection } from '../contract/calls.ts';
import { csvHeadBytes, readInEncoding, readPieces, type CsvProgress } from './csvPieces.ts';
import { hashDataSet, writeDataSet } from './dataCache.ts';
import { raiseFileError } from './fileProblem.ts';

export interface CsvSource {
  readonly path: string;
  /** As the user knows it, for messages. */
  readonly fileName: string;
  /** Absent: found out. */
  readonly hasHeader?: boolean;
}

export interface CsvInspectJob extends CsvSource {
  readonly kind: 'inspect';
}

export interface CsvImportJob extends CsvSource {
  readonly kind: 'import';
  /** The library's folder for data. */
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  /** Absent: suggested. */
  readonly target?: string;
  readonly types?: Readonly<Record<string, 'number' | 'category' | 'text'>>;
  /** Where the new file is written before it gets its name. */
  readonly temporaryFile?: string;
}

export type CsvInspectResult = Omit<CsvInspection, 'upload'>;

export type { CsvProgress };

export function inspectCsvFile(job: CsvInspectJob, onProgress: CsvProgress): CsvInspectResult {
  const { table, sizeBytes } = readTable(job, onProgress);
  const columns = table.columns.map((column) => column.info);
  return {
    fileName: job.fileName,
    sizeBytes,
    delimiter: table.format.delimiter,
    hasHeader: table.format.hasHeader,
    rowCount: table.rowCount,
    columns,
    rows: table.head,
    suggestedTarget: suggestTarget(columns, table.rowCount),
  };
}

export async function importCsvFile(job: CsvImportJob, onProgress: CsvProgress): Promise<DataSetInfo> {
  const { table } = readTable(job, onProgress);
  const { rowCount } = table;
  const target =
    job.target ??
    suggestTarget(
      table.columns.map((column) => column.info),
      rowCount,
    );
  const targetColumn = table.columns.find((column) => column.info.name === target);
  if (targetColumn === undefined) {
    raise({
      code: 'target.unknown',
      message: `${job.fileName} has no column "${target}" to predict.`,
      where: { kind: 'file', file: job.fileName },
      hint: `Its columns are ${table.format.columnNames.slice(0, 12).join(', ')}.`,
    });
  }
  for (const { info } of table.columns) {
    if (job.types?.[info.name] !== 'number' || rowCount === 0 || info.missing < rowCount) continue;
    // Everything would become a gap: surely not what was meant.
    raise({
      code: 'column.notNumbers',
      message: `${job.fileName}: column "${info.name}" cannot be read as numbers, none of its ${rowCount.toLocaleString('en')} cells holds one.`,
      where: { kind: 'file', file: job.fileName },
      hint: 'Set its type to category or text.',
    });
  }
  const columns = table.columns.map((column) =>
    column === targetColumn ? asTarget(column, rowCount, job.types?.[target] !== undefined) : column,
  );
  const description = `${rowCount.toLocaleString('en')} ${rowCount === 1 ? 'row' : 'rows'} from ${job.fileName}`;
  const info = {
    id: job.id,
    name: job.name,
    origin: 'csv',
    kind: 'table',
    rowCount,
    columns: columns.map((column) => column.info),
    defaultTarget: target,
    description,
  } as const;
  const complete: DataSetInfo = { ...info, hash: hashDataSet(info, columns) };
  await writeDataSet(job.folder, { info: complete, columns }, job.temporaryFile);
  return complete;
}

/** Few whole numbers as a target are classes, unless the user said that they are numbers. */
function asTarget(column: Column, rowCount: number, decided: boolean): Column {
  const wanted = decided ? column.type : targetType(column.info, rowCount);
  return column.type === 'number' && wanted === 'category' ? asCategories(column) : column;
}

function readTable(
  source: CsvSource & Partial<Pick<CsvImportJob, 'types'>>,
  onProgress: CsvProgress,
): { table: CsvTable; sizeBytes: number } {
  let file: number | undefined;
  try {
    file = fs.openSync(source.path, 'r');
    const sizeBytes = fs.fstatSync(file).size;
    const head = new Uint8Array(Math.min(csvHeadBytes, sizeBytes));
    fs.readSync(file, head, 0, head.length, 0);
    const options = {
      file: source.fileName,
      sizeBytes,
      ...(source.hasHeader !== undefined && { hasHeader: source.hasHeader }),
      ...(source.types !== undefined && { types: source.types }),
    };
    const pieces = (encoding: TextEncoding) => () => readPieces(file!, sizeBytes, encoding, onProgress);
    const table = readInEncoding((encoding) => readCsv(pieces(encoding), options), detectEncoding(head, source.fileName));
    return { table, sizeBytes };
  } catch (error) {
    return raiseFileError(error, `Reading ${source.fileName}`, source.fileName);
  } finally {
    if (file !== undefined) fs.closeSync(file);
  }
}
