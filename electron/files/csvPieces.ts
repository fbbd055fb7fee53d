/** A text table's file as pieces of UTF-8, whatever its encoding. */
import { isUtf8 } from 'node:buffer';
import fs from 'node:fs';
import type { TextEncoding } from '../../core/data/csvBytes.ts';

/** Bytes read of all bytes; starts again from 0 where the file has to be read twice. */
export type CsvProgress = (done: number, total: number) => void;

const pieceBytes = 1024 * 1024;
/** From so many bytes the encoding is told. */
export const csvHeadBytes = 64 * 1024;

/** A file that is not valid UTF-8 comes from an older Windows program: it is read once more. */
export function readInEncoding<T>(read: (encoding: TextEncoding) => T, encoding: TextEncoding): T {
  try {
    return read(encoding);
  } catch (error) {
    if (!(error instanceof NotUtf8)) throw error;
    return read('windows-1252');
  }
}

/** Thrown by `readPieces` where a file turns out to be no UTF-8. */
export class NotUtf8 extends Error {}

/** The file as UTF-8. A piece stays valid until the next one is asked for. */
export function* readPieces(file: number, sizeBytes: number, encoding: TextEncoding, onProgress: CsvProgress): Generator<Uint8Array> {
  const decoder = encoding === 'utf-8' ? undefined : new TextDecoder(encoding);
  const encoder = new TextEncoder();
  const piece = Buffer.alloc(Math.min(pieceBytes, Math.max(1, sizeBytes)));
  let kept = 0;
  for (let at = 0; at < sizeBytes;) {
    const read = fs.readSync(file, piece, kept, piece.length - kept, at);
    if (read === 0) break;
    at += read;
    const filled = piece.subarray(0, kept + read);
    if (decoder === undefined) {
      // A character may lie across two pieces; its beginning waits for the next one.
      const whole = at < sizeBytes ? wholeCharacters(filled) : filled.length;
      if (!isUtf8(filled.subarray(0, whole))) throw new NotUtf8();
      yield filled.subarray(0, whole);
      filled.copy(piece, 0, whole);
      kept = filled.length - whole;
    } else yield encoder.encode(decoder.decode(filled, { stream: true }));
    onProgress(at, sizeBytes);
  }
  const rest = decoder?.decode() ?? '';
  if (rest !== '') yield encoder.encode(rest);
}

/** Length without a last character that has only begun. */
function wholeCharacters(bytes: Uint8Array): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return length > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
