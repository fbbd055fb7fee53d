/**
 * A drawing as an image of the network's size: moved and scaled to where the data's images have their ink, with a line as
 * thick as theirs, each pixel's value the share of it that ink covers (the UCI digits are counted in the same way).
 */
import type { ImageStyle } from './imageStyle.ts';
import type { Drawing, Point } from './strokes.ts';

/** Samples of a pixel's area along one side: sixteen in small images, fewer where there are many pixels. */
const finenessOf = (height: number, width: number): number => Math.max(1, Math.min(4, Math.floor(Math.sqrt(20_000 / (height * width)))));
/** How much a drawing may be stretched more one way than the other. */
const mostUneven = 1.6;
/** Thickness of the line, as a share of the image's height. */
const thinnest = 0.055;
const thickest = 0.32;

export interface RasterOptions {
  /** Factor on the thickness that the data suggest. */
  readonly brush?: number;
}

/** @returns bytes (C, H, W) as the data set stores them; undefined where nothing is drawn */
export function rasterise(drawing: Drawing, style: ImageStyle, { brush = 1 }: RasterOptions = {}): Uint8Array | undefined {
  const strokes = drawing.filter((stroke) => stroke.length > 0);
  if (strokes.length === 0) return undefined;
  const [channels, height, width] = style.shape;
  const first = distances(fit(strokes, style, 0.12 * height), height, width);
  const suggested = thicknessFor(first, style.ink, height);
  const thickness = suggested * brush;
  const ink = coverage(distances(fit(strokes, style, thickness), height, width), thickness, height, width);
  const plane = height * width;
  const bytes = new Uint8Array(channels * plane);
  for (let i = 0; i < plane; i++) {
    const value = Math.round(255 * (style.brightInk ? ink[i]! : 1 - ink[i]!));
    for (let c = 0; c < channels; c++) bytes[c * plane + i] = value;
  }
  return bytes;
}

/** In pixels of the image: the drawing with its ink fills the height of the data's, and at most a little more than its width. */
export function fit(drawing: Drawing, style: ImageStyle, thickness: number): Drawing {
  const points = drawing.flat();
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = (size: number, limit: number): number => Math.max(0.5, Math.min(size, limit) - thickness);
  const [, height, width] = style.shape;
  const tallest = room(style.height, height);
  const widest = room(1.25 * style.width, width);
  const down = tallest / Math.max(bottom - top, 1e-3);
  const across = widest / Math.max(right - left, 1e-3);
  // The height decides; what would be too wide is squeezed, and what is a dash stays one.
  const scaleX = Math.min(down, across);
  const scaleY = Math.min(down, mostUneven * scaleX);
  const move = ({ x, y }: Point): Point => ({
    x: style.middle.x + scaleX * (x - (left + right) / 2),
    y: style.middle.y + scaleY * (y - (top + bottom) / 2),
  });
  return drawing.map((stroke) => stroke.map(move));
}

/** Distance of every sample from the nearest line, in pixels, (H · fine, W · fine). */
function distances(drawing: Drawing, height: number, width: number): Float32Array {
  const fine = finenessOf(height, width);
  const across = width * fine;
  const squares = new Float32Array(height * fine * across).fill(Infinity);
  for (const stroke of drawing) {
    for (let s = 0; s < Math.max(1, stroke.length - 1); s++) {
      const a = stroke[s]!;
      const b = stroke[s + 1] ?? a;
      const dx = b.x - a.x;
      const dy = b.y - a.y;
      const length = dx * dx + dy * dy;
      for (let i = 0; i < squares.length; i++) {
        const px = ((i % across) + 0.5) / fine - a.x;
        const py = (Math.floor(i / across) + 0.5) / fine - a.y;
        const t = length === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / length));
        const square = (px - t * dx) ** 2 + (py - t * dy) ** 2;
        if (square < squares[i]!) squares[i] = square;
      }
    }
  }
  return squares.map(Math.sqrt);
}

/** The thickness at which the drawing takes as much ink as the data's images do: by halving, to a hundredth of the range. */
function thicknessFor(distance: Float32Array, ink: number, height: number): number {
  let [low, high] = [thinnest * height, thickest * height];
  for (let i = 0; i < 8; i++) {
    const middle = (low + high) / 2;
    let covered = 0;
    for (const value of distance) if (value <= middle / 2) covered++;
    if (covered / distance.length < ink) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The share of every pixel that lies under the line, (H, W). */
function coverage(distance: Float32Array, thickness: number, height: number, width: number): Float32Array {
  const fine = finenessOf(height, width);
  const ink = new Float32Array(height * width);
  const across = width * fine;
  for (let i = 0; i < distance.length; i++) {
    if (distance[i]! > thickness / 2) continue;
    const pixel = Math.floor(Math.floor(i / across) / fine) * width + Math.floor((i % across) / fine);
    ink[pixel]! += 1 / (fine * fine);
  }
  return ink;
}
