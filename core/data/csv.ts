/**
 * Reads a delimited text table into typed columns, one pass over pieces of text of about 1 MiB, so that a large
 * file never stands in memory as a whole. Cells are cut by papaparse; what they mean is decided here.
 */
import Papa from 'papaparse';
import { ColumnBuilder } from './columnBuilder.ts';
import type { WantedType } from './columnBuilder.ts';
import { detectCsvFormat, isBlankRow, trimLineEnd } from './csvFormat.ts';
import type { CsvFormat } from './csvFormat.ts';
import type { Column } from './dataSet.ts';
import { raise } from '../problem.ts';

export interface CsvOptions {
  /** The file's name, for messages. */
  readonly file: string;
  /** Absent: found out from the first rows. */
  readonly hasHeader?: boolean;
  /** Columns whose type the user decided. */
  readonly types?: Readonly<Record<string, 'number' | 'category' | 'text'>>;
}

export interface CsvTable {
  readonly format: CsvFormat;
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** The first rows as written, for a preview. */
  readonly head: readonly (readonly string[])[];
}

const headRows = 50;
/** A longer row means a quote that is never closed. */
const maxRowLength = 8 * 1024 * 1024;

/**
 * @param open gives the text in pieces of any size from the start; called again where the beginning of the file
 * misled about a column's type
 */
export function readCsv(open: () => Iterable<string>, options: CsvOptions): CsvTable {
  /** Columns known by now to hold more than numbers. */
  const texts = new Set<string>();
  for (;;) {
    const table = readOnce(open(), options, texts);
    if (table !== null) return table;
  }
}

/** The table, or null after adding to `texts` what has to be read differently. */
function readOnce(pieces: Iterable<string>, options: CsvOptions, texts: Set<string>): CsvTable | null {
  let reader: TableReader | undefined;
  let waiting = '';
  for (const piece of pieces) {
    if (reader !== undefined) {
      reader.push(piece);
      if (reader.collectRefuted(texts)) return null;
      continue;
    }
    waiting += piece;
    if (waiting.length < 65_536) continue;
    reader = new TableReader(detectCsvFormat(withoutMark(waiting), false, options), options, texts);
    reader.push(withoutMark(waiting));
    if (reader.collectRefuted(texts)) return null;
  }
  if (reader === undefined) {
    reader = new TableReader(detectCsvFormat(withoutMark(waiting), true, options), options, texts);
    reader.push(withoutMark(waiting));
  }
  reader.end();
  if (reader.collectRefuted(texts)) return null;
  return reader.finish();
}

/** Without the byte order mark some programs write. */
function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

class TableReader {
  private readonly format: CsvFormat;
  private readonly options: CsvOptions;
  private readonly builders: readonly ColumnBuilder[];
  private readonly head: string[][] = [];
  private readonly parser: Papa.Parser;
  private rest = '';
  private rowCount = 0;
  private headerSeen = false;
  /** Lines of the file before the text in `rest`. */
  private linesBefore = 0;
  /** Whether the piece at hand has quoted cells, which may span lines. */
  private quoted = false;

  constructor(format: CsvFormat, options: CsvOptions, texts: ReadonlySet<string>) {
    this.format = format;
    this.options = options;
    this.parser = new Papa.Parser({ delimiter: format.delimiter, newline: format.newline });
    this.builders = format.columnNames.map((name, c) => {
      const wanted: WantedType = options.types?.[name];
      const startAs = format.looksNumeric[c] === true && !texts.has(name) ? 'number' : 'codes';
      return new ColumnBuilder(name, { startAs, wanted, decimalComma: format.decimalComma });
    });
    for (const name of Object.keys(options.types ?? {})) {
      if (!format.columnNames.includes(name)) this.fail('csv.unknownColumn', 1, `there is no column "${name}"; the columns are ${format.columnNames.slice(0, 20).join(', ')}.`);
    }
  }

  push(piece: string): void {
    this.parse(this.rest + piece, true);
  }

