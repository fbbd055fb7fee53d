import { describe, expect, it } from 'vitest';
import { measureStyle, usualStyle, type ImageStyle } from './imageStyle.ts';
import { rasterise } from './rasterise.ts';
import type { Drawing, Point } from './strokes.ts';

/** As measured on the handwritten digits: 8 × 8, as high as the image, three tenths of it ink. */
const digits: ImageStyle = { shape: [1, 8, 8], brightInk: true, height: 8, width: 5.6, middle: { x: 4, y: 4 }, ink: 0.3 };

const ring: Drawing = [
  Array.from({ length: 33 }, (_, i): Point => ({
    x: 0.3 + 0.1 * Math.cos((i * Math.PI) / 16),
    y: 0.3 + 0.15 * Math.sin((i * Math.PI) / 16),
  })),
];
const rows = (bytes: Uint8Array, width: number): number[][] =>
  Array.from({ length: bytes.length / width }, (_, y) => [...bytes.subarray(y * width, (y + 1) * width)]);
const mean = (bytes: Uint8Array): number => bytes.reduce((sum, value) => sum + value, 0) / bytes.length / 255;

describe('a drawing as an image', () => {
  it('fills the height of the data’s images, is centred and takes as much ink', () => {
    const image = rasterise(ring, digits)!;
    expect(mean(image)).toBeCloseTo(0.3, 1);
    const lines = rows(image, 8);
    expect(Math.max(...lines[0]!)).toBeGreaterThan(128);
    expect(Math.max(...lines[7]!)).toBeGreaterThan(128);
    for (const line of lines) expect(line).toEqual(line.toReversed());
    // A ring is empty in its middle.
    expect(lines[4]![4]).toBe(0);
  });

  it('is the same wherever and however large it was drawn', () => {
    const moved = ring.map((stroke) => stroke.map(({ x, y }) => ({ x: 0.4 + 0.5 * x, y: 0.1 + 0.5 * y })));
    expect(rasterise(moved, digits)).toEqual(rasterise(ring, digits));
  });

  it('has soft edges and full ink within', () => {
    const values = new Set(
      rasterise(
        [
          [
            { x: 0.5, y: 0.1 },
            { x: 0.55, y: 0.9 },
          ],
        ],
        digits,
      ),
    );
    expect(values.has(255)).toBe(true);
    expect([...values].some((value) => value > 0 && value < 255)).toBe(true);
  });

  it('is dark on bright, and in every channel, where the data are', () => {
    const image = rasterise(ring, { ...digits, shape: [3, 8, 8], brightInk: false })!;
    expect(image.length).toBe(192);
    expect(image[0]).toBe(255);
    expect([...image.subarray(0, 64)]).toEqual([...image.subarray(128)]);
  });

  it('a dot, a dash and nothing', () => {
    expect(mean(rasterise([[{ x: 0.5, y: 0.5 }]], digits)!)).toBeGreaterThan(0);
    const dash = rows(
      rasterise(
        [
          [
            { x: 0.1, y: 0.5 },
            { x: 0.9, y: 0.5 },
          ],
        ],
        digits,
      )!,
      8,
    );
    expect(Math.max(...dash[0]!)).toBe(0);
    expect(rasterise([], digits)).toBeUndefined();
  });

  it('a thicker brush gives more ink', () => {
    expect(mean(rasterise(ring, digits, { brush: 1.5 })!)).toBeGreaterThan(mean(rasterise(ring, digits)!) * 1.2);
  });
});

describe('the style of images', () => {
  it('is measured: box, middle, ink, and which side is ink', () => {
    const image = new Uint8Array(64);
    for (let y = 1; y < 7; y++) image.fill(255, 8 * y + 3, 8 * y + 5);
    expect(measureStyle([1, 8, 8], image)).toEqual({
      shape: [1, 8, 8],
      brightInk: true,
      height: 6,
      width: 2,
      middle: { x: 4, y: 4 },
      ink: 12 / 64,
    });
    const negative = measureStyle(
      [1, 8, 8],
      image.map((value) => 255 - value),
    );
    expect(negative.brightInk).toBe(false);
    expect(negative.ink).toBeCloseTo(12 / 64);
  });

  it('is MNIST’s where nothing is known', () => {
    expect(measureStyle([1, 28, 28], new Uint8Array())).toEqual(usualStyle([1, 28, 28]));
    expect(usualStyle([1, 28, 28]).height).toBe(20);
    expect(measureStyle([1, 8, 8], new Uint8Array(64)).height).toBeCloseTo(5.71, 1);
  });
});
