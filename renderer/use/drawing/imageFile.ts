/** An image file of one's own as the network's images are: their size, their channels, ink on the same side and at the same place. */
import { raise } from '../../../core/problem.ts';
import { useText } from '../useText.ts';
import type { ImageStyle } from './imageStyle.ts';

/** Larger ones are looked at in this size: enough to find what is drawn. */
const largestSide = 512;
/** How far from the paper's gray a pixel is ink. */
const inkThreshold = 0.15;

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** @returns bytes (C, H, W) @throws ProblemError where the file is no image */
export async function readImageFile(file: File, style: ImageStyle): Promise<Uint8Array> {
  const image = await loadImage(file);
  if (image === undefined) {
    return raise({
      code: 'use.noImage',
      message: useText.fileUnreadable(file.name),
      hint: useText.fileUnreadableHint,
      where: { kind: 'file', file: file.name },
    });
  }
  const [channels, height, width] = style.shape;
  const scale = Math.min(1, largestSide / Math.max(image.width, image.height));
  const look = sheet(Math.max(1, Math.round(image.width * scale)), Math.max(1, Math.round(image.height * scale)));
  look.drawImage(image, 0, 0, look.canvas.width, look.canvas.height);
  const whole: Box = { left: 0, top: 0, width: look.canvas.width, height: look.canvas.height };
  // What is gray is brought where the data's images have their ink, as a drawing is; unless it has their size already.
  const isReady = image.width === width && image.height === height;
  const ink = channels === 1 && !isReady ? inkBox(look.getImageData(0, 0, whole.width, whole.height)) : undefined;
  const to = ink === undefined ? within(whole, width, height) : place(ink, style);
  const from = ink ?? whole;
  const result = sheet(width, height, ink?.paper);
  result.drawImage(look.canvas, from.left, from.top, from.width, from.height, to.left, to.top, to.width, to.height);
  return fromPixels(result.getImageData(0, 0, width, height).data, style);
}

/** What is see-through is paper. */
function sheet(width: number, height: number, paper = '#fff'): CanvasRenderingContext2D {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = 'high';
  return context;
}

/** The whole image in the middle, its proportions kept. */
function within(from: Box, width: number, height: number): Box {
  const scale = Math.min(width / from.width, height / from.height);
  const size = { width: from.width * scale, height: from.height * scale };
  return { left: (width - size.width) / 2, top: (height - size.height) / 2, ...size };
}

/** As high as what the data's images show; what would be too wide is made smaller. */
export function place(ink: Box, { height, width, middle }: ImageStyle): Box {
  const scale = Math.min(height / ink.height, (1.25 * width) / ink.width);
  const size = { width: ink.width * scale, height: ink.height * scale };
  return { left: middle.x - size.width / 2, top: middle.y - size.height / 2, ...size };
}

/** Where something stands out from the corners' gray; undefined where the corners differ (a photograph) or nothing does. */
export function inkBox({
  data,
  width,
  height,
}: Pick<ImageData, 'data' | 'width' | 'height'>): (Box & { readonly paper: string }) | undefined {
  const corners = [0, width - 1, (height - 1) * width, height * width - 1].map((pixel) => grayOf(data, pixel));
  if (Math.max(...corners) - Math.min(...corners) > 255 * inkThreshold) return undefined;
  const paper = corners.reduce((sum, value) => sum + value, 0) / corners.length;
  let [left, right, top, bottom] = [width, -1, height, -1];
  for (let pixel = 0; pixel < width * height; pixel++) {
    if (Math.abs(grayOf(data, pixel) - paper) < 255 * inkThreshold) continue;
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    [left, right, top, bottom] = [Math.min(left, x), Math.max(right, x), Math.min(top, y), Math.max(bottom, y)];
  }
  if (right < 0) return undefined;
  const gray = Math.round(paper);
  return { left, top, width: right - left + 1, height: bottom - top + 1, paper: `rgb(${gray} ${gray} ${gray})` };
}

/** As ITU-R BT.601 weighs the colours. */
const grayOf = (data: Uint8ClampedArray, pixel: number): number =>
  0.299 * data[4 * pixel]! + 0.587 * data[4 * pixel + 1]! + 0.114 * data[4 * pixel + 2]!;

/** @param pixels RGBA as a canvas has them */
export function fromPixels(pixels: Uint8ClampedArray, { shape, brightInk }: ImageStyle): Uint8Array {
  const [channels, height, width] = shape;
  const plane = height * width;
  const bytes = new Uint8Array(channels * plane);
  for (let i = 0; i < plane; i++) {
    if (channels === 1) bytes[i] = Math.round(grayOf(pixels, i));
    else for (let c = 0; c < channels; c++) bytes[c * plane + i] = pixels[4 * i + c]!;
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
