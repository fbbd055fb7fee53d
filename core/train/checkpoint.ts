/**
 * Checkpoints as bytes: magic, version, a JSON header, the slots' raw elements, a CRC-32 of all that.
 *
 *   0  8 bytes   "LBCHKPT\n"
 *   8  u32       version
 *  12  u32       header length in bytes, padded with spaces to a multiple of 8
 *  16  header    ASCII JSON: counters and, per slot, name, dtype and element count
 *   .  slots     little-endian elements, 4 bytes each, in the header's order
 *  -4  u32       CRC-32 (IEEE 802.3) of everything before it
 */
import { raise } from '../problem.ts';
import type { PlateauState } from '../schedules/index.ts';
import type { StoppingState } from './earlyStopping.ts';
import type { Checkpoint } from './records.ts';

const magic = 'LBCHKPT\n';
const version = 2;
const fixedBytes = 16;

interface Header {
  readonly step: number;
  readonly epoch: number;
  readonly elapsedMs: number;
  readonly numerics: string;
  readonly learningRate: number;
  readonly plateau?: PlateauState;
  readonly epochLoss?: Checkpoint['epochLoss'];
  readonly stopping?: StoppingState;
  readonly slots: readonly { readonly name: string; readonly dtype: 'f32' | 'i32'; readonly length: number }[];
}

export function encodeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const slots = Object.entries(checkpoint.slots);
  const header: Header = {
    step: checkpoint.step,
    epoch: checkpoint.epoch,
    elapsedMs: checkpoint.elapsedMs,
    numerics: checkpoint.numerics,
    learningRate: checkpoint.learningRate,
    ...rememberedBy(checkpoint),
    slots: slots.map(([name, data]) => ({ name, dtype: data instanceof Int32Array ? 'i32' : 'f32', length: data.length })),
  };
  const json = toAscii(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const slotBytes = slots.reduce((sum, [, data]) => sum + data.byteLength, 0);
  const bytes = new Uint8Array(fixedBytes + headerBytes + slotBytes + 4);
  const view = new DataView(bytes.buffer);
  writeAscii(bytes, 0, magic);
  view.setUint32(8, version, true);
  view.setUint32(12, headerBytes, true);
  writeAscii(bytes, fixedBytes, json.padEnd(headerBytes, ' '));
  let at = fixedBytes + headerBytes;
  for (const [, data] of slots) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  view.setUint32(at, crc32(bytes.subarray(0, at)), true);
  return bytes;
}

/**
 * @param file shown in messages
 * @throws ProblemError for a foreign, newer, truncated or damaged file
 */
export function decodeCheckpoint(bytes: Uint8Array, file = 'checkpoint'): Checkpoint {
  const where = { kind: 'file', file } as const;
  const hint = 'Resume from an earlier checkpoint, or train again.';
  if (bytes.length < fixedBytes || readAscii(bytes, 0, magic.length) !== magic) {
    raise({
      code: 'checkpoint.foreign',
      message: `"${file}" is not a checkpoint: it does not begin as one.`,
      where: { ...where, byte: 0 },
      hint,
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fileVersion = view.getUint32(8, true);
  if (fileVersion > version) {
    raise({
      code: 'checkpoint.newer',
      message: `"${file}" has checkpoint version ${fileVersion}; this Layerbench reads up to ${version}.`,
      where,
      hint: 'Open it with the newer Layerbench that wrote it.',
    });
  }
  const headerBytes = view.getUint32(12, true);
  const truncated = (expected: number): never =>
    raise({
      code: 'checkpoint.truncated',
      message: `"${file}" is cut short: ${bytes.length} bytes, expected ${expected}.`,
      where: { ...where, byte: bytes.length },
      hint,
    });
  if (bytes.length < fixedBytes + headerBytes + 4) truncated(fixedBytes + headerBytes + 4);

  const damaged = (): never =>
    raise({ code: 'checkpoint.damaged', message: `"${file}" is damaged: its checksum does not match its contents.`, where, hint });
  const header = parseHeader(readAscii(bytes, fixedBytes, headerBytes)) ?? damaged();
  const slotBytes = header.slots.reduce((sum, slot) => sum + slot.length * 4, 0);
  const expected = fixedBytes + headerBytes + slotBytes + 4;
  if (bytes.length < expected) truncated(expected);
  if (bytes.length > expected || crc32(bytes.subarray(0, expected - 4)) !== view.getUint32(expected - 4, true)) damaged();

  const slots: Record<string, Float32Array | Int32Array> = {};
  let at = fixedBytes + headerBytes;
  for (const { name, dtype, length } of header.slots) {
    // A copy, because the elements need not be aligned within the file's buffer.
    const copy = new Uint8Array(length * 4);
    copy.set(bytes.subarray(at, at + length * 4));
    slots[name] = dtype === 'i32' ? new Int32Array(copy.buffer) : new Float32Array(copy.buffer);
    at += length * 4;
  }
  const { step, epoch, elapsedMs, numerics, learningRate } = header;
  return { step, epoch, elapsedMs, numerics, learningRate, ...rememberedBy(header), slots };
}

/** What schedule and early stopping remember; files of version 1 have neither. */
function rememberedBy({ plateau, epochLoss, stopping }: Pick<Checkpoint, Remembered>): Pick<Checkpoint, Remembered> {
  return {
    ...(plateau === undefined ? {} : { plateau }),
    ...(epochLoss === undefined ? {} : { epochLoss }),
    ...(stopping === undefined ? {} : { stopping }),
  };
}

type Remembered = 'plateau' | 'epochLoss' | 'stopping';

function parseHeader(json: string): Header | null {
  try {
    const header = JSON.parse(json) as Header;
    return Array.isArray(header.slots) &&
      Number.isInteger(header.step) &&
      header.slots.every((s) => Number.isInteger(s.length) && s.length >= 0)
      ? header
      : null;
  } catch {
    return null;
  }
}

/** JSON with everything beyond ASCII escaped, so that one character is one byte. */
function toAscii(json: string): string {
  return json.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function writeAscii(bytes: Uint8Array, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i);
}

function readAscii(bytes: Uint8Array, at: number, length: number): string {
  let text = '';
  for (let i = 0; i < length; i++) text += String.fromCharCode(bytes[at + i]!);
  return text;
}

let crcTable: Uint32Array | undefined;

function crc32(bytes: Uint8Array): number {
  crcTable ??= Uint32Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c;
  });
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) crc = crcTable[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
