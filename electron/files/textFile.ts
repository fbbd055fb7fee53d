/** Reads a file of running text: as a preview, or into the library. Runs in a worker thread (csvWorker.ts). */
import { isUtf8 } from 'node:buffer';
import fs from 'node:fs';
import { detectEncoding } from '../../core/data/csvBytes.ts';
import type { DataSetInfo } from '../../core/data/dataSet.ts';
import { characterColumn, looksLikeTable, maxTextCharacters, normaliseText, textColumn } from '../../core/data/text.ts';
import { ProblemError, raise } from '../../core/problem.ts';
import type { TextInspection } from '../contract/calls.ts';
import { hashDataSet, writeDataSet } from './dataCache.ts';
import { raiseFileError } from './fileProblem.ts';

interface TextSource {
  readonly path: string;
  /** As the user knows it, for messages. */
  readonly fileName: string;
}

export interface TextInspectJob extends TextSource {
  readonly kind: 'inspectText';
}

export interface TextImportJob extends TextSource {
  readonly kind: 'importText';
  /** The library's folder for data. */
  readonly folder: string;
  readonly id: string;
  readonly name: string;
  /** Where the new file is written before it gets its name. */
  readonly temporaryFile?: string;
}

export type TextInspectResult = Omit<TextInspection, 'upload'>;

/** Characters of up to four bytes each. */
const maxTextBytes = 4 * maxTextCharacters;
const headBytes = 64 * 1024;
const shownCharacters = 4_000;

/** What the file would be as a text; one that looks like a table need not be one. */
export function inspectTextFile(job: TextInspectJob): TextInspectResult {
  const { text, sizeBytes } = readText(job);
  const table = looksLikeTable(text);
  const column = table ? columnOrNothing(text, job.fileName) : textColumn(text, job.fileName);
  return {
    fileName: job.fileName,
    sizeBytes,
    characters: column?.values.length ?? text.length,
    alphabet: column?.info.categories ?? [],
    start: text.slice(0, shownCharacters),
    looksLikeTable: table,
  };
}

/** A table is no worse for being no text. */
function columnOrNothing(text: string, file: string): ReturnType<typeof textColumn> | undefined {
  try {
    return textColumn(text, file);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return undefined;
  }
}

export async function importTextFile(job: TextImportJob): Promise<DataSetInfo> {
  const column = textColumn(readText(job).text, job.fileName);
  const rowCount = column.values.length;
  const info = {
    id: job.id,
    name: job.name,
    origin: 'text',
    kind: 'text',
    rowCount,
    columns: [column.info],
    defaultTarget: characterColumn,
    description: `${rowCount.toLocaleString('en')} characters from ${job.fileName}; typographic quotes, dashes and blanks are written in ASCII.`,
  } as const;
  const complete: DataSetInfo = { ...info, hash: hashDataSet(info, [column]) };
  await writeDataSet(job.folder, { info: complete, columns: [column] }, job.temporaryFile);
  return complete;
}

function readText({ path, fileName }: TextSource): { text: string; sizeBytes: number } {
  try {
    const sizeBytes = fs.statSync(path).size;
    if (sizeBytes > maxTextBytes)
      raise({
        code: 'text.tooLong',
        message: `${fileName} has ${sizeBytes.toLocaleString('en')} bytes, expected a text of at most ${maxTextBytes.toLocaleString('en')}.`,
        where: { kind: 'file', file: fileName },
        hint: 'Keep a part of the text.',
      });
    const bytes = fs.readFileSync(path);
    const encoding = detectEncoding(bytes.subarray(0, headBytes), fileName, 'text');
    // A file that is not valid UTF-8 comes from an older Windows program.
    const decoder = new TextDecoder(encoding === 'utf-8' && !isUtf8(bytes) ? 'windows-1252' : encoding);
    return { text: normaliseText(decoder.decode(bytes)), sizeBytes };
  } catch (error) {
    return raiseFileError(error, `Reading ${fileName}`, fileName);
  }
}
