/** UTF-8 to strings without a platform's decoder, for short pieces such as table cells. */

/** Invalid bytes become U+FFFD; the caller has checked the file's encoding. */
export function decodeUtf8(bytes: Uint8Array, from: number, to: number): string {
  let text = '';
  let plainFrom = from;
  let i = from;
  while (i < to) {
    if (bytes[i]! < 0x80) {
      i++;
      continue;
    }
    text += decodeAscii(bytes, plainFrom, i);
    const length = sequenceLength(bytes, i, to);
    text += length === 0 ? '\ufffd' : String.fromCodePoint(codePoint(bytes, i, length));
    i += length || 1;
    plainFrom = i;
  }
  return text + decodeAscii(bytes, plainFrom, to);
}

function decodeAscii(bytes: Uint8Array, from: number, to: number): string {
  // Arguments of one call are limited by the stack.
  if (to - from <= 4_096) return String.fromCharCode.apply(null, bytes.subarray(from, to) as unknown as number[]);
  let text = '';
  for (let at = from; at < to; at += 4_096)
    text += String.fromCharCode.apply(null, bytes.subarray(at, Math.min(to, at + 4_096)) as unknown as number[]);
  return text;
}

/** 2 to 4, or 0 for a sequence that is not valid. */
function sequenceLength(bytes: Uint8Array, at: number, to: number): number {
  const first = bytes[at]!;
  const length = first >= 0xf0 && first < 0xf5 ? 4 : first >= 0xe0 ? (first < 0xf0 ? 3 : 0) : first >= 0xc2 ? 2 : 0;
  if (length === 0 || at + length > to) return 0;
  for (let i = 1; i < length; i++) if ((bytes[at + i]! & 0xc0) !== 0x80) return 0;
  return codePoint(bytes, at, length) > 0x10ffff ? 0 : length;
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = bytes[at]! & (0xff >> (length + 1));
  for (let i = 1; i < length; i++) point = (point << 6) | (bytes[at + i]! & 0x3f);
  return point;
}

export function encodeUtf8(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const point = character.codePointAt(0)!;
    // A lone surrogate has no UTF-8 form.
    const valid = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    if (valid < 0x80) bytes.push(valid);
    else if (valid < 0x800) bytes.push(0xc0 | (valid >> 6), 0x80 | (valid & 0x3f));
    else if (valid < 0x10000) bytes.push(0xe0 | (valid >> 12), 0x80 | ((valid >> 6) & 0x3f), 0x80 | (valid & 0x3f));
    else bytes.push(0xf0 | (valid >> 18), 0x80 | ((valid >> 12) & 0x3f), 0x80 | ((valid >> 6) & 0x3f), 0x80 | (valid & 0x3f));
  }
  return Uint8Array.from(bytes);
}
