/**
 * Reader of the IDX format, in which MNIST and Fashion-MNIST are published: a big-endian header
 * (0, 0, element type, number of dimensions, one u32 per dimension), then the elements in row-major order.
 * Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", section "file formats".
 */
import { raise } from '../problem.ts';

export interface IdxArray {
  readonly shape: readonly number[];
  /** Unsigned bytes, the only element type that image sets use; a view on the input, not a copy. */
  readonly values: Uint8Array;
}

const elementTypes: Readonly<Record<number, string>> = {
  0x08: 'unsigned bytes',
  0x09: 'signed bytes',
  0x0b: '16-bit integers',
  0x0c: '32-bit integers',
  0x0d: '32-bit floats',
  0x0e: '64-bit floats',
};

const maxDimensions = 4;

export interface IdxHeader {
  readonly shape: readonly number[];
  /** Where the elements start. */
  readonly headerBytes: number;
}

/** The longest header. */
export const maxIdxHeaderBytes = 4 + 4 * maxDimensions;

/** @param file the name for messages */
export function readIdx(bytes: Uint8Array, file: string): IdxArray {
  const { shape, headerBytes } = readIdxHeader(bytes, bytes.length, file);
  return { shape, values: bytes.subarray(headerBytes) };
}

/** Whether a file that starts like this can be meant as IDX. */
export function looksLikeIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && elementTypes[bytes[2]!] !== undefined;
}

/**
 * @param bytes the file's beginning, at least the header
 * @param sizeBytes of the whole file
 */
export function readIdxHeader(bytes: Uint8Array, sizeBytes: number, file: string): IdxHeader {
  const where = (byte: number) => ({ kind: 'file', file, byte }) as const;
  if (bytes.length < 4) {
    raise({
      code: 'idx.tooShort',
      message: `${file}: an IDX file starts with a header of at least 4 bytes, this file has ${bytes.length}.`,
      where: where(bytes.length),
      hint: 'Download or copy the file again.',
    });
  }
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    raise({
      code: 'idx.compressed',
      message: `${file}: expected IDX at byte 0, got a gzip header.`,
      where: where(0),
      hint: 'Decompress the file first.',
    });
  }
  if (bytes[0] !== 0 || bytes[1] !== 0) {
    raise({
      code: 'idx.magic',
      message: `${file}: expected two zero bytes at byte 0, got ${hex(bytes[0])} ${hex(bytes[1])}. This is not an IDX file.`,
      where: where(0),
    });
  }
  const type = bytes[2]!;
  if (type !== 0x08) {
    const known = elementTypes[type];
    raise({
      code: 'idx.elementType',
      message: `${file}: expected element type 0x08 (unsigned bytes) at byte 2, got ${hex(type)}${known === undefined ? '' : ` (${known})`}.`,
      where: where(2),
    });
  }
  const dimensions = bytes[3]!;
  if (dimensions < 1 || dimensions > maxDimensions) {
    raise({
      code: 'idx.dimensions',
      message: `${file}: expected 1 to ${maxDimensions} dimensions at byte 3, got ${dimensions}.`,
      where: where(3),
    });
  }
  const headerBytes = 4 + 4 * dimensions;
  if (bytes.length < headerBytes) {
    raise({
      code: 'idx.tooShort',
      message: `${file}: the header of ${dimensions} dimensions takes ${headerBytes} bytes, the file ends at byte ${bytes.length}.`,
      where: where(bytes.length),
      hint: 'Download or copy the file again.',
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const shape: number[] = [];
  let elements = 1;
  for (let d = 0; d < dimensions; d++) {
    const at = 4 + 4 * d;
    const size = view.getUint32(at);
    if (size === 0)
      raise({
        code: 'idx.emptyDimension',
        message: `${file}: dimension ${d + 1} at byte ${at} is 0, so the file holds no data.`,
        where: where(at),
      });
    shape.push(size);
    elements *= size;
  }
  const expected = headerBytes + elements;
  if (sizeBytes !== expected) {
    raise({
      code: sizeBytes < expected ? 'idx.truncated' : 'idx.trailing',
      message: `${file}: ${shape.join(' × ')} unsigned bytes need ${expected} bytes in all, got ${sizeBytes}.`,
      where: where(Math.min(sizeBytes, expected)),
      hint: 'Download or copy the file again.',
    });
  }
  return { shape, headerBytes };
}

/** The inverse of `readIdx`, for scripts that cut data sets and for tests. */
export function writeIdx(shape: readonly number[], values: Uint8Array): Uint8Array {
  const headerBytes = 4 + 4 * shape.length;
  const bytes = new Uint8Array(headerBytes + values.length);
  const view = new DataView(bytes.buffer);
  bytes[2] = 0x08;
  bytes[3] = shape.length;
  shape.forEach((size, d) => view.setUint32(4 + 4 * d, size));
  bytes.set(values, headerBytes);
  return bytes;
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`;
}
