/** PNG files (W3C, Portable Network Graphics, third edition): written with 8 bits per channel, read in all common forms. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';
import { raise } from '../../core/problem.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Channels as the image stores them: grey, grey and alpha, RGB, RGBA; interleaved, row by row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly pixels: Uint8Array;
}

const colourTypes = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;

export function encodePng({ width, height, channels, pixels }: Picture): Uint8Array {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  header[9] = colourTypes[channels];
  const stride = width * channels;
  // Every line begins with its filter: 0, none.
  const lines = Buffer.alloc(height * (stride + 1));
  for (let y = 0; y < height; y++) lines.set(pixels.subarray(y * stride, (y + 1) * stride), y * (stride + 1) + 1);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  bytes.set(data, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}

/** Pictures larger than this are no samples of a data set. */
const maximumPixels = 2 ** 24;

/**
 * Depths of 1 to 16 bits, palettes; not interlaced ones.
 * @param file for messages
 * @throws ProblemError
 */
export function decodePng(bytes: Uint8Array, file: string): Picture {
  const wrong = (what: string): never =>
    raise({ code: 'png.unreadable', message: `The image "${file}" cannot be read: ${what}.`, where: { kind: 'file', file } });
  if (bytes.length < 33 || !signature.equals(bytes.subarray(0, 8))) wrong('it is no PNG file');
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const [width, height, depth, colour, interlace] = [view.readUInt32BE(16), view.readUInt32BE(20), view[24]!, view[25]!, view[28]!];
  if (width === 0 || height === 0 || width * height > maximumPixels) wrong(`it has ${width} × ${height} pixels`);
  if (interlace !== 0) wrong('it is interlaced; save it without');
  const stored = new Map([
    [0, 1],
    [2, 3],
    [3, 1],
    [4, 2],
    [6, 4],
  ]).get(colour);
  if (stored === undefined || ![1, 2, 4, 8, 16].includes(depth) || (depth < 8 && stored !== 1))
    return wrong(`its colours have the unknown form ${colour}, ${depth} bits`);
  const { data, palette } = readChunks(view, wrong);
  const lineBytes = Math.ceil((width * stored * depth) / 8);
  let lines: Buffer;
  try {
    lines = inflateSync(data, { maxOutputLength: height * (lineBytes + 1) });
  } catch {
    return wrong('its pixels are damaged');
  }
  if (lines.length !== height * (lineBytes + 1)) wrong('its pixels are cut short');
  unfilter(lines, height, lineBytes, Math.max(1, (stored * depth) / 8));
  const values = unpack(lines, { width: width * stored, height, lineBytes, depth, scales: colour !== 3 });
  if (colour !== 3) return { width, height, channels: stored as Picture['channels'], pixels: values };
  const pixels = new Uint8Array(3 * values.length);
  values.forEach((index, i) => pixels.set(palette.subarray(3 * index, 3 * index + 3), 3 * i));
  return { width, height, channels: 3, pixels };
}

function readChunks(view: Buffer, wrong: (what: string) => never): { data: Buffer; palette: Uint8Array } {
  const parts: Buffer[] = [];
  let palette: Uint8Array = new Uint8Array(0);
  for (let at = 8; at + 12 <= view.length;) {
    const length = view.readUInt32BE(at);
    if (at + 12 + length > view.length) wrong('it is cut short');
    const type = view.toString('latin1', at + 4, at + 8);
    const content = view.subarray(at + 8, at + 8 + length);
    if (type === 'IDAT') parts.push(content);
    else if (type === 'PLTE') palette = content;
    else if (type === 'IEND') break;
    at += 12 + length;
  }
  return { data: Buffer.concat(parts), palette };
}

/** In place; section 9 of the specification. */
function unfilter(lines: Buffer, height: number, lineBytes: number, step: number): void {
  for (let y = 0; y < height; y++) {
    const from = y * (lineBytes + 1) + 1;
    const filter = lines[from - 1]!;
    for (let x = 0; x < lineBytes; x++) {
      const left = x >= step ? lines[from + x - step]! : 0;
      const up = y > 0 ? lines[from + x - lineBytes - 1]! : 0;
      const corner = y > 0 && x >= step ? lines[from + x - step - lineBytes - 1]! : 0;
      lines[from + x] = (lines[from + x]! + predictor(filter, left, up, corner)) & 255;
    }
  }
}

function predictor(filter: number, left: number, up: number, corner: number): number {
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  if (filter !== 4) return 0;
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

interface Packed {
  readonly width: number;
  readonly height: number;
  readonly lineBytes: number;
  readonly depth: number;
  /** Whether values are brightnesses, which become 0–255. */
  readonly scales: boolean;
}

function unpack(lines: Buffer, { width, height, lineBytes, depth, scales }: Packed): Uint8Array {
  const values = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = y * (lineBytes + 1) + 1;
    for (let x = 0; x < width; x++) {
      if (depth >= 8) {
        // Of 16 bits the upper 8.
        values[y * width + x] = lines[from + (x * depth) / 8]!;
        continue;
      }
      const bit = x * depth;
      const value = (lines[from + (bit >> 3)]! >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
      values[y * width + x] = scales ? (value * 255) / ((1 << depth) - 1) : value;
    }
  }
  return values;
}
