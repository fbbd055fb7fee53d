import { describe, expect, it } from 'vitest';
import { readIdx, writeIdx } from './idx.ts';

describe('readIdx', () => {
  it('reads what writeIdx wrote, as a view', () => {
    const bytes = writeIdx([2, 3], Uint8Array.of(1, 2, 3, 4, 5, 255));
    const { shape, values } = readIdx(bytes, 'images.idx');
    expect(shape).toEqual([2, 3]);
    expect([...values]).toEqual([1, 2, 3, 4, 5, 255]);
    expect(values.buffer).toBe(bytes.buffer);
  });

  it('reads from the middle of a larger buffer', () => {
    const inner = writeIdx([2], Uint8Array.of(7, 8));
    const outer = new Uint8Array(inner.length + 5);
    outer.set(inner, 5);
    expect([...readIdx(outer.subarray(5), 'a').values]).toEqual([7, 8]);
  });

  const good = [...writeIdx([2, 2], Uint8Array.of(1, 2, 3, 4))];
  const change = (at: number, byte: number) => Uint8Array.from(good, (old, i) => (i === at ? byte : old));
  const bad: readonly [string, Uint8Array, string, number][] = [
    ['an empty file', new Uint8Array(0), 'at least 4 bytes, this file has 0', 0],
    ['three bytes', Uint8Array.of(0, 0, 8), 'this file has 3', 3],
    ['a gzip file', Uint8Array.of(0x1f, 0x8b, 8, 0, 0), 'got a gzip header', 0],
    ['another magic', change(0, 1), 'two zero bytes at byte 0, got 0x01 0x00', 0],
    ['32-bit floats', change(2, 0x0d), 'got 0x0d (32-bit floats)', 2],
    ['an unknown element type', change(2, 0x77), 'got 0x77.', 2],
    ['no dimension', change(3, 0), '1 to 4 dimensions at byte 3, got 0', 3],
    ['too many dimensions', change(3, 9), 'got 9', 3],
    ['a cut header', Uint8Array.from(good.slice(0, 9)), 'takes 12 bytes, the file ends at byte 9', 9],
    ['a dimension of 0', change(11, 0), 'dimension 2 at byte 8 is 0', 8],
    ['one byte too few', Uint8Array.from(good.slice(0, -1)), '2 × 2 unsigned bytes need 16 bytes in all, got 15', 15],
    ['one byte too many', Uint8Array.from([...good, 0]), 'need 16 bytes in all, got 17', 16],
    ['absurd dimensions', change(4, 0xff), 'need 8556380176 bytes', 16],
  ];
  it.each(bad)('refuses %s', (_, bytes, sentence, byte) => {
    try {
      readIdx(bytes, 'x.idx');
    } catch (error) {
      expect((error as Error).message).toContain('x.idx');
      expect((error as Error).message).toContain(sentence);
      expect((error as { problem: unknown }).problem).toMatchObject({ where: { kind: 'file', file: 'x.idx', byte } });
      return;
    }
    expect.unreachable();
  });
});
