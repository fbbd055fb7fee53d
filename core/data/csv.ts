/**
 * Reads a delimited text table into typed columns, one pass over pieces of UTF-8, so that a large file never stands
 * in memory as a whole and no cell becomes a string without need. Cells are cut as papaparse cuts them (RFC 4180
 * with blanks allowed after a closing quote); tests hold the two against each other.
 */
import { ColumnBuilder } from './columnBuilder.ts';
import { detectCsvFormat } from './csvFormat.ts';
import type { CsvFormat } from './csvFormat.ts';
import type { TableColumn } from './dataSet.ts';
import { decodeUtf8 } from './utf8.ts';
import { raise } from '../problem.ts';

export interface CsvOptions {
  /** The file's name, for messages. */
  readonly file: string;
  /** The file's size, if known: a good guess of the number of rows saves memory. */
  readonly sizeBytes?: number;
  /** Absent: found out from the first rows. */
  readonly hasHeader?: boolean;
  /** Columns whose type the user decided. */
  readonly types?: Readonly<Record<string, 'number' | 'category' | 'text'>>;
}

export interface CsvTable {
  readonly format: CsvFormat;
  readonly rowCount: number;
  readonly columns: readonly TableColumn[];
  /** The first rows as written, for a preview. */
  readonly head: readonly (readonly string[])[];
}

const headRows = 50;
const headCellBytes = 200;
const sampleBytes = 64 * 1024;
/** A longer row means a quote that is never closed. */
const maxRowBytes = 8 * 1024 * 1024;

const quote = 34;
const lineFeed = 10;
const carriageReturn = 13;

/**
 * @param open gives the file's bytes in pieces of any size from the start; called again where the beginning of the
 * file misled about a column's type
 */
export function readCsv(open: () => Iterable<Uint8Array>, options: CsvOptions): CsvTable {
  /** Columns known by now to hold more than numbers. */
  const texts = new Set<string>();
  for (;;) {
    const table = readOnce(open(), options, texts);
    if (table !== null) return table;
  }
}

/** The table, or null after adding to `texts` what has to be read differently. */
function readOnce(pieces: Iterable<Uint8Array>, options: CsvOptions, texts: Set<string>): CsvTable | null {
  let reader: TableReader | undefined;
  let waiting: Uint8Array = new Uint8Array(0);
  for (const piece of pieces) {
    if (reader === undefined) {
      waiting = joined(waiting, piece);
      if (waiting.length < sampleBytes) continue;
      reader = startReader(waiting, false, options, texts);
    } else reader.push(piece);
    if (reader.collectRefuted(texts)) return null;
  }
  reader ??= startReader(waiting, true, options, texts);
  reader.end();
  return reader.collectRefuted(texts) ? null : reader.finish();
}

function startReader(beginning: Uint8Array, whole: boolean, options: CsvOptions, texts: ReadonlySet<string>): TableReader {
  // The byte order mark some programs write.
  const marked = beginning[0] === 0xef && beginning[1] === 0xbb && beginning[2] === 0xbf;
  const bytes = marked ? beginning.subarray(3) : beginning;
  const reader = new TableReader(
    detectCsvFormat(decodeUtf8(bytes, 0, bytes.length), whole, options),
    options,
    texts,
    guessRows(bytes, options.sizeBytes ?? bytes.length),
  );
  reader.push(bytes);
  return reader;
}

/** Rows of the whole file if all are as long as the first ones, and a little more. */
function guessRows(beginning: Uint8Array, sizeBytes: number): number {
  let lines = 1;
  for (const byte of beginning) if (byte === lineFeed || byte === carriageReturn) lines++;
  return Math.ceil((1.05 * lines * sizeBytes) / Math.max(1, beginning.length)) + 16;
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(a.length + b.length);
  bytes.set(a);
  bytes.set(b, a.length);
  return bytes;
}

