/**
 * Running text as a data set for next-token models: one category column, a row per character in reading order. The
 * same alphabet of few characters comes out of every source, because what only typesetting adds is written plainly.
 */
import { maxCategories } from './columns.ts';
import type { Column } from './dataSet.ts';
import { raise } from '../problem.ts';

/** The one column of a text. */
export const characterColumn = 'character';

/** Four bytes each as codes: 200 MB. */
export const maxTextCharacters = 50_000_000;

/** How Project Gutenberg frames its texts. */
const gutenbergStart = /^\*\*\* ?START OF (?:THE|THIS) PROJECT GUTENBERG EBOOK.*$/im;
const gutenbergEnd = /^(?:\*\*\* ?END OF (?:THE|THIS) PROJECT GUTENBERG EBOOK|End of (?:the )?Project Gutenberg).*$/im;

const plainly: readonly (readonly [RegExp, string])[] = [
  [/\uFEFF|\u00AD|\u200B/g, ''],
  [/\r\n?|[\f\v\u0085\u2028\u2029]/g, '\n'],
  [/[‘’‚‛′]/g, "'"],
  [/[“”„‟″]/g, '"'],
  [/[‐‑‒–−]/g, '-'],
  [/[—―]/g, '--'],
  [/…/g, '...'],
  [/[\u00A0\u2000-\u200A\u202F\u205F\u3000]/g, ' '],
];

/**
 * Line ends as \n; typographic quotes, dashes and blanks as ASCII; accents composed; without the header and footer of
 * Project Gutenberg, and without blank lines at both ends.
 */
export function normaliseText(text: string): string {
  let plain = text.normalize('NFC');
  for (const [pattern, replacement] of plainly) plain = plain.replace(pattern, replacement);
  const start = gutenbergStart.exec(plain);
  if (start !== null) plain = plain.slice(start.index + start[0].length);
  const end = gutenbergEnd.exec(plain);
  if (end !== null) plain = plain.slice(0, end.index);
  plain = plain.replace(/^(?:[ \t]*\n)+/, '').trimEnd();
  return plain === '' ? '' : `${plain}\n`;
}

/**
 * One code per character, the categories in the order of their code points.
 * @param file the name for messages
 * @throws ProblemError for an empty text, one that is no text, and one of too many different characters
 */
export function textColumn(text: string, file: string): Extract<Column, { type: 'category' }> {
  const where = { kind: 'file', file } as const;
  if (text.length > maxTextCharacters)
    raise({
      code: 'text.tooLong',
      message: `${file} has ${count(text.length)} characters, expected at most ${count(maxTextCharacters)}.`,
      where,
      hint: 'Keep a part of the text.',
    });
  const { points, seen } = readPoints(text);
  refuseControls(text, file);
  const alphabet = [...seen].sort((a, b) => a - b);
  if (alphabet.length < 2)
    raise({
      code: 'text.empty',
      message: `${file} holds no text to learn from: expected at least two different characters, got ${alphabet.length === 0 ? 'none' : 'one'}.`,
      where,
    });
  if (alphabet.length > maxCategories)
    raise({
      code: 'text.tooManyCharacters',
      message: `${file} has ${count(alphabet.length)} different characters, expected at most ${maxCategories}: each is a class that the network tells from all others.`,
      where,
      hint: 'Bring a text written in an alphabet, or replace its rare characters.',
    });
  const codeOf = new Int32Array(alphabet[alphabet.length - 1]! + 1);
  alphabet.forEach((point, code) => (codeOf[point] = code));
  for (let i = 0; i < points.length; i++) points[i] = codeOf[points[i]!]!;
  const categories = alphabet.map((point) => String.fromCodePoint(point));
  return {
    info: { name: characterColumn, type: 'category', missing: 0, distinct: categories.length, categories },
    type: 'category',
    values: points,
  };
}

/** Code points of all characters, and which occur. */
function readPoints(text: string): { points: Int32Array<ArrayBuffer>; seen: Set<number> } {
  const points = new Int32Array(text.length);
  const basic = new Uint8Array(0x10000);
  const seen = new Set<number>();
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) {
      const point = text.codePointAt(i)!;
      seen.add(point);
      points[length++] = point;
      if (point > 0xffff) i++;
    } else {
      basic[unit] = 1;
      points[length++] = unit;
    }
  }
  basic.forEach((occurs, unit) => occurs === 1 && seen.add(unit));
  return { points: length === text.length ? points : points.slice(0, length), seen };
}

/** Text holds tabs and line ends, but no other control characters; the bytes of a picture or a program do. */
function refuseControls(text: string, file: string): void {
  const at = text.search(/[\u0000-\u0008\u000E-\u001F\u007F\uFFFD]/);
  if (at < 0) return;
  const line = text.slice(0, at).split('\n').length;
  const point = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  raise({
    code: 'text.binary',
    message: `${file} is no text: expected letters, got the character U+${point} in line ${count(line)}.`,
    where: { kind: 'file', file, line },
    hint: 'Save the document as plain text (UTF-8) first.',
  });
}

function count(value: number): string {
  return value.toLocaleString('en');
}

const tableLines = 100;

/** What divides cells; commas and semicolons of prose are followed by a blank or end the line. */
const delimiters: readonly RegExp[] = [/\t/g, /\|/g, /;(?=\S)/g, /,(?=\S)/g];

/** Whether nearly all lines hold the same number of delimiters: then it is a table rather than prose. */
export function looksLikeTable(text: string): boolean {
  const lines = text
    .slice(0, 100_000)
    .split('\n', tableLines)
    .filter((line) => line.trim() !== '');
  if (lines.length < 2) return false;
  return delimiters.some((delimiter) => {
    const counts = lines.map((line) => line.match(delimiter)?.length ?? 0);
    const first = counts[0]!;
    return first > 0 && counts.filter((n) => n === first).length >= 0.9 * lines.length;
  });
}

/** A stretch of the text, from its codes. */
export function textBetween(column: Extract<Column, { type: 'category' }>, from: number, to: number): string {
  const categories = column.info.categories ?? [];
  const pieces: string[] = [];
  for (let row = from; row < Math.min(to, column.values.length); row++) pieces.push(categories[column.values[row]!] ?? '');
  return pieces.join('');
}
