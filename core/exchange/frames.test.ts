import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { ProblemError } from '../problem.ts';
import { decodeFrame, encodeFrame, maxFrameBytes } from './frames.ts';

describe('frames', () => {
  it('is text while there are no typed arrays', () => {
    const message = { id: 1, call: 'settings.get', args: {} };
    expect(encodeFrame(message)).toBe(JSON.stringify(message));
    expect(decodeFrame(encodeFrame(message))).toEqual(message);
  });

  it('carries typed arrays of every kind, aligned, also views into larger buffers', () => {
    const large = new Float64Array([9, 1.5, NaN, -Infinity, 9]);
    const message = {
      bytes: new Uint8Array([1, 2, 3]),
      nested: [{ steps: large.subarray(1, 4) }, { empty: new Float32Array(0) }],
      codes: Int32Array.of(-1, 7),
      text: 'größer',
    };
    const frame = encodeFrame(message) as Uint8Array;
    expect(decodeFrame(frame)).toEqual(message);
    // Node hands over frames that start anywhere in a pooled buffer.
    const shifted = new Uint8Array(frame.length + 3);
    shifted.set(frame, 3);
    expect(decodeFrame(shifted.subarray(3))).toEqual(message);
    expect(decodeFrame(Buffer.from(shifted.buffer, 3))).toEqual(message);
  });

  it('keeps numbers JSON cannot hold', () => {
    const message = { loss: NaN, low: -Infinity, high: Infinity };
    expect(decodeFrame(encodeFrame(message))).toEqual(message);
  });

  it('keeps any JSON value, whatever its keys', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value));
        if (JSON.stringify(plain).includes('__proto__')) return;
        expect(decodeFrame(encodeFrame({ plain, array: new Uint8Array(1) }))).toEqual({ plain, array: new Uint8Array(1) });
      }),
    );
    const tricky = { $array: ['Uint8Array', 0, 1], $number: 'NaN', $$x: 1 };
    expect(decodeFrame(encodeFrame(tricky))).toEqual(tricky);
  });

  it.each([
    ['not JSON', '{', 'A message could not be read: it is not JSON.'],
    ['no header', new Uint8Array(2), 'A message could not be read: it is shorter than its header.'],
    ['a header beyond the end', Uint8Array.of(255, 255, 0, 0, 1), 'A message could not be read: its header is cut off.'],
    ['an array in a text frame', '{"$array":["Uint8Array",0,1]}', 'A message could not be read: an array is not described.'],
  ])('refuses %s', (_name, frame, message) => {
    expect(() => decodeFrame(frame)).toThrow(message);
  });

  it.each([
    ['beyond the end', ['Float64Array', 0, 2]],
    ['before the start', ['Uint8Array', -8, 1]],
    ['of an unknown type', ['constructor', 0, 1]],
  ])('refuses an array %s', (_name, description) => {
    const header = new TextEncoder().encode(JSON.stringify({ a: { $array: description } }));
    const frame = new Uint8Array(Math.ceil((4 + header.length) / 8) * 8 + 8);
    new DataView(frame.buffer).setUint32(0, header.length, true);
    frame.set(header, 4);
    expect(() => decodeFrame(frame)).toThrow(ProblemError);
  });

  it('refuses to send more than 4 MiB', () => {
    expect(() => encodeFrame({ bytes: new Uint8Array(maxFrameBytes) })).toThrow('larger than the 4 MB');
    expect(() => encodeFrame({ text: 'x'.repeat(maxFrameBytes) })).toThrow('larger than the 4 MB');
  });
});