class TableReader {
  private readonly format: CsvFormat;
  private readonly options: CsvOptions;
  private readonly builders: readonly ColumnBuilder[];
  private readonly head: string[][] = [];
  private readonly delimiter: number;
  private readonly newline: number;
  /** Bytes that wait for the rest of their row, then the newest piece. */
  private buffer: Uint8Array = new Uint8Array(0);
  private bufferUsed = 0;
  /** First and behind-last byte of each cell of the row at hand. */
  private bounds = new Int32Array(64);
  private cells = 0;
  private rowCount = 0;
  private headerSeen = false;
  /** The file's line, from 1, on which the row at hand starts. */
  private line = 1;
  private linesInRow = 0;
  private anyRefuted = false;

  constructor(format: CsvFormat, options: CsvOptions, texts: ReadonlySet<string>, expectedRows: number) {
    this.format = format;
    this.options = options;
    this.delimiter = format.delimiter.charCodeAt(0);
    this.newline = format.newline.charCodeAt(0);
    this.builders = format.columnNames.map((name, c) => {
      const startAs = format.looksNumeric[c] === true && !texts.has(name) ? 'number' : 'codes';
      return new ColumnBuilder(name, { startAs, wanted: options.types?.[name], decimalComma: format.decimalComma, expectedRows });
    });
    for (const name of Object.keys(options.types ?? {})) {
      if (!format.columnNames.includes(name))
        this.fail('csv.unknownColumn', 1, `there is no column "${name}"; the columns are ${format.columnNames.slice(0, 20).join(', ')}.`);
    }
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
      this.takeRow();
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
        if (at === end) return last ? end : -1;
      } else {
        const start = at;
        while (at < end && buffer[at] !== delimiter && buffer[at] !== newline) at++;
        if (at === end && !last) return -1;
        const rowEnds = at === end || buffer[at] === newline;
        // Rows end at LF; of a CRLF the CR is no part of the last cell.
        this.addCell(start, rowEnds && newline === lineFeed && at > start && buffer[at - 1] === carriageReturn ? at - 1 : at);
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

  private takeRow(): void {
    const { bounds, builders, buffer } = this;
    if (this.cells === 1 && this.isBlankCell()) return;
    if (!this.headerSeen && this.format.hasHeader) {
      this.headerSeen = true;
      return;
    }
    const width = builders.length;
    if (this.cells !== width) this.failRagged(width);
    for (let c = 0; c < width; c++) if (bounds[2 * c + 1]! < 0) bounds[2 * c + 1] = this.undouble(bounds[2 * c]!, -bounds[2 * c + 1]!);
    if (this.rowCount < headRows) this.head.push(this.showRow());
    this.rowCount++;
    for (let c = 0; c < width; c++) {
      const builder = builders[c]!;
      if (builder.refuted) this.anyRefuted = true;
      else builder.append(buffer, bounds[2 * c]!, bounds[2 * c + 1]!);
    }
  }

  private isBlankCell(): boolean {
    const to = Math.abs(this.bounds[1]!);
    for (let i = this.bounds[0]!; i < to; i++) if (!isBlank(this.buffer[i]!)) return false;
    return true;
  }

  private showRow(): string[] {
    const { buffer, bounds } = this;
    return Array.from({ length: this.cells }, (_, c) => {
      const from = bounds[2 * c]!;
      let to = bounds[2 * c + 1]!;
      if (to - from > headCellBytes) for (to = from + headCellBytes; (buffer[to]! & 0xc0) === 0x80;) to--;
      return decodeUtf8(buffer, from, to);
    });
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
    const { file } = this.options;
    raise({ code, message: `${file}, line ${line}: ${message}`, where: { kind: 'file', file, line }, ...(hint !== undefined && { hint }) });
  }

  /** Whether a column of numbers turned out to hold other cells. */
  collectRefuted(texts: Set<string>): boolean {
    this.anyRefuted ||= this.builders.some((builder) => builder.refuted);
    if (!this.anyRefuted) return false;
    this.builders.forEach((builder, c) => {
      if (builder.refuted) texts.add(this.format.columnNames[c]!);
    });
    return true;
  }

  finish(): CsvTable {
    return { format: this.format, rowCount: this.rowCount, columns: this.builders.map((builder) => builder.finish()), head: this.head };
  }
}

function isBlank(byte: number): boolean {
  return byte === 32 || (byte >= 9 && byte <= 13);
}
