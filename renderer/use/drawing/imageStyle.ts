/**
 * How the images of a data set are drawn, measured on some of them: which side is ink, how large the drawn thing stands
 * in the image and how much ink it takes. A drawing is brought into the same form before the network sees it, as MNIST's
 * and the UCI digits' makers did with theirs (crop to the bounding box, centre, scale).
 */

/** Channels, height, width. */
export type ImageShape = readonly [number, number, number];

export interface ImageStyle {
  readonly shape: ImageShape;
  /** Ink is bright on dark, as in MNIST. */
  readonly brightInk: boolean;
  /** Mean height and width of the drawn thing, in pixels. */
  readonly height: number;
  readonly width: number;
  /** Its mean middle, in pixels from the top left corner. */
  readonly middle: { readonly x: number; readonly y: number };
  /** Mean share of full ink over all pixels. */
  readonly ink: number;
}

/** Fainter pixels are background: noise of a scanner, or the blur of an edge. */
const inkThreshold = 0.15;

/** What is assumed where no image is known: MNIST's form, 20 of 28 pixels high. */
export function usualStyle(shape: ImageShape): ImageStyle {
  const [, height, width] = shape;
  const size = (20 / 28) * Math.min(height, width);
  return { shape, brightInk: true, height: size, width: size, middle: { x: width / 2, y: height / 2 }, ink: 0.13 };
}

/** @param bytes images of this shape one after the other, (N, C, H, W) */
export function measureStyle(shape: ImageShape, bytes: Uint8Array): ImageStyle {
  const [channels, height, width] = shape;
  const plane = height * width;
  const count = Math.floor(bytes.length / (channels * plane));
  if (count === 0) return usualStyle(shape);
  const level = (image: number, pixel: number): number => {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += bytes[(image * channels + c) * plane + pixel]!;
    return sum / (255 * channels);
  };
  const corners = [0, width - 1, plane - width, plane - 1];
  let corner = 0;
  for (let image = 0; image < count; image++) for (const pixel of corners) corner += level(image, pixel);
  const brightInk = corner / (4 * count) < 0.5;

  const sums = { height: 0, width: 0, x: 0, y: 0, ink: 0 };
  let drawn = 0;
  for (let image = 0; image < count; image++) {
    let [top, bottom, left, right] = [height, -1, width, -1];
    for (let pixel = 0; pixel < plane; pixel++) {
      const ink = brightInk ? level(image, pixel) : 1 - level(image, pixel);
      sums.ink += ink;
      if (ink < inkThreshold) continue;
      const y = Math.floor(pixel / width);
      const x = pixel % width;
      [top, bottom, left, right] = [Math.min(top, y), Math.max(bottom, y), Math.min(left, x), Math.max(right, x)];
    }
    if (bottom < 0) continue;
    drawn++;
    sums.height += bottom - top + 1;
    sums.width += right - left + 1;
    sums.x += (left + right + 1) / 2;
    sums.y += (top + bottom + 1) / 2;
  }
  if (drawn === 0) return { ...usualStyle(shape), brightInk };
  return {
    shape,
    brightInk,
    height: sums.height / drawn,
    width: sums.width / drawn,
    middle: { x: sums.x / drawn, y: sums.y / drawn },
    ink: sums.ink / (count * plane),
  };
}
