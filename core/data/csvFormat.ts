/** Finds out from the beginning of a text table how it is written: delimiter, line ends, header, decimal comma. */
import Papa from 'papaparse';
import { isMissing, parseNumber } from './cells.ts';
import { raise } from '../problem.ts';

export interface CsvFormat {
  readonly delimiter: string;
  readonly newline: '\n' | '\r';
  readonly hasHeader: boolean;
  readonly decimalComma: boolean;
  /** Unique and not empty. */
  readonly columnNames: readonly string[];
  /** Columns whose cells are numbers in the beginning of the file. */
  readonly looksNumeric: readonly boolean[];
}

/** Wide enough for any table a person trains on; protects against a file that is not a table. */
export const maxColumns = 5_000;

const sampleRows = 1_000;
/** Where two delimiters fit equally well, the earlier wins: a comma may also be a decimal comma. */
const delimiters = ['\t', ';', '|', ','] as const;

/**
 * @param sample the beginning of the file without its byte order mark
 * @param whole whether that is all of it
 */
export function detectCsvFormat(
  sample: string,
  whole: boolean,
  options: { readonly file: string; readonly hasHeader?: boolean },
): CsvFormat {
  const newline = sample.includes('\n') || !sample.includes('\r') ? '\n' : '\r';
  const text = wholeLines(sample, newline, whole);
  if (text.trim() === '')
    raise({
      code: 'csv.empty',
      message: `${options.file} is empty: expected a header line and at least one row.`,
      where: { kind: 'file', file: options.file },
      hint: 'Choose another file.',
    });
  const delimiter = detectDelimiter(text, newline);
  const rows = parseSample(text, delimiter, newline);
  const first = rows[0] ?? [];
  const body = rows.slice(1);
  const width =
    body[0] === undefined ? first.length : body.every((row) => row.length === first.length + 1) ? first.length + 1 : first.length;
  if (width > maxColumns) {
    raise({
      code: 'csv.tooManyColumns',
      message: `${options.file}: expected at most ${maxColumns} columns, the first line has ${width}.`,
      where: { kind: 'file', file: options.file, line: 1 },
      hint: 'Check that the file has one row per line.',
    });
  }
  const decimalComma = (delimiter === ';' || delimiter === '\t') && usesDecimalComma(rows, width);
  const isNumberCell = (cell: string) =>
    !Number.isNaN(parseNumber(cell.trim(), decimalComma)) || !Number.isNaN(parseNumber(cell.trim(), false));
  const numericBelow = Array.from({ length: width }, (_, c) => isNumeric(body, c, isNumberCell));
  const hasHeader = options.hasHeader ?? detectHeader(first, body, numericBelow, isNumberCell);
  const data = hasHeader ? body : rows;
  return {
    delimiter,
    newline,
    hasHeader,
    decimalComma,
    columnNames: nameColumns(hasHeader ? headerCells(first, body, width) : [], width),
    looksNumeric: Array.from({ length: width }, (_, c) => isNumeric(data, c, isNumberCell)),
  };
}

/** Without a half-read line or row at the end. */
function wholeLines(sample: string, newline: string, whole: boolean): string {
  if (whole) return sample;
  const end = sample.lastIndexOf(newline);
  return end < 0 ? sample : sample.slice(0, end);
}

function parseSample(text: string, delimiter: string, newline: '\n' | '\r'): string[][] {
  const { data } = Papa.parse<string[]>(text, { delimiter, newline, preview: sampleRows });
  if (newline === '\n') for (const row of data) trimLineEnd(row);
  return data.filter((row) => !isBlankRow(row));
}

/** The reader splits at LF; of a CRLF the CR is left on the last cell. */
function trimLineEnd(row: string[]): void {
  const last = row.length - 1;
  const cell = row[last]!;
  if (cell.charCodeAt(cell.length - 1) === 13) row[last] = cell.slice(0, -1);
}

function isBlankRow(row: readonly string[]): boolean {
  return row.length === 1 && row[0]!.trim() === '';
}

/** The delimiter that splits the most rows into equally many cells, at least two. */
function detectDelimiter(text: string, newline: '\n' | '\r'): string {
  let best = ',';
  let bestShare = 0;
  for (const delimiter of delimiters) {
    const rows = parseSample(text.slice(0, 100_000), delimiter, newline).slice(0, 200);
    const counts = new Map<number, number>();
    for (const row of rows) counts.set(row.length, (counts.get(row.length) ?? 0) + 1);
    let agreeing = 0;
    for (const [cells, count] of counts) if (cells > 1) agreeing = Math.max(agreeing, count);
    const share = agreeing / rows.length;
    if (share > bestShare + 1e-9) {
      best = delimiter;
      bestShare = share;
    }
  }
  return best;
}

function usesDecimalComma(rows: readonly (readonly string[])[], width: number): boolean {
  for (let c = 0; c < width; c++) {
    let commas = 0;
    let numbers = 0;
    let others = 0;
    for (const row of rows.slice(1)) {
      const cell = row[c]?.trim() ?? '';
      if (isMissing(cell)) continue;
      if (Number.isNaN(parseNumber(cell, true))) others++;
      else if (cell.includes(',')) commas++;
      else numbers++;
    }
    if (commas > 0 && others === 0 && commas + numbers > 0) return true;
  }
  return false;
}

/** Only numbers and gaps; a column of gaps stays open for numbers. */
function isNumeric(rows: readonly (readonly string[])[], column: number, isNumberCell: (cell: string) => boolean): boolean {
  return rows.every((row) => isNumberCell(row[column] ?? '') || isMissing((row[column] ?? '').trim()));
}

/** A header is a first row of texts above columns of numbers; a first row holding data looks like the rows below. */
function detectHeader(
  first: readonly string[],
  body: readonly (readonly string[])[],
  numericBelow: readonly boolean[],
  isNumberCell: (cell: string) => boolean,
): boolean {
  let votes = 0;
  first.forEach((cell, c) => {
    if (body.length > 0 && numericBelow[c] === true) votes += isNumberCell(cell) ? -1 : isMissing(cell.trim()) ? 0 : 1;
    else if (isNumberCell(cell)) votes -= 1;
  });
  if (votes !== 0) return votes > 0;
  // Only texts: a name stands once, a value often returns below.
  return !first.some((cell, c) => cell.trim() !== '' && body.some((row) => row[c] === cell));
}

/** Some programs write row names without a header, others end every row with a delimiter. */
function headerCells(first: readonly string[], body: readonly (readonly string[])[], width: number): readonly string[] {
  if (first.length === width) return first;
  return body.every((row) => row.at(-1)?.trim() === '') ? first : ['', ...first];
}

function nameColumns(header: readonly string[], width: number): string[] {
  const used = new Set<string>();
  return Array.from({ length: width }, (_, c) => {
    const wanted = header[c]?.trim().replace(/\s+/g, ' ') || `column ${c + 1}`;
    let name = wanted;
    for (let n = 2; used.has(name); n++) name = `${wanted} (${n})`;
    used.add(name);
    return name;
  });
}
