/**
 * Writes a scored table line by line, in large pieces, and keeps its first rows for a look. It stands under a temporary name
 * until it is whole.
 */
import fs from 'node:fs';
import Papa from 'papaparse';
import { csvCell } from '../../core/use/scoreOutput.ts';
import { raiseFileError } from '../files/fileProblem.ts';

export function temporaryName(path: string): string {
  return `${path}.part`;
}

/** Where a compressed source stands while it is scored. */
export function unpackedName(path: string): string {
  return `${path}.source`;
}

export interface ScoreWriter {
  readonly columns: readonly string[];
  readonly head: readonly (readonly string[])[];
  /** A line without its end. */
  row(line: string): void;
  /** Gives the file its name. */
  finish(): void;
  /** What is not finished is removed. */
  close(): void;
}

const headRows = 20;
const pieceLength = 256 * 1024;

export function createScoreWriter(path: string, columns: readonly string[], delimiter: string): ScoreWriter {
  const head: string[][] = [];
  let waiting = `${columns.map((name) => csvCell(name, delimiter)).join(delimiter)}\n`;
  let file: number | undefined;
  try {
    file = fs.openSync(temporaryName(path), 'w');
  } catch (error) {
    raiseFileError(error, 'Writing the scored file', path);
  }
  const flush = (): void => {
    try {
      fs.writeSync(file!, waiting);
    } catch (error) {
      raiseFileError(error, 'Writing the scored file', path);
    }
    waiting = '';
  };
  return {
    columns,
    head,
    row(line) {
      if (head.length < headRows) head.push(Papa.parse<string[]>(line, { delimiter }).data[0] ?? []);
      waiting += `${line}\n`;
      if (waiting.length >= pieceLength) flush();
    },
    finish() {
      flush();
      fs.closeSync(file!);
      file = undefined;
      fs.renameSync(temporaryName(path), path);
    },
    close() {
      if (file === undefined) return;
      fs.closeSync(file);
      file = undefined;
      fs.rmSync(temporaryName(path), { force: true });
    },
  };
}
