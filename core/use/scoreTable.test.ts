import { describe, expect, it } from 'vitest';
import { detectCsvFormat } from '../data/csvFormat.ts';
import { CsvRows } from '../data/csvRows.ts';
import { encodeUtf8 } from '../data/utf8.ts';
import { createScoreOutput, csvCell } from './scoreOutput.ts';
import { featureColumns, type ScoreSchema } from './scoreSchema.ts';
import { createRowEncoder, type ScoreProblem } from './scoreTable.ts';

const schema: ScoreSchema = {
  target: 'kind',
  answer: 'classes',
  names: ['no', 'yes'],
  ...featureColumns([
    { column: 'mass', encoding: { kind: 'number', shift: 2, scale: 4, fill: 6, gapFeature: true } },
    {
      column: 'island',
      encoding: { kind: 'category', categories: ['1', '2', 'Dream'], seen: [true, true, false], gapAt: 3, width: 4 },
    },
  ]),
};

/** Features of every row, and what was odd. */
function encoded(text: string, own: ScoreSchema = schema): { rows: number[][]; problems: ScoreProblem[]; raw: string[] } {
  const format = detectCsvFormat(text, true, { file: 'new.csv', hasHeader: true });
  const encoder = createRowEncoder(own, format, 'new.csv');
  const rows: number[][] = [];
  const raw: string[] = [];
  const cutter = new CsvRows(format, 'new.csv', {
    raw: (bytes, from, to) => void raw.push(Buffer.from(bytes.subarray(from, to)).toString()),
    row(bytes, bounds) {
      const out = new Float32Array(own.width);
      encoder.encode(bytes, bounds, out, 0);
      rows.push([...out]);
    },
  });
  cutter.push(encodeUtf8(text));
  cutter.end();
  return { rows, problems: encoder.problems(), raw };
}

describe('rows of a file', () => {
  it('find their columns by name, in any order, and are encoded as in training', () => {
    const { rows, problems } = encoded('island,mass,kind\n1,10,yes\n2.0,-2,\n,,no\nNA,?,\n');
    expect(rows).toEqual([
      [2, 0, 1, 0, 0, 0],
      [-1, 0, 0, 1, 0, 0],
      [1, 1, 0, 0, 0, 1],
      [1, 1, 0, 0, 0, 1],
    ]);
    expect(problems).toEqual([]);
  });

  it('say which of them have what training never saw', () => {
    const lines = Array.from({ length: 30 }, (_, i) => `tall,${i === 3 ? 'Dream' : i === 4 ? 'Atlantis' : '1'}`);
    const { rows, problems } = encoded(`mass,island\n${lines.join('\n')}\n`);
    expect(rows[3]).toEqual([1, 1, 0, 0, 0, 0]);
    expect(problems).toMatchObject([
      { code: 'score.notANumber', count: 30, rows: Array.from({ length: 20 }, (_, i) => i + 1) },
      { code: 'score.unknownCategory', count: 2, rows: [4, 5] },
    ]);
    expect(problems[1]!.message).toBe(
      '2 rows have a category in column "island" that no training row had ("Dream", "Atlantis"); they are scored with all its features 0.',
    );
  });

  it('keep further columns, and quoted cells as they were written', () => {
    const { raw, problems } = encoded('mass;island;remark\n1,5;2;"a ""b""; c"\n');
    expect(raw).toEqual(['1,5;2;"a ""b""; c"']);
    expect(problems.map(({ message }) => message)).toEqual(['1 column the network does not read is kept as it is: remark.']);
  });

  it('are refused where columns are missing', () => {
    expect(() => encoded('mass,isle\n1,2\n')).toThrow(
      'new.csv: expected the 2 columns this run was trained on, column "island" is missing. The file has mass, isle. Add or rename the column; the names must be the same.',
    );
  });
});

describe('what is added to a file', () => {
  it('is the likeliest class with its probability, on request of every class, under names that are free', () => {
    const output = createScoreOutput(schema, ['mass', 'prediction'], true);
    expect(output.columns).toEqual(['prediction 2', 'probability', 'probability no', 'probability yes']);
    expect(output.cells(Float32Array.of(9, 9, 0.25, 0.75), 2)).toEqual(['yes', '0.75', '0.25', '0.75']);
    expect(output.counts()).toEqual([
      { name: 'no', count: 0 },
      { name: 'yes', count: 1 },
    ]);
    expect(output.range()).toBeUndefined();
  });

  it('is a number in its own units', () => {
    const output = createScoreOutput({ ...schema, answer: 'numbers', names: [], targetScale: { shift: 100, scale: 20 } }, [], false);
    expect([output.cells(Float32Array.of(0.1), 0), output.cells(Float32Array.of(-1), 0)]).toEqual([['102'], ['80']]);
    expect(output.columns).toEqual(['prediction']);
    expect(output.range()).toMatchObject({ min: 80, mean: expect.closeTo(91, 4) as number });
  });

  it('are the labels that are likely', () => {
    const output = createScoreOutput({ ...schema, answer: 'labels', names: ['red', 'round', 'ripe'] }, [], false);
    expect(output.columns).toEqual(['prediction', 'probability red', 'probability round', 'probability ripe']);
    expect(output.cells(Float32Array.of(0.5, 0.25, 0.75), 0)).toEqual(['red; ripe', '0.5', '0.25', '0.75']);
    expect(output.counts().map(({ count }) => count)).toEqual([1, 0, 1]);
  });

  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    [' blank', '" blank"'],
  ])('is quoted where it has to be: %s', (text, cell) => {
    expect(csvCell(text, ',')).toBe(cell);
  });
});
