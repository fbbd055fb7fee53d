import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { inspectCsvFile } from './csvFile.ts';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-csv-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(content: string | Uint8Array): string {
  const where = path.join(folder, `upload-${Math.random()}`);
  fs.writeFileSync(where, content);
  return where;
}

const inspect = (where: string) => inspectCsvFile({ kind: 'inspect', path: where, fileName: 'my data.csv' }, () => undefined);

describe('a CSV file', () => {
  it('reads UTF-8, UTF-16 and old Windows files', () => {
    const text = 'größe,straße\n1,Köln\n2,Łódź\n';
    const utf16 = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]);
    for (const bytes of [Buffer.from(text), Buffer.from(`\ufeff${text}`), utf16, Buffer.from(utf16).swap16()]) {
      const { columns } = inspect(file(bytes));
      expect(columns.map((column) => column.name)).toEqual(['größe', 'straße']);
      expect(columns[1]!.categories).toEqual(['Köln', 'Łódź']);
    }
    const { columns } = inspect(file(Buffer.from('größe,x\n1,Preis 5 €\n'.replace('€', '\x80'), 'latin1')));
    expect(columns[0]!.name).toBe('größe');
    expect(columns[1]!.categories).toEqual(['Preis 5 €']);
  });

  it('finds a character across two pieces of the file', () => {
    const text = `n,t\n${Array.from({ length: 300_000 }, (_, i) => `${i},ü€😀`).join('\n')}\n`;
    const { columns, rowCount } = inspect(file(text));
    expect(rowCount).toBe(300_000);
    expect(columns[1]!.categories).toEqual(['ü€😀']);
  });

  it.each([
    ['an empty file', '', 'my data.csv is empty'],
    ['a workbook', Buffer.from('504b0304aabbcc', 'hex'), 'expected a text table, got an Excel workbook or a ZIP archive'],
    ['zero bytes', Buffer.from('a,b\n1,\0\0\n'), 'got binary data (a zero byte at byte 6)'],
    ['control characters', Buffer.from(Array.from({ length: 500 }, (_, i) => 1 + (i % 8))), 'got binary data'],
    ['a ragged row', 'a,b\n1,2\n3\n', 'my data.csv, line 3: expected 2 cells as in the header, got 1'],
    ['a header only', 'a,b\n', 'expected at least one row'],
  ])('refuses %s', (_, content, sentence) => {
    expect(() => inspect(file(content))).toThrow(sentence);
  });
});
