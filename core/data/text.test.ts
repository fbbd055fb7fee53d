import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.ts';
import { looksLikeTable, maxTextCharacters, normaliseText, textBetween, textColumn } from './text.ts';

describe('texts', () => {
  it.each([
    ['one\r\ntwo\rthree', 'one\ntwo\nthree\n'],
    ['\uFEFFA', 'A\n'],
    ['“Don’t” – he said—or ‘thought’…', "\"Don't\" - he said--or 'thought'...\n"],
    ['10\u00A0kg soft\u00ADly', '10 kg softly\n'],
    ['\n  \n  indented\n\nend \n\n', '  indented\n\nend\n'],
    ['cafe\u0301', 'café\n'],
    ['', ''],
    [' \n\t\n', ''],
    [
      'The Project Gutenberg eBook of X\n\n*** START OF THE PROJECT GUTENBERG EBOOK X ***\n\nCall me.\n\n*** END OF THE PROJECT GUTENBERG EBOOK X ***\nLicence',
      'Call me.\n',
    ],
    ['***START OF THIS PROJECT GUTENBERG EBOOK X***\nA\nEnd of the Project Gutenberg EBook of X\nB', 'A\n'],
  ])('%j is written plainly', (text, plain) => expect(normaliseText(text)).toBe(plain));

  it('become one code per character, in the order of the code points', () => {
    const column = textColumn('banana 😀n\n', 'fruit.txt');
    expect(column.info).toEqual({
      name: 'character',
      type: 'category',
      missing: 0,
      distinct: 6,
      categories: ['\n', ' ', 'a', 'b', 'n', '😀'],
    });
    expect([...column.values]).toEqual([3, 2, 4, 2, 4, 2, 1, 5, 4, 0]);
    expect(textBetween(column, 0, 100)).toBe('banana 😀n\n');
    expect(textBetween(column, 2, 4)).toBe('na');
  });

  it.each([
    ['a,b\n1,2\n3,4\n', true],
    ['a\tb\n1\t2\n', true],
    ['a,b\n', false],
    ['It was the best of times, it was the worst of times,\nit was the age of wisdom,\nand of much else.\n', false],
    ['It went on, and on,\nand nobody knew, nor cared;\n', false],
    ['one\ntwo\n', false],
    ['', false],
  ])('%j looks like a table: %j', (text, table) => expect(looksLikeTable(text)).toBe(table));

  const manyLetters = (count: number) => String.fromCodePoint(...Array.from({ length: count }, (_, i) => 0x4e00 + i));
  it('may have 500 different characters', () => expect(textColumn(manyLetters(500), 'a.txt').info.distinct).toBe(500));

  it.each([
    ['', 'a.txt holds no text to learn from: expected at least two different characters, got none.'],
    ['aaa', 'a.txt holds no text to learn from: expected at least two different characters, got one.'],
    [manyLetters(501), 'a.txt has 501 different characters, expected at most 500'],
    ['ab\ncd\0', 'a.txt is no text: expected letters, got the character U+0000 in line 2.'],
    ['ab\u001b[0m', 'a.txt is no text: expected letters, got the character U+001B in line 1.'],
    ['ab\ufffd', 'a.txt is no text: expected letters, got the character U+FFFD in line 1.'],
    ['a'.repeat(maxTextCharacters + 1), 'a.txt has 50,000,001 characters, expected at most 50,000,000.'],
  ])('are refused with a sentence (%#)', (text, sentence) => {
    expect(() => textColumn(text, 'a.txt')).toThrow(ProblemError);
    expect(() => textColumn(text, 'a.txt')).toThrow(sentence);
  });
});
