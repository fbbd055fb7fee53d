/** Rows of a text table as a run's network reads them: columns found by name, cells encoded as in training, what is odd counted. */
import { parseNumber, isMissing } from '../data/cells.ts';
import type { CsvFormat } from '../data/csvFormat.ts';
import { encodeCategory, encodeNumber, type Encoding } from '../data/encoding.ts';
import { decodeUtf8 } from '../data/utf8.ts';
import { raise, type Problem } from '../problem.ts';
import type { ScoreColumn, ScoreSchema } from './scoreSchema.ts';

/** In how many rows something is odd, and the first of them, counted from 1 below the header. */
export interface ScoreProblem extends Problem {
  readonly count?: number;
  readonly rows?: readonly number[];
}

const namedRows = 20;
const namedValues = 5;

export interface RowEncoder {
  /** Writes the features of a row; `out` holds zeros from `at` on. */
  encode(bytes: Uint8Array, bounds: Int32Array, out: Float32Array, at: number): void;
  problems(): ScoreProblem[];
}

/** @throws ProblemError naming the columns that the file lacks */
export function createRowEncoder(schema: ScoreSchema, format: CsvFormat, file: string): RowEncoder {
  const { columnNames, decimalComma } = format;
  const missing = schema.columns.filter(({ name }) => !columnNames.includes(name));
  if (missing.length > 0) {
    const word = missing.length === 1 ? 'column' : 'columns';
    raise({
      code: 'score.missingColumns',
      message: `${file}: expected the ${schema.columns.length} columns this run was trained on, ${word} ${missing.map(({ name }) => `"${name}"`).join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing.`,
      where: { kind: 'file', file, line: 1 },
      hint: `The file has ${columnNames.slice(0, 12).join(', ')}${columnNames.length > 12 ? ', ...' : ''}. Add or rename the ${word}; the names must be the same.`,
    });
  }
  const vector = schema.columns.find(({ encoding }) => encoding.kind === 'vector');
  if (vector !== undefined) {
    raise({
      code: 'score.vectorColumn',
      message: `${file}: column "${vector.name}" holds vectors, which no text table can hold.`,
      where: { kind: 'file', file },
      hint: 'Use the run on rows of its own data set.',
    });
  }
  let row = 0;
  const readers = schema.columns.map((column) => createCellReader(column, columnNames.indexOf(column.name), decimalComma));
  const known = new Set([...schema.columns.map(({ name }) => name), schema.target]);
  const further = columnNames.filter((name) => !known.has(name));
  return {
    encode(bytes, bounds, out, at) {
      row++;
      for (let i = 0; i < readers.length; i++) readers[i]!.read(bytes, bounds, out, at, row);
    },
    problems: () => [
      ...readers.flatMap((reader) => reader.problem() ?? []),
      ...(further.length === 0
        ? []
        : [
            {
              code: 'score.furtherColumns',
              message: `${further.length} ${further.length === 1 ? 'column' : 'columns'} the network does not read ${further.length === 1 ? 'is' : 'are'} kept as ${further.length === 1 ? 'it is' : 'they are'}: ${further.slice(0, 12).join(', ')}${further.length > 12 ? ', ...' : ''}.`,
            },
          ]),
    ],
  };
}

interface CellReader {
  read(bytes: Uint8Array, bounds: Int32Array, out: Float32Array, at: number, row: number): void;
  problem(): ScoreProblem | undefined;
}

function createCellReader({ name, encoding, at: feature }: ScoreColumn, index: number, decimalComma: boolean): CellReader {
  const oddRows: number[] = [];
  const oddValues = new Set<string>();
  let count = 0;
  const note = (row: number, text: string): void => {
    count++;
    if (oddRows.length < namedRows) oddRows.push(row);
    if (oddValues.size < namedValues) oddValues.add(text.length > 40 ? `${text.slice(0, 40)}...` : text);
  };
  const codes = encoding.kind === 'category' ? codesOf(encoding) : undefined;
  return {
    read(bytes, bounds, out, at, row) {
      const text = decodeUtf8(bytes, bounds[2 * index]!, bounds[2 * index + 1]!).trim();
      if (encoding.kind === 'number') {
        const value = readNumber(text, decimalComma);
        if (Number.isNaN(value) && !isMissing(text)) note(row, text);
        encodeNumber(encoding, value, out, at + feature);
      } else if (encoding.kind === 'category') {
        const code = isMissing(text) ? -1 : codeOf(text, codes!);
        if (code >= 0 && encoding.seen[code] !== true) note(row, text);
        encodeCategory(encoding, code, out, at + feature);
      }
    },
    problem() {
      if (count === 0) return undefined;
      const rows = count === 1 ? '1 row has' : `${count} rows have`;
      const examples =
        [...oddValues].map((value) => `"${value}"`).join(', ') + (count > oddRows.length || oddValues.size === namedValues ? ', ...' : '');
      const [code, message, hint] =
        encoding.kind === 'number'
          ? [
              'score.notANumber',
              `${rows} no number in column "${name}" (${examples}) and ${count === 1 ? 'is' : 'are'} scored as if nothing stood there.`,
              'Write numbers there, or leave the cell empty.',
            ]
          : [
              'score.unknownCategory',
              `${rows} a category in column "${name}" that no training row had (${examples}); ${count === 1 ? 'it is' : 'they are'} scored with all its features 0.`,
              'Check the spelling, or train again with rows that have it.',
            ];
      return { code, message, where: { kind: 'column', column: name }, hint, count, rows: oddRows };
    },
  };
}

function readNumber(text: string, decimalComma: boolean): number {
  const value = parseNumber(text, decimalComma);
  return Number.isNaN(value) && decimalComma ? parseNumber(text, false) : value;
}

function codesOf({ categories }: Extract<Encoding, { kind: 'category' }>): ReadonlyMap<string, number> {
  return new Map(categories.map((category, code) => [category, code]));
}

/** Categories that are numbers may be written in other ways: `3.0` is `3`. Beyond the list where there is none. */
function codeOf(text: string, codes: ReadonlyMap<string, number>): number {
  const own = codes.get(text);
  if (own !== undefined) return own;
  const number = parseNumber(text, false);
  return (Number.isNaN(number) ? undefined : codes.get(String(number))) ?? codes.size;
}
