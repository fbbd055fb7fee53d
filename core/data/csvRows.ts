/**
 * Cuts the bytes of a text table into rows and cells, in pieces of any size, so that a large file never stands in memory
 * as a whole. Cells are cut as papaparse cuts them (RFC 4180 with blanks allowed after a closing quote).
 */
import type { CsvFormat } from './csvFormat.ts';
import { raise } from '../problem.ts';

/** A longer row means a quote that is never closed. */
const maxRowBytes = 8 * 1024 * 1024;

const quote = 34;
const lineFeed = 10;
const carriageReturn = 13;

/** From so many bytes delimiter, header and types are found out. */
const sampleBytes = 64 * 1024;

/** Pieces of which the first is long enough to find out the format, without the byte order mark some programs write. At least one. */
export function* piecesFromStart(pieces: Iterable<Uint8Array>): Generator<{ readonly bytes: Uint8Array; readonly whole: boolean }> {
  let waiting: Uint8Array | undefined = new Uint8Array(0);
  for (const piece of pieces) {
    if (waiting === undefined) {
      yield { bytes: piece, whole: false };
      continue;
    }
    waiting = joined(waiting, piece);
    if (waiting.length < sampleBytes) continue;
    yield { bytes: withoutMark(waiting), whole: false };
    waiting = undefined;
  }
  if (waiting !== undefined) yield { bytes: withoutMark(waiting), whole: true };
}

function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

/** What is told of a row; header and blank lines are left out. */
export interface CsvRowListener {
  /** The row as written, without its line end. */
  raw?(bytes: Uint8Array, from: number, to: number): void;
  /** Its cells: bytes `bounds[2c]` to `bounds[2c + 1]` of `bytes`, without their quotes. */
  row(bytes: Uint8Array, bounds: Int32Array): void;
}

export class CsvRows {
  private readonly format: CsvFormat;
  private readonly file: string;
  private readonly listener: CsvRowListener;
  private readonly delimiter: number;
  private readonly newline: number;
  /** Bytes that wait for the rest of their row, then the newest piece. */
  private buffer: Uint8Array = new Uint8Array(0);
  private bufferUsed = 0;
  /** First and behind-last byte of each cell of the row at hand. */
  private bounds = new Int32Array(64);
  private cells = 0;
  rowCount = 0;
  private headerSeen = false;
  /** The file's line, from 1, on which the row at hand starts. */
  private line = 1;
  private linesInRow = 0;
  /** Behind the last byte of the row at hand, its line end left out. */
  private rowEnd = 0;

  constructor(format: CsvFormat, file: string, listener: CsvRowListener) {
    this.format = format;
    this.file = file;
    this.listener = listener;
    this.delimiter = format.delimiter.charCodeAt(0);
    this.newline = format.newline.charCodeAt(0);
  }

  push(piece: Uint8Array): void {
    const needed = this.bufferUsed + piece.length;
    if (needed > this.buffer.length) {
      const larger = new Uint8Array(needed + (needed >> 2));
      larger.set(this.buffer.subarray(0, this.bufferUsed));
      this.buffer = larger;
    }
    this.buffer.set(piece, this.bufferUsed);
    this.bufferUsed = needed;
    this.readRows(false);
    if (this.bufferUsed > maxRowBytes)
      this.fail('csv.rowTooLong', this.line, 'a row of more than 8 MB starts here.', 'Probably the closing " of a quoted cell is missing.');
  }

  end(): void {
    this.readRows(true);
    if (this.rowCount === 0) {
      this.fail(
        'csv.noRows',
        this.line,
        'expected at least one row below the header, got none.',
        'If the first line is data, say that the file has no header.',
      );
    }
  }

  private readRows(last: boolean): void {
    let at = 0;
    while (at < this.bufferUsed) {
      const next = this.findRow(at, last);
      if (next < 0) break;
      this.takeRow(at);
      this.line += 1 + this.linesInRow;
      at = next;
    }
    this.buffer.copyWithin(0, at, this.bufferUsed);
    this.bufferUsed -= at;
  }