  end(): void {
    this.parse(this.rest, false);
    if (this.rowCount === 0) {
      this.fail('csv.noRows', this.linesBefore + 1, 'expected at least one row below the header, got none.', 'If the first line is data, say that the file has no header.');
    }
  }

  private parse(text: string, mayGoOn: boolean): void {
    this.quoted = text.includes('"');
    const result = this.parser.parse(text, 0, mayGoOn) as Papa.ParseResult<string[]>;
    const error = result.errors.find((e) => e.type === 'Quotes');
    if (error !== undefined) {
      const line = this.lineOf(result.data, error.row ?? 0);
      this.fail('csv.quotes', line, error.code === 'MissingQuotes'
        ? 'a quoted cell starts here and its closing " is missing.'
        : 'a quoted cell has text after its closing ".', 'A " inside a quoted cell is written as "".');
    }
    const consumed = mayGoOn ? result.meta.cursor : text.length;
    this.rest = text.slice(consumed);
    if (this.rest.length > maxRowLength) this.fail('csv.rowTooLong', this.lineOf(result.data, result.data.length), 'a row of more than 8 MB starts here.', 'Probably the closing " of a quoted cell is missing.');
    this.takeRows(result.data);
    this.linesBefore = this.lineOf(result.data, result.data.length) - 1;
  }

  private takeRows(rows: string[][]): void {
    const width = this.format.columnNames.length;
    const strip = this.format.newline === '\n';
    let kept = rows;
    for (let r = 0; r < rows.length; r++) {
      const row = rows[r]!;
      if (strip) trimLineEnd(row);
      const isHeader = !this.headerSeen && this.format.hasHeader && !isBlankRow(row);
      if (isHeader) this.headerSeen = true;
      if (isHeader || isBlankRow(row)) {
        if (kept === rows) kept = rows.slice(0, r);
        continue;
      }
      if (row.length !== width) this.failRagged(rows, r, width);
      if (kept !== rows) kept.push(row);
    }
    for (let c = 0; c < width; c++) {
      const builder = this.builders[c]!;
      if (!builder.refuted) builder.append(kept, c);
    }
    for (let r = 0; r < kept.length && this.head.length < headRows; r++) this.head.push(kept[r]!.map((cell) => cell.slice(0, 200)));
    this.rowCount += kept.length;
  }

  private failRagged(rows: readonly (readonly string[])[], r: number, width: number): never {
    const got = rows[r]!.length;
    const line = this.lineOf(rows, r);
    this.fail('csv.raggedRow', line, `expected ${width} cells${this.format.hasHeader ? ' as in the header' : ' as in the first line'}, got ${got}.`, got > width
      ? 'A cell that contains the delimiter must stand in quotes.'
      : 'Add the missing cells (they may be empty) or remove the line.');
  }

  /** The line of the file, from 1, on which row `r` of this piece starts. */
  private lineOf(rows: readonly (readonly string[])[], r: number): number {
    let line = this.linesBefore + 1 + r;
    for (let i = 0; i < r && this.quoted; i++) {
      for (const cell of rows[i]!) {
        for (let at = cell.indexOf(this.format.newline); at >= 0; at = cell.indexOf(this.format.newline, at + 1)) line++;
      }
    }
    return line;
  }

  private fail(code: string, line: number, message: string, hint?: string): never {
    const { file } = this.options;
    raise({ code, message: `${file}, line ${line}: ${message}`, where: { kind: 'file', file, line }, ...(hint !== undefined && { hint }) });
  }

  /** Whether a column of numbers turned out to hold other cells. */
  collectRefuted(texts: Set<string>): boolean {
    let any = false;
    this.builders.forEach((builder, c) => {
      if (!builder.refuted) return;
      texts.add(this.format.columnNames[c]!);
      any = true;
    });
    return any;
  }

  finish(): CsvTable {
    return { format: this.format, rowCount: this.rowCount, columns: this.builders.map((builder) => builder.finish()), head: this.head };
  }
}
