import { describe, expect, it } from 'vitest';
import { fromPixels, inkBox, place } from './imageFile.ts';
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

  it('what is drawn on it is found and brought where the data have theirs', () => {
    const ink = inkBox({ data: sheet, width: 3, height: 3 })!;
    expect(ink).toEqual({ left: 1, top: 1, width: 1, height: 1, paper: 'rgb(255 255 255)' });
    expect(place({ ...ink, width: 2, height: 4 }, { ...usualStyle([1, 8, 8]), height: 8, width: 5.6, middle: { x: 4, y: 4 } })).toEqual({
      left: 2,
      top: 0,
      width: 4,
      height: 8,
    });
  });

  it('a photograph and an empty sheet have no such place', () => {
    const photograph = sheet.map((value, i) => (i < 4 ? 0 : value));
    expect(inkBox({ data: photograph, width: 3, height: 3 })).toBeUndefined();
    expect(inkBox({ data: sheet.map(() => 200), width: 3, height: 3 })).toBeUndefined();
  });
});
