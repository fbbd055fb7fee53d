/** Draws a byte image, channel by channel as stored (C, H, W), onto a canvas in its own resolution. */

/** RGBA bytes of a gray or RGB image. */
export function toPixels(shape: readonly [number, number, number], bytes: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const [channels, height, width] = shape;
  const plane = height * width;
  const pixels = new Uint8ClampedArray(plane * 4);
  for (let i = 0; i < plane; i++) {
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = bytes[(channels === 1 ? 0 : c) * plane + i] ?? 0;
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

export function drawThumbnail(canvas: HTMLCanvasElement, shape: readonly [number, number, number], bytes: Uint8Array): void {
  const [, height, width] = shape;
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.putImageData(new ImageData(toPixels(shape, bytes), width, height), 0, 0);
}
