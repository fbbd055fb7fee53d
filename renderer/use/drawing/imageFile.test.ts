import { describe, expect, it } from 'vitest';
import { fromPixels } from './imageFile.ts';
import { usualStyle } from './imageStyle.ts';

/** Black ink in the middle of a white 3 × 3 sheet. */
const sheet = Uint8ClampedArray.from({ length: 36 }, (_, i) => (Math.floor(i / 4) === 4 && i % 4 !== 3 ? 0 : 255));

describe('an image file', () => {
  it('has its ink on the side where the data have theirs', () => {
    expect([...fromPixels(sheet, usualStyle([1, 3, 3]))]).toEqual([0, 0, 0, 0, 255, 0, 0, 0, 0]);
    expect([...fromPixels(sheet, { ...usualStyle([1, 3, 3]), brightInk: false })]).toEqual([255, 255, 255, 255, 0, 255, 255, 255, 255]);
  });

  it('keeps its colours where the network has three channels', () => {
    const red = Uint8ClampedArray.of(200, 10, 20, 255);
    expect([...fromPixels(red, usualStyle([3, 1, 1]))]).toEqual([200, 10, 20]);
  });
});
