import fc from 'fast-check';
import Papa from 'papaparse';
import { describe, expect, it } from 'vitest';
import { readCsv } from './csv.ts';
import type { CsvOptions, CsvTable } from './csv.ts';
import { decodeUtf8, encodeUtf8 } from './utf8.ts';

function read(text: string, options: Partial<CsvOptions> = {}, pieceBytes = Infinity): CsvTable {
  const bytes = new TextEncoder().encode(text);
  function* pieces(): Generator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.slice(at, Math.min(bytes.length, at + pieceBytes));
  }
  return readCsv(pieces, { file: 't.csv', ...options });
}

const names = (table: CsvTable) => table.columns.map((column) => column.info.name);
const types = (table: CsvTable) => table.columns.map((column) => column.type).join(' ');
const cells = (table: CsvTable) => table.columns.map((column) => Array.from<unknown>(column.values));

describe('utf8', () => {
  it('encodes and decodes as the platform does', () => {
    const point = fc.oneof(
      fc.integer({ min: 0, max: 0xd7ff }),
      fc.integer({ min: 0xe000, max: 0x10ffff }),
      fc.integer({ min: 0, max: 127 }),
    );
    fc.assert(
      fc.property(fc.array(point, { maxLength: 20 }), (points) => {
        const text = String.fromCodePoint(...points);
        const bytes = new TextEncoder().encode(text);
        expect([...encodeUtf8(text)]).toEqual([...bytes]);
        expect(decodeUtf8(bytes, 0, bytes.length) === text).toBe(true);
      }),
    );
    expect(decodeUtf8(Uint8Array.of(65, 0xff, 0xe2, 0x82, 66, 0xf5, 0xc0, 0xaf), 0, 8)).toBe('A\ufffd\ufffd\ufffdB\ufffd\ufffd\ufffd');
    expect(decodeUtf8(new Uint8Array(10_000).fill(97), 0, 10_000)).toBe('a'.repeat(10_000));
  });
});

