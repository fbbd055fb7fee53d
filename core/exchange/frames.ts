/**
 * What travels over the browser shell's WebSocket. A message without typed arrays is one JSON text frame; with
 * them it is one binary frame: header length (u32, little endian), JSON header, zeros up to the next multiple of
 * 8, then each array's bytes, each starting at a multiple of 8. In the JSON an array stands as
 * `{"$array": [type, byte offset, length]}`. Numbers JSON cannot hold (a diverged loss) stand as `{"$number": "NaN"}`;
 * keys that begin with `$` are written with one `$` more.
 */
import { raise } from '../problem.ts';

/** Both worlds have these; core's type library knows neither world. */
const { TextEncoder, TextDecoder } = globalThis as unknown as {
  TextEncoder: new () => { encode(text: string): Uint8Array };
  TextDecoder: new () => { decode(bytes: Uint8Array): string };
};

/** Largest frame either side sends or accepts. */
export const maxFrameBytes = 4 * 1024 * 1024;

/** Largest piece of a file sent in one call; leaves room for the header. */
export const maxChunkBytes = 2 * 1024 * 1024;

const arrayTypes = { Float32Array, Float64Array, Int32Array, Uint8Array, Uint32Array } as const;
type ArrayTypeName = keyof typeof arrayTypes;
type TransportArray = InstanceType<(typeof arrayTypes)[ArrayTypeName]>;

const alignment = 8;
const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

function arrayTypeOf(value: ArrayBufferView): ArrayTypeName {
  for (const name of Object.keys(arrayTypes) as ArrayTypeName[]) if (value instanceof arrayTypes[name]) return name;
  return raise({ code: 'frame.arrayType', message: `A ${value.constructor.name} cannot be sent.` });
}

/**
 * @param maxBytes larger only for what is cut into frames afterwards
 * @throws ProblemError `frame.tooLarge`
 */
export function encodeFrame(message: unknown, maxBytes = maxFrameBytes): string | Uint8Array<ArrayBuffer> {
  const arrays: TransportArray[] = [];
  let bodyBytes = 0;

  const pack = (value: unknown): unknown => {
    if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(pack);
    if (ArrayBuffer.isView(value)) {
      const packed = { $array: [arrayTypeOf(value), bodyBytes, (value as TransportArray).length] };
      arrays.push(value as TransportArray);
      bodyBytes = align(bodyBytes + value.byteLength);
      return packed;
    }
    const packed: Record<string, unknown> = {};
    for (const [key, field] of Object.entries(value)) packed[key.startsWith('$') ? `$${key}` : key] = pack(field);
    return packed;
  };

  const json = JSON.stringify(pack(message));
  if (arrays.length === 0) {
    // A UTF-16 unit takes at most 3 bytes of UTF-8, so most messages need no exact count.
    if (json.length * 3 > maxBytes) checkSize(new TextEncoder().encode(json).length, maxBytes);
    return json;
  }
  const header = new TextEncoder().encode(json);
  const bodyStart = align(4 + header.length);
  checkSize(bodyStart + bodyBytes, maxBytes);
  const frame = new Uint8Array(bodyStart + bodyBytes);
  new DataView(frame.buffer).setUint32(0, header.length, true);
  frame.set(header, 4);
  let offset = bodyStart;
  for (const array of arrays) {
    frame.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset = align(offset + array.byteLength);
  }
  return frame;
}

/** Arrays are copies, never views of the frame. @throws ProblemError `frame.malformed` */
export function decodeFrame(frame: string | ArrayBuffer | Uint8Array): unknown {
  if (typeof frame === 'string') return unpack(parse(frame), null);
  // A plain Uint8Array, because `slice` of Node's Buffer, which also comes here, does not copy.
  const bytes = frame instanceof Uint8Array ? new Uint8Array(frame.buffer, frame.byteOffset, frame.byteLength) : new Uint8Array(frame);
  if (bytes.length < 4) malformed('it is shorter than its header');
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  const bodyStart = align(4 + headerBytes);
  if (bodyStart > bytes.length) malformed('its header is cut off');
  const json = new TextDecoder().decode(bytes.subarray(4, 4 + headerBytes));
  return unpack(parse(json), bytes.subarray(bodyStart));
}

function unpack(value: unknown, body: Uint8Array | null): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => unpack(item, body));
  if ('$number' in value) return Number(value.$number);
  if ('$array' in value) return unpackArray(value.$array, body);
  const unpacked: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    // defineProperty semantics are not needed: `__proto__` never survives as an own key worth keeping.
    if (key === '__proto__') continue;
    unpacked[key.startsWith('$$') ? key.slice(1) : key] = unpack(field, body);
  }
  return unpacked;
}

function unpackArray(description: unknown, body: Uint8Array | null): TransportArray {
  if (!Array.isArray(description) || body === null) return malformed('an array is not described');
  const [name, offset, length] = description as unknown[];
  if (typeof name !== 'string' || !Object.hasOwn(arrayTypes, name)) return malformed('an array has an unknown type');
  const Type = arrayTypes[name as ArrayTypeName];
  if (!isCount(offset) || !isCount(length) || offset + length * Type.BYTES_PER_ELEMENT > body.length) {
    return malformed('an array reaches beyond its end');
  }
  const copy = body.slice(offset, offset + length * Type.BYTES_PER_ELEMENT);
  return new Type(copy.buffer, 0, length);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return malformed('it is not JSON');
  }
}

function checkSize(bytes: number, maxBytes: number): void {
  if (bytes > maxBytes) {
    raise({
      code: 'frame.tooLarge',
      message: `A message of ${(bytes / 1048576).toFixed(1)} MB is larger than the ${maxBytes / 1048576} MB that can be sent at once.`,
      hint: 'Ask for fewer rows or points at a time.',
    });
  }
}

function malformed(reason: string): never {
  return raise({ code: 'frame.malformed', message: `A message could not be read: ${reason}.` });
}
