/** Writes a scored table line by line, in large pieces, and keeps its first rows for a look. */
import fs from 'node:fs';
import Papa from 'papaparse';
import { csvCell } from '../../core/use/scoreOutput.ts';
import { raiseFileError } from '../files/fileProblem.ts';

export interface ScoreWriter {
  readonly columns: readonly string[];
  readonly head: readonly (readonly string[])[];
  /** A line without its end. */
  row(line: string): void;
  finish(): void;
  close(): void;
}

const headRows = 20;
const pieceLength = 256 * 1024;

export function createScoreWriter(path: string, columns: readonly string[], delimiter: string): ScoreWriter {
  const head: string[][] = [];
  let waiting = `${columns.map((name) => csvCell(name, delimiter)).join(delimiter)}\n`;
  let file: number | undefined;
  try {
    file = fs.openSync(path, 'w');
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
    finish: flush,
    close() {
      if (file !== undefined) fs.closeSync(file);
      file = undefined;
    },
  };
}