describe('readCsv', () => {
  it('reads numbers, categories and gaps', () => {
    const table = read('mass (g),colour\n1.5,red\nNA,blue\n-3,\n0.1,red\n');
    expect(table.rowCount).toBe(4);
    expect(table.format).toMatchObject({ delimiter: ',', hasHeader: true, decimalComma: false });
    expect(cells(table)).toEqual([
      [1.5, NaN, -3, 0.1],
      [1, 0, -1, 1],
    ]);
    expect(table.columns[0]!.info).toEqual({
      name: 'mass (g)',
      type: 'number',
      missing: 1,
      range: { min: -3, max: 1.5 },
      integers: false,
      increasing: false,
      distinct: 3,
      unit: 'g',
    });
    expect(table.columns[1]!.info).toEqual({ name: 'colour', type: 'category', missing: 1, distinct: 2, categories: ['blue', 'red'] });
    expect(table.head).toEqual([
      ['1.5', 'red'],
      ['NA', 'blue'],
      ['-3', ''],
      ['0.1', 'red'],
    ]);
  });

  it.each([
    ['tabs', 'a\tb\n1\t2\n', '\t'],
    ['semicolons', 'a;b\n1;2\n', ';'],
    ['bars', 'a|b\n1|2\n', '|'],
    ['commas', 'a,b\n1,2\n', ','],
    ['semicolons and decimal commas', 'a;b\n1,5;2,5\n3,5;4,5\n', ';'],
    ['semicolons, decimal commas and no header', '1,5;2,5\n3,5;4,5\n', ';'],
    ['commas with semicolons in a text', 'a,b\n1,x;y\n2,z\n', ','],
    ['commas in quotes', 'a;b\n"x,y";1\n"z,w";2\n', ';'],
  ])('finds %s', (_, text, delimiter) => expect(read(text).format.delimiter).toBe(delimiter));

  it.each([
    ['CRLF', 'a,b\r\n1,x\r\n2,y\r\n'],
    ['LF without a last one', 'a,b\n1,x\n2,y'],
    ['CR', 'a,b\r1,x\r2,y\r'],
    ['a byte order mark', '\ufeffa,b\n1,x\n2,y\n'],
    ['empty lines', 'a,b\n\n1,x\n   \n2,y\n\n\r\n'],
    ['empty lines before the header', '\n\na,b\n1,x\n2,y\n'],
    ['blanks around cells', ' a , b\n 1 ,x \n2  , y\n'],
    ['quotes', '"a","b"\n"1","x"\n"2" ,"y"\n'],
  ])('reads %s', (_, text) => {
    const table = read(text);
    expect(names(table)).toEqual(['a', 'b']);
    expect(cells(table)).toEqual([
      [1, 2],
      [0, 1],
    ]);
    expect(table.columns[1]!.info.categories).toEqual(['x', 'y']);
  });

  it('reads decimal commas and grouped thousands, and points in the same file', () => {
    const table = read('preis;menge;punkt\n1.234,50;1.000;1.5\n2,5;2.000;2.25\n');
    expect(cells(table)).toEqual([
      [1234.5, 2.5],
      [1000, 2000],
      [1.5, 2.25],
    ]);
  });

  it('keeps quoted delimiters, line ends and doubled quotes', () => {
    const table = read('t,n\n"a,""b""\nc",1\n"a,""b""\nc",2\nd,3\ne,4\n');
    expect(table.columns[0]!.info.categories).toEqual(['a,"b"\nc', 'd', 'e']);
    expect(cells(table)[1]).toEqual([1, 2, 3, 4]);
  });

  it('finds out whether there is a header, and obeys who knows better', () => {
    expect(read('5.1,setosa\n4.9,virginica\n').format).toMatchObject({ hasHeader: false, columnNames: ['column 1', 'column 2'] });
    expect(read('name,kind\nann,x\nbob,y\n').format.hasHeader).toBe(true);
    expect(read('x,y\ny,x\nx,x\n').format.hasHeader).toBe(false);
    expect(read('x,y\ny,x\nx,x\n', { hasHeader: true }).rowCount).toBe(2);
    expect(read('a,b\n1,2\n', { hasHeader: false })).toMatchObject({ rowCount: 2, format: { columnNames: ['column 1', 'column 2'] } });
  });

  it('gives every column a name of its own', () => {
    expect(names(read('x,,x,x\n1,2,3,4\n'))).toEqual(['x', 'column 2', 'x (2)', 'x (3)']);
    expect(names(read('a,b\nr1,1,2\nr2,3,4\n'))).toEqual(['column 1', 'a', 'b']);
    expect(names(read('a,b\n1,2,\n3,4,\n'))).toEqual(['a', 'b', 'column 3']);
  });

  it('takes dates and all-different texts for text, and keeps them', () => {
    const rows = Array.from({ length: 40 }, (_, i) => `row-${i},2020-01-0${1 + (i % 9)},${i % 2 === 0 ? 'true' : 'false'}`);
    const table = read(`id,day,flag\n${rows.join('\n')}\n`);
    expect(types(table)).toBe('text text category');
    expect(table.columns[0]!.values[39]).toBe('row-39');
    expect(table.columns[2]!.info.categories).toEqual(['false', 'true']);
  });

  it('keeps more texts than a dictionary holds', () => {
    const texts = Array.from({ length: 25_000 }, (_, i) => (i % 1000 === 7 ? '' : `Überschrift ${i}`));
    const table = read(`n,t\n${texts.map((text, i) => `${i},${text}`).join('\n')}\n`, {}, 10_000);
    expect(table.columns[1]!.info).toEqual({ name: 't', type: 'text', missing: 25 });
    expect(table.columns[1]!.values).toEqual(texts);
  });

  it('reads again where a column of numbers turns out to hold words', () => {
    const lines = Array.from({ length: 30_000 }, (_, i) => `${(i % 7) + 0.5}0,${i}`);
    lines[29_000] = 'seven,1';
    const table = read(`a,b\n${lines.join('\n')}\n`, {}, 65_536);
    expect(types(table)).toBe('category number');
    expect(table.columns[0]!.info.categories).toContain('0.50');
  });

  it('turns a column without values so far into words without reading again', () => {
    const table = read(`a,b\n${',1\n'.repeat(100)}x,1\ny,2\n`);
    expect(table.columns[0]!.info).toMatchObject({ type: 'category', missing: 100, categories: ['x', 'y'] });
  });

  it('makes a column what the user wants', () => {
    const text = 'a,b\n1,x\n2,3\n1,?\n';
    expect(read(text, { types: { a: 'category' } }).columns[0]!.info).toMatchObject({ type: 'category', categories: ['1', '2'] });
    expect(read(text, { types: { a: 'text' } }).columns[0]!.values).toEqual(['1', '2', '1']);
    expect(read(text, { types: { b: 'number' } }).columns[1]).toMatchObject({ info: { missing: 2 }, values: Float64Array.of(NaN, 3, NaN) });
  });

  it('reads one row, one column and columns of gaps', () => {
    expect(cells(read('a,b\n1,x\n'))).toEqual([[1], [0]]);
    expect(cells(read('a\n1\n2\n'))).toEqual([[1, 2]]);
    const gaps = read('a,b\n1,\n2,NA\n');
    expect(gaps.columns[1]!.info).toEqual({ name: 'b', type: 'number', missing: 2, distinct: 0 });
  });

  it('reads numbers as JavaScript does', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
            fc.integer().map(String),
            fc.float({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map((x) => x.toFixed(4)),
          ),
          { minLength: 1, maxLength: 30 },
        ),
        (texts) => {
          const values = cells(
            read(`i,x\n${texts.map((text) => `1,${text}`).join('\n')}\n`, { hasHeader: true, types: { x: 'number' } }),
          )[1];
          expect(values).toEqual(texts.map((text) => (/^-?0\d/.test(text) ? NaN : Number(text))));
        },
      ),
    );
  });

  it('cuts cells as papaparse does, however the file is divided', () => {
    const cell = fc.oneof(fc.string({ maxLength: 8 }), fc.stringMatching(/^[a"',;\n\r é€😀-]{0,6}$/));
    const table = fc
      .integer({ min: 2, max: 4 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 12 }));
    fc.assert(
      fc.property(table, fc.integer({ min: 1, max: 40 }), fc.boolean(), (rows, pieceBytes, crlf) => {
        const header = rows[0]!.map((_, c) => `c${c}`);
        // A null character has no place in a text table.
        const clean = rows.map((row) => row.map((text) => text.replaceAll('\0', '').replace(/[\ud800-\udfff]/gu, '')));
        const text = Papa.unparse([header, ...clean], {
          newline: crlf ? '\r\n' : '\n',
          quotes: (value: unknown) => /["\r\n]/.test(String(value)),
        });
        const ours = read(text, { hasHeader: true, types: Object.fromEntries(header.map((name) => [name, 'text'])) }, pieceBytes);
        const theirs = Papa.parse<string[]>(text, { delimiter: ours.format.delimiter, newline: crlf ? '\r\n' : '\n' }).data.slice(1);
        fc.pre(ours.format.delimiter === ',');
        expect(ours.head).toEqual(theirs);
      }),
      { numRuns: 300 },
    );
  });

  const bad: readonly [string, string, string, number | undefined][] = [
    ['an empty file', '', 't.csv is empty', undefined],
    ['blank lines only', ' \n\n  \n', 't.csv is empty', undefined],
    ['a header only', 'name,mass\n', 'line 2: expected at least one row below the header, got none', 2],
    ['a row with too few cells', 'a,b,c\n1,2,3\n4,5\n6,7,8\n', 'line 3: expected 3 cells as in the header, got 2', 3],
    ['a row with too many cells', 'a,b\n1,2\n3,4\n\n5,6,7\n8,9\n', 'line 5: expected 2 cells as in the header, got 3', 5],
    ['a ragged row after a cell of two lines', 'a,b\n"x\ny",2\n3\n', 'line 4: expected 2 cells', 4],
    ['a ragged row with CRLF', 'a,b\r\n1,2\r\n3\r\n', 'line 3: expected 2 cells', 3],
    ['a quote that is never closed', 'a,b\n1,2\n3,"x\n4,5\n', 'line 3: a quoted cell starts in this row and its closing " is missing', 3],
    ['text after a closing quote', 'a,b\n1,2\n"x"y,5\n', 'line 3: a quoted cell has text after its closing "', 3],
    ['too many columns', `${'a,'.repeat(6000)}b\n${'1,'.repeat(6000)}2\n`, 'expected at most 5000 columns, the first line has 6001', 1],
  ];
  it.each(bad)('refuses %s', (_, text, sentence, line) => {
    for (const pieceBytes of [Infinity, 7]) {
      try {
        read(text, {}, pieceBytes);
        expect.unreachable();
      } catch (error) {
        expect((error as Error).message).toContain(sentence);
        expect((error as { problem: unknown }).problem).toMatchObject({
          where: { kind: 'file', file: 't.csv', ...(line !== undefined && { line }) },
        });
      }
    }
  });

  it('names the line in a large file', () => {
    const lines = Array.from({ length: 50_000 }, (_, i) => (i === 40_000 ? 'oops' : `${i},"a\nb"`));
    expect(() => read(`n,t\n${lines.join('\n')}`, {}, 100_000)).toThrow('line 80002: expected 2 cells as in the header, got 1');
  });

  it('stops at a row that never ends', () => {
    expect(() => read(`a,b\n1,"${'x\n'.repeat(4_300_000)}`, {}, 4_000_000)).toThrow('line 2: a row of more than 8 MB starts here');
  });

  it('refuses more than 500 categories and unknown columns', () => {
    const text = `a,b\n${Array.from({ length: 600 }, (_, i) => `x${i},${i}`).join('\n')}\n`;
    expect(() => read(text, { types: { a: 'category' } })).toThrow('Column "a": expected at most 500 different values');
    expect(() => read(text, { types: { z: 'text' } })).toThrow('there is no column "z"; the columns are a, b');
  });
});
