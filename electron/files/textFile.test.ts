import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { textBetween } from '../../core/data/text.ts';
import { importText, inspectText } from './csvJobs.ts';
import { readDataSet } from './dataCache.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-text-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function file(fileName: string, content: string | Uint8Array): { path: string; fileName: string } {
  fs.writeFileSync(path.join(folder, fileName), content);
  return { path: path.join(folder, fileName), fileName };
}

const poem = '“Tyger Tyger,” burning bright,\r\nIn the forests of the night;\r\n';
const plain = '"Tyger Tyger," burning bright,\nIn the forests of the night;\n';

describe('a text file', () => {
  it('is looked at before it is imported', async () => {
    const found = await inspectText(file('tyger.txt', poem));
    expect(found).toEqual({
      fileName: 'tyger.txt',
      sizeBytes: Buffer.byteLength(poem),
      characters: plain.length,
      alphabet: [...new Set(plain)].sort(),
      start: plain,
      looksLikeTable: false,
    });
    expect(await inspectText(file('table.txt', 'a;b\n1;2\n3;4\n'))).toMatchObject({ looksLikeTable: true, characters: 12 });
  });

  it('becomes a data set of characters', async () => {
    const into = { folder: path.join(folder, 'data'), id: 'tyger', name: 'Tyger' };
    const info = await importText({ ...file('tyger.txt', poem), ...into });
    expect(info).toMatchObject({ id: 'tyger', origin: 'text', kind: 'text', rowCount: plain.length, defaultTarget: 'character' });
    const { columns } = await readDataSet(into.folder, info.hash);
    const [column] = columns;
    if (column?.type !== 'category') throw new Error('no characters');
    expect(textBetween(column, 0, info.rowCount)).toBe(plain);
    expect(fs.readdirSync(into.folder)).toEqual([`${info.hash}.lbdata`]);
  });

  it.each([
    ['utf-8 with a mark', Buffer.from('\uFEFFäöü\n')],
    ['utf-16', Buffer.from('\uFEFFäöü\n', 'utf16le')],
    ['windows-1252', Buffer.from('äöü\n', 'latin1')],
  ])('is read in %s', async (_name, bytes) => expect((await inspectText(file('umlauts.txt', bytes))).start).toBe('äöü\n'));

  const chinese = String.fromCodePoint(...Array.from({ length: 600 }, (_, i) => 0x4e00 + i));
  it.each([
    ['an empty file', '', 'a.txt is empty: expected some text.'],
    ['blank lines', ' \n\n', 'a.txt holds no text to learn from: expected at least two different characters, got none.'],
    [
      'a picture',
      Buffer.from('89504e470d0a1a0a', 'hex'),
      'a.txt: expected plain text, got a PNG image. Save the document as plain text (UTF-8) first.',
    ],
    ['a program', Buffer.from('7f454c46020100', 'hex'), 'a.txt: expected plain text, got binary data (a zero byte at byte 6).'],
    ['a few control characters', `${'text '.repeat(100)}\u0001`, 'a.txt is no text: expected letters, got the character U+0001 in line 1.'],
    ['a text in Chinese', chinese, 'a.txt has 601 different characters, expected at most 500'],
  ])('is refused with a sentence: %s', async (_name, content, sentence) => {
    await expect(inspectText(file('a.txt', content))).rejects.toThrow(sentence);
  });

  it('that is missing is said so', () =>
    expect(inspectText({ path: path.join(folder, 'nothing.txt'), fileName: 'nothing.txt' })).rejects.toThrow('nothing.txt does not exist'));
});
