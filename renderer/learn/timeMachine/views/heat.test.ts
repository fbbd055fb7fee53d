import { describe, expect, it } from 'vitest';
import { cellSize, heatPixels, walked } from './heat.ts';

describe('heat maps', () => {
  it('colour 0 as the ground, the largest as its end and what is below 0 as the other', () => {
    const colours = { high: [0, 0, 200], low: [200, 0, 0], none: [0, 100, 0] } as const;
    const pixels = heatPixels([0, 2, -2, 0.5], 4, 2, colours);
    expect([...pixels.slice(0, 4)]).toEqual([0, 100, 0, 255]);
    expect([...pixels.slice(4, 8)]).toEqual([0, 15, 170, 255]);
    expect([...pixels.slice(8, 12)]).toEqual([170, 15, 0, 255]);
    expect(pixels[14]).toBe(85); // a quarter of the size is half the colour
  });

  it('are walked with arrows and end at their edges', () => {
    expect(walked('ArrowRight', 0, 2, 3)).toBe(1);
    expect(walked('ArrowRight', 2, 2, 3)).toBe(2);
    expect(walked('ArrowDown', 1, 2, 3)).toBe(4);
    expect(walked('ArrowUp', 1, 2, 3)).toBe(1);
    expect(walked('a', 1, 2, 3)).toBeUndefined();
  });

  it('have cells of whole or half pixels where there is room', () => {
    expect(cellSize(100, 30, 22)).toBe(3 + 1 / 3);
    expect(cellSize(100, 15, 22)).toBe(6.5);
    expect(cellSize(100, 2, 22)).toBe(22);
  });
});
