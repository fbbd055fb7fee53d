import { expect, test } from 'vitest';
import { encodeCategory, encodeNumber, type Encoding } from './encoding.ts';

const number: Extract<Encoding, { kind: 'number' }> = { kind: 'number', shift: 10, scale: 4, fill: 12, gapFeature: true };
const category: Extract<Encoding, { kind: 'category' }> = {
  kind: 'category',
  categories: ['a', 'b', 'c'],
  seen: [true, false, true],
  gapAt: 3,
  width: 4,
};

function encoded(write: (out: Float32Array) => void, width: number): number[] {
  const out = new Float32Array(width);
  write(out);
  return [...out];
}

test('a number is shifted and scaled; a gap is filled and marked; a constant column stays 0', () => {
  expect(encoded((out) => encodeNumber(number, 18, out, 0), 2)).toEqual([2, 0]);
  expect(encoded((out) => encodeNumber(number, NaN, out, 0), 2)).toEqual([0.5, 1]);
  expect(encoded((out) => encodeNumber({ ...number, scale: 0, gapFeature: false }, 18, out, 1), 2)).toEqual([0, 0]);
});

test('a category is one-hot; one that no training row had and an unknown one are all zeros, a gap has its own place', () => {
  expect(encoded((out) => encodeCategory(category, 2, out, 0), 4)).toEqual([0, 0, 1, 0]);
  expect(encoded((out) => encodeCategory(category, 1, out, 0), 4)).toEqual([0, 0, 0, 0]);
  expect(encoded((out) => encodeCategory(category, 3, out, 0), 4)).toEqual([0, 0, 0, 0]);
  expect(encoded((out) => encodeCategory(category, -1, out, 0), 4)).toEqual([0, 0, 0, 1]);
  // Where training had no gap there is no place for one.
  expect(encoded((out) => encodeCategory({ ...category, gapAt: 3, width: 3 }, -1, out, 0), 3)).toEqual([0, 0, 0]);
});
