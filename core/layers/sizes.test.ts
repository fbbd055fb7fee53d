import { expect, it } from 'vitest';
import { expectedSizes, formatSizes, perAxis, readSizes, shortSizes, type SizesSpec } from './sizes.ts';

const spec: SizesSpec = {
  kind: 'sizes',
  label: 'Padding',
  doc: '',
  default: 0,
  axes: ['height', 'width'],
  min: 0,
  max: 9,
  words: [{ value: 'same', label: 'Same' }],
};

it.each([
  ['3', 3],
  ['3 × 5', [3, 5]],
  ['3x3', 3],
  ['3, 5', [3, 5]],
  [' Same ', 'same'],
  ['', undefined],
  ['1 2 3', undefined],
  ['10', undefined],
  ['1.5', undefined],
  ['valid', undefined],
] as const)('reads "%s"', (entry, value) => expect(readSizes(spec, entry)).toEqual(value));

it('writes sizes', () => {
  expect([perAxis(3, 2), perAxis([3, 5], 2), perAxis('same', 2)]).toEqual([
    [3, 3],
    [3, 5],
    [0, 0],
  ]);
  expect([formatSizes(3, 2), formatSizes([3, 5], 2), formatSizes('same', 2)]).toEqual(['3×3', '3×5', 'same']);
  expect([shortSizes(3), shortSizes([3, 5]), shortSizes([3, 3])]).toEqual(['3', '3×5', '3']);
  expect(expectedSizes(spec)).toBe('one or 2 whole numbers from 0 to 9 (height, width) or "same"');
});
