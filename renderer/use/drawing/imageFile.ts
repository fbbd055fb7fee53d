/** An image file of one's own as the network's images are: their size, their channels, ink on the same side. */
import { raise } from '../../../core/problem.ts';
import { useText } from '../useText.ts';
import type { ImageStyle } from './imageStyle.ts';

/** @returns bytes (C, H, W) @throws ProblemError where the file is no image */
export async function readImageFile(file: File, style: ImageStyle): Promise<Uint8Array> {
  const [, height, width] = style.shape;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const image = await loadImage(file);
  if (context === null || image === undefined) {
    return raise({
      code: 'use.noImage',
      message: useText.fileUnreadable(file.name),
      hint: useText.fileUnreadableHint,
      where: { kind: 'file', file: file.name },
    });
  }
  // What is see-through is paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  // The whole image, its proportions kept.
  const scale = Math.min(width / image.width, height / image.height);
  const [w, h] = [image.width * scale, image.height * scale];
  context.drawImage(image, (width - w) / 2, (height - h) / 2, w, h);
  return fromPixels(context.getImageData(0, 0, width, height).data, style);
}

/** @param pixels RGBA as a canvas has them */
export function fromPixels(pixels: Uint8ClampedArray, { shape, brightInk }: ImageStyle): Uint8Array {
  const [channels, height, width] = shape;
  const plane = height * width;
  const bytes = new Uint8Array(channels * plane);
  for (let i = 0; i < plane; i++) {
    const [r, g, b] = [pixels[4 * i]!, pixels[4 * i + 1]!, pixels[4 * i + 2]!];
    // Gray as ITU-R BT.601 weighs the colours.
    if (channels === 1) bytes[i] = Math.round(0.299 * r + 0.587 * g + 0.114 * b);
    else for (const [c, value] of [r, g, b].entries()) if (c < channels) bytes[c * plane + i] = value;
  }
  if (channels !== 1) return bytes;
  const corners = [0, width - 1, plane - width, plane - 1];
  const paperIsBright = corners.reduce((sum, pixel) => sum + bytes[pixel]!, 0) / 4 > 127;
  return paperIsBright === brightInk ? bytes.map((value) => 255 - value) : bytes;
}

async function loadImage(file: File): Promise<HTMLImageElement | undefined> {
  const address = URL.createObjectURL(file);
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
    return image.width > 0 && image.height > 0 ? image : undefined;
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(address);
  }
}
