/** Drawn images as files: one picture of all, a folder of single ones, IDX or bare bytes; and a picture as network input. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { raise } from '../../core/problem.ts';
import type { ImageSheet } from '../../core/use/answers.ts';
import { raiseFileError } from './fileProblem.ts';
import { decodePng, encodePng, type Picture } from './png.ts';

/** Pixels between the images of a contact sheet. */
const gap = 1;
const gapShade = 128;

/** C × H × W to interleaved channels; other numbers of channels than 1 and 3 show the first. */
function pictureOf({ shape: [channels, height, width], bytes }: ImageSheet, index: number): Picture {
  const shown = channels === 3 ? 3 : 1;
  const size = height * width;
  const from = index * channels * size;
  const pixels = new Uint8Array(size * shown);
  for (let c = 0; c < shown; c++) for (let i = 0; i < size; i++) pixels[i * shown + c] = bytes[from + c * size + i]!;
  return { width, height, channels: shown, pixels };
}

/** All images in one picture, as square as their number allows. */
export function contactSheet(sheet: ImageSheet): Picture {
  const { count, shape } = sheet;
  const [, height, width] = shape;
  const columns = Math.max(1, Math.ceil(Math.sqrt(count)));
  const rows = Math.max(1, Math.ceil(count / columns));
  const channels = shape[0] === 3 ? 3 : 1;
  const [totalWidth, totalHeight] = [columns * (width + gap) - gap, rows * (height + gap) - gap];
  const pixels = new Uint8Array(totalWidth * totalHeight * channels).fill(gapShade);
  for (let i = 0; i < count; i++) {
    const { pixels: own } = pictureOf(sheet, i);
    const [left, top] = [(i % columns) * (width + gap), Math.floor(i / columns) * (height + gap)];
    for (let y = 0; y < height; y++) {
      pixels.set(own.subarray(y * width * channels, (y + 1) * width * channels), ((top + y) * totalWidth + left) * channels);
    }
  }
  return { width: totalWidth, height: totalHeight, channels, pixels };
}

/** IDX as MNIST's: unsigned bytes, count × height × width, of colour images count × channels × height × width. */
export function encodeIdx({ shape: [channels, height, width], count, bytes }: ImageSheet): Uint8Array {
  const sizes = channels === 1 ? [count, height, width] : [count, channels, height, width];
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header[2] = 0x08;
  header[3] = sizes.length;
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, bytes]);
}

/**
 * By the name's end: .png one picture of all, .idx, .raw (bytes alone); anything else is a folder with a PNG per image.
 * @throws ProblemError when the disk refuses
 */
export async function writeImages(sheet: ImageSheet, out: string): Promise<void> {
  try {
    switch (extname(out).toLowerCase()) {
      case '.png':
        return await writeFile(out, encodePng(contactSheet(sheet)));
      case '.idx':
        return await writeFile(out, encodeIdx(sheet));
      case '.raw':
        return await writeFile(out, sheet.bytes);
      default: {
        await mkdir(out, { recursive: true });
        const digits = String(sheet.count).length;
        for (let i = 0; i < sheet.count; i++) {
          await writeFile(join(out, `${String(i + 1).padStart(digits, '0')}.png`), encodePng(pictureOf(sheet, i)));
        }
      }
    }
  } catch (error) {
    raiseFileError(error, 'Saving the images', out);
  }
}

/**
 * A PNG, the first image of an IDX file, or JSON with one number 0–255 per pixel, in the size and channels a network reads.
 * @throws ProblemError
 */
export async function readImage(file: string, shape: readonly [number, number, number]): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    raiseFileError(error, 'Reading the image', file);
  }
  const [channels, height, width] = shape;
  const size = channels * height * width;
  const wrongSize = (got: string): never =>
    raise({
      code: 'image.size',
      message: `The image "${file}" has ${got}, expected ${width} × ${height} pixels${channels === 1 ? '' : ` of ${channels} channels`}.`,
      where: { kind: 'file', file },
      hint: 'Bring it to the size of the images the network was trained on.',
    });
  if (extname(file).toLowerCase() === '.json') {
    const values = readJson(bytes, file);
    return values.length === size ? Uint8Array.from(values) : wrongSize(`${values.length} numbers`);
  }
  if (bytes[0] === 0 && bytes[1] === 0 && bytes[2] === 8) {
    const from = 4 + 4 * (bytes[3] ?? 0);
    return bytes.length >= from + size ? bytes.slice(from, from + size) : wrongSize(`${Math.max(0, bytes.length - from)} bytes`);
  }
  const picture = decodePng(bytes, file);
  if (picture.width !== width || picture.height !== height) return wrongSize(`${picture.width} × ${picture.height} pixels`);
  return toPlanes(picture, channels);
}

function readJson(bytes: Uint8Array, file: string): number[] {
  try {
    const values = (JSON.parse(Buffer.from(bytes).toString()) as unknown[]).flat(3) as number[];
    if (values.every((value) => typeof value === 'number' && value >= 0 && value <= 255)) return values;
  } catch {
    // Said below.
  }
  return raise({
    code: 'image.json',
    message: `The image "${file}" is no JSON array of numbers from 0 to 255.`,
    where: { kind: 'file', file },
  });
}

/** Interleaved to C × H × W: colours become grey by their luma (ITU-R BT.601) where one channel is read, transparency goes. */
function toPlanes({ width, height, channels, pixels }: Picture, wanted: number): Uint8Array {
  const size = width * height;
  const planes = new Uint8Array(wanted * size);
  for (let i = 0; i < size; i++) {
    const at = i * channels;
    const [red, green, blue] = channels >= 3 ? [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!] : [pixels[at]!, pixels[at]!, pixels[at]!];
    if (wanted === 1) planes[i] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    else [red, green, blue].slice(0, wanted).forEach((value, c) => (planes[c * size + i] = value));
  }
  return planes;
}
