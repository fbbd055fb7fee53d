/**
 * Reads a delimited text table into typed columns, one pass over pieces of UTF-8, so that a large file never stands
 * in memory as a whole and no cell becomes a string without need.
 */
import { ColumnBuilder } from './columnBuilder.ts';
import { detectCsvFormat } from './csvFormat.ts';
import type { CsvFormat } from './csvFormat.ts';
import { CsvRows, piecesFromStart } from './csvRows.ts';
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
  for (const { bytes, whole } of piecesFromStart(pieces)) {
    reader ??= createReader(bytes, whole, options, texts);
    reader.push(bytes);
    if (reader.collectRefuted(texts)) return null;
  }
  if (reader === undefined) return null;
  reader.end();
  return reader.collectRefuted(texts) ? null : reader.finish();
}

function createReader(beginning: Uint8Array, whole: boolean, options: CsvOptions, texts: ReadonlySet<string>): TableReader {
  return new TableReader(
    detectCsvFormat(decodeUtf8(beginning, 0, beginning.length), whole, options),
    options,
    texts,
    guessRows(beginning, options.sizeBytes ?? beginning.length),
  );
}

/** Rows of the whole file if all are as long as the first ones, and a little more. */
function guessRows(beginning: Uint8Array, sizeBytes: number): number {
  let lines = 1;
  for (const byte of beginning) if (byte === lineFeed || byte === carriageReturn) lines++;
  return Math.ceil((1.05 * lines * sizeBytes) / Math.max(1, beginning.length)) + 16;
}

class TableReader {
  private readonly format: CsvFormat;
  private readonly builders: readonly ColumnBuilder[];
  private readonly head: string[][] = [];
  private readonly rows: CsvRows;
  private anyRefuted = false;

  constructor(format: CsvFormat, options: CsvOptions, texts: ReadonlySet<string>, expectedRows: number) {
    this.format = format;
    this.builders = format.columnNames.map((name, c) => {
      const startAs = format.looksNumeric[c] === true && !texts.has(name) ? 'number' : 'codes';
      return new ColumnBuilder(name, { startAs, wanted: options.types?.[name], decimalComma: format.decimalComma, expectedRows });
    });
    this.rows = new CsvRows(format, options.file, { row: (bytes, bounds) => this.takeRow(bytes, bounds) });
    for (const name of Object.keys(options.types ?? {})) {
      if (!format.columnNames.includes(name)) {
        const { file } = options;
        raise({
          code: 'csv.unknownColumn',
          message: `${file}, line 1: there is no column "${name}"; the columns are ${format.columnNames.slice(0, 20).join(', ')}.`,
          where: { kind: 'file', file, line: 1 },
        });
      }
    }
  }

  push(piece: Uint8Array): void {
    this.rows.push(piece);
  }

  end(): void {
    this.rows.end();
  }

  private takeRow(bytes: Uint8Array, bounds: Int32Array): void {
    const { builders } = this;
    if (this.head.length < headRows) this.head.push(builders.map((_, c) => showCell(bytes, bounds[2 * c]!, bounds[2 * c + 1]!)));
    for (let c = 0; c < builders.length; c++) {
      const builder = builders[c]!;
      if (builder.refuted) this.anyRefuted = true;
      else builder.append(bytes, bounds[2 * c]!, bounds[2 * c + 1]!);
    }
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
    return {
      format: this.format,
      rowCount: this.rows.rowCount,
      columns: this.builders.map((builder) => builder.finish()),
      head: this.head,
    };
  }
}

function showCell(bytes: Uint8Array, from: number, end: number): string {
  let to = end;
  if (to - from > headCellBytes) for (to = from + headCellBytes; (bytes[to]! & 0xc0) === 0x80;) to--;
  return decodeUtf8(bytes, from, to);
}
