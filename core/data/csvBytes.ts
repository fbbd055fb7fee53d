/** Tells from a file's first bytes whether it can be a text table, and how its characters are encoded. */
import { raise } from '../problem.ts';

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const signatures: readonly { readonly bytes: readonly number[]; readonly what: string; readonly hint: string }[] = [
  {
    bytes: [0x50, 0x4b, 0x03, 0x04],
    what: 'an Excel workbook or a ZIP archive',
    hint: 'Open it in the spreadsheet program and save it as CSV, or unpack it.',
  },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], what: 'an old Excel workbook', hint: 'Open it in the spreadsheet program and save it as CSV.' },
  { bytes: [0x1f, 0x8b], what: 'a gzip archive', hint: 'Decompress it first.' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF', hint: 'Export the table as CSV.' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'a PNG image', hint: 'Choose a text file with one row per line.' },
  { bytes: [0xff, 0xd8, 0xff], what: 'a JPEG image', hint: 'Choose a text file with one row per line.' },
  { bytes: [0x50, 0x41, 0x52, 0x31], what: 'a Parquet file', hint: 'Export the table as CSV.' },
  { bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], what: 'an SQLite database', hint: 'Export the table as CSV.' },
];

/** What is expected, in the words of the message, and a way out where nothing better is known. */
const expectations = {
  table: { expected: 'a text table', content: 'a header line and at least one row', hint: 'Choose a text file with one row per line.' },
  text: { expected: 'plain text', content: 'some text', hint: 'Save the document as plain text (UTF-8) first.' },
} as const;

/**
 * @param head the file's first bytes, 64 KiB or the whole file
 * @param what for messages
 * @throws ProblemError for an empty or a binary file
 */
export function detectEncoding(head: Uint8Array, file: string, what: keyof typeof expectations = 'table'): TextEncoding {
  const { expected, content, hint: wayOut } = expectations[what];
  const where = (byte: number) => ({ kind: 'file', file, byte }) as const;
  if (head.length === 0)
    raise({
      code: 'csv.empty',
      message: `${file} is empty: expected ${content}.`,
      where: where(0),
      hint: 'Choose another file.',
    });
  for (const { bytes, what: got, hint } of signatures) {
    if (bytes.every((byte, i) => head[i] === byte))
      raise({
        code: 'csv.binary',
        message: `${file}: expected ${expected}, got ${got}.`,
        where: where(0),
        hint: what === 'text' ? wayOut : hint,
      });
  }
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  let control = 0;
  for (let i = 0; i < head.length; i++) {
    const byte = head[i]!;
    if (byte === 0)
      raise({
        code: 'csv.binary',
        message: `${file}: expected ${expected}, got binary data (a zero byte at byte ${i}).`,
        where: where(i),
        hint: wayOut,
      });
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) control++;
  }
  if (control > head.length / 50)
    raise({
      code: 'csv.binary',
      message: `${file}: expected ${expected}, got binary data.`,
      where: where(0),
      hint: wayOut,
    });
  return 'utf-8';
}