  /** Fills `bounds` with the cells of the row at `from`; the next row's start, or −1 where the row goes on. */
  private findRow(from: number, last: boolean): number {
    const { buffer, bufferUsed: end, delimiter, newline } = this;
    this.cells = 0;
    this.linesInRow = 0;
    let at = from;
    for (;;) {
      if (at < end && buffer[at] === quote) {
        at = this.findQuotedCell(at, last);
        if (at < 0) return -1;
        this.rowEnd = at;
        if (at === end) return last ? end : -1;
      } else {
        const start = at;
        while (at < end && buffer[at] !== delimiter && buffer[at] !== newline) at++;
        if (at === end && !last) return -1;
        const rowEnds = at === end || buffer[at] === newline;
        // Rows end at LF; of a CRLF the CR is no part of the last cell.
        this.rowEnd = rowEnds && newline === lineFeed && at > start && buffer[at - 1] === carriageReturn ? at - 1 : at;
        this.addCell(start, this.rowEnd);
        if (at === end) return end;
      }
      if (buffer[at] === newline) return at + 1;
      at++;
    }
  }

  /** From an opening quote to the delimiter, newline or end behind the closing one; −1 where that is not read yet. */
  private findQuotedCell(from: number, last: boolean): number {
    const { buffer, bufferUsed: end, delimiter, newline } = this;
    let at = from + 1;
    let doubled = false;
    for (; at < end; at++) {
      const byte = buffer[at];
      if (byte === newline) this.linesInRow++;
      else if (byte === quote) {
        if (at + 1 < end && buffer[at + 1] === quote) {
          doubled = true;
          at++;
        } else break;
      }
    }
    if (at >= end) {
      if (last)
        this.fail(
          'csv.quotes',
          this.line,
          'a quoted cell starts in this row and its closing " is missing.',
          'A " inside a quoted cell is written as "".',
        );
      return -1;
    }
    const close = at++;
    while (at < end && buffer[at] !== delimiter && buffer[at] !== newline && isBlank(buffer[at]!)) at++;
    if (at === end) {
      if (!last) return -1;
    } else if (buffer[at] !== delimiter && buffer[at] !== newline) {
      this.fail('csv.quotes', this.line, 'a quoted cell has text after its closing ".', 'A " inside a quoted cell is written as "".');
    }
    this.addCell(from + 1, close, doubled);
    return at;
  }

  private addCell(from: number, to: number, doubled = false): void {
    if (2 * this.cells === this.bounds.length) {
      const larger = new Int32Array(2 * this.bounds.length);
      larger.set(this.bounds);
      this.bounds = larger;
    }
    this.bounds[2 * this.cells] = from;
    // Doubled quotes are marked by a negative end and undone once the row is complete.
    this.bounds[2 * this.cells + 1] = doubled ? -to : to;
    this.cells++;
  }

  /** Writes each "" of a cell as one quote, in place; the cell's new end. */
  private undouble(from: number, to: number): number {
    const { buffer } = this;
    let end = from;
    for (let i = from; i < to; i++) {
      buffer[end++] = buffer[i]!;
      if (buffer[i] === quote) i++;
    }
    return end;
  }

  private takeRow(from: number): void {
    const { bounds, buffer, listener } = this;
    if (this.cells === 1 && this.isBlankCell()) return;
    if (!this.headerSeen && this.format.hasHeader) {
      this.headerSeen = true;
      return;
    }
    const width = this.format.columnNames.length;
    if (this.cells !== width) this.failRagged(width);
    listener.raw?.(buffer, from, this.rowEnd);
    for (let c = 0; c < width; c++) if (bounds[2 * c + 1]! < 0) bounds[2 * c + 1] = this.undouble(bounds[2 * c]!, -bounds[2 * c + 1]!);
    this.rowCount++;
    listener.row(buffer, bounds);
  }

  private isBlankCell(): boolean {
    const to = Math.abs(this.bounds[1]!);
    for (let i = this.bounds[0]!; i < to; i++) if (!isBlank(this.buffer[i]!)) return false;
    return true;
  }

  private failRagged(width: number): never {
    const { cells, line } = this;
    this.fail(
      'csv.raggedRow',
      line,
      `expected ${width} ${width === 1 ? 'cell' : 'cells'} as in the ${this.format.hasHeader ? 'header' : 'first line'}, got ${cells}.`,
      cells > width
        ? 'A cell that contains the delimiter must stand in quotes.'
        : 'Add the missing cells (they may be empty) or remove the line.',
    );
  }

  private fail(code: string, line: number, message: string, hint?: string): never {
    const { file } = this;
    raise({ code, message: `${file}, line ${line}: ${message}`, where: { kind: 'file', file, line }, ...(hint !== undefined && { hint }) });
  }
}

function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}
