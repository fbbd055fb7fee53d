import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ImageSheet } from '../../core/use/answers.ts';
import { contactSheet, encodeIdx, readImage, writeImages } from './imageSheet.ts';
import { decodePng, encodePng } from './png.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'layerbench-png-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A PNG as other programs write it, its lines with their filter bytes. */
function png(width: number, height: number, depth: number, colour: number, lines: number[], palette?: number[]): Uint8Array {
  const chunk = (type: string, data: Uint8Array) => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(data.length);
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const check = Buffer.alloc(4);
    check.writeUInt32BE(crc32(body));
    return Buffer.concat([head, body, check]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = depth;
  header[9] = colour;
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(palette === undefined ? [] : [chunk('PLTE', Uint8Array.from(palette))]),
    chunk('IDAT', deflateSync(Uint8Array.from(lines))),
    chunk('IEND', new Uint8Array(0)),
  ]);
}

describe('a PNG', () => {
  it.each([1, 2, 3, 4] as const)('with %d channels is read as it was written', (channels) => {
    const pixels = Uint8Array.from({ length: 5 * 3 * channels }, (_, i) => (i * 37) % 256);
    const picture = { width: 5, height: 3, channels, pixels };
    expect(decodePng(encodePng(picture), 'x.png')).toEqual(picture);
  });

  it('has any of the five filters', () => {
    // The same line 10 20 30 five times: none, sub, up, average, Paeth.
    const lines = [0, 10, 20, 30, 1, 10, 10, 10, 2, 0, 0, 0, 3, 5, 5, 5, 4, 0, 0, 0];
    expect([...decodePng(png(3, 5, 8, 0, lines), 'x.png').pixels]).toEqual(Array.from({ length: 5 }, () => [10, 20, 30]).flat());
  });

  it('has fewer bits, more, or a palette', () => {
    expect([...decodePng(png(3, 1, 1, 0, [0, 0b10100000]), 'x').pixels]).toEqual([255, 0, 255]);
    expect([...decodePng(png(2, 1, 4, 0, [0, 0x0f]), 'x').pixels]).toEqual([0, 255]);
    expect([...decodePng(png(1, 1, 16, 0, [0, 200, 1]), 'x').pixels]).toEqual([200]);
    expect([...decodePng(png(2, 1, 1, 3, [0, 0b01000000], [1, 2, 3, 4, 5, 6]), 'x').pixels]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it.each([
    ['text', Buffer.from('no picture at all, but quite some text'), 'it is no PNG file'],
    ['cut short', png(3, 2, 8, 0, [0, 1, 2, 3]), 'its pixels are cut short'],
    ['of unknown form', png(1, 1, 8, 5, [0, 1]), 'its colours have the unknown form 5, 8 bits'],
  ])('that is %s is refused', (_name, bytes, sentence) => {
    expect(() => decodePng(bytes, 'x.png')).toThrow(`The image "x.png" cannot be read: ${sentence}.`);
  });
});

describe('a sheet of images', () => {
  const sheet: ImageSheet = { shape: [1, 2, 2], count: 3, bytes: Uint8Array.from({ length: 12 }, (_, i) => 10 * i) };

  it('becomes one picture with a gap between', () => {
    const { width, height, pixels } = contactSheet(sheet);
    expect({ width, height }).toEqual({ width: 5, height: 5 });
    expect([...pixels.subarray(0, 5)]).toEqual([0, 10, 128, 40, 50]);
    expect([...pixels.subarray(15, 20)]).toEqual([80, 90, 128, 128, 128]);
  });

  it('is written as a picture, IDX, bytes or a folder, and read again', async () => {
    const file = (name: string) => join(folder, name);
    for (const name of ['a.png', 'a.idx', 'a.raw', 'single']) await writeImages(sheet, file(name));
    expect(decodePng(readFileSync(file('a.png')), 'a')).toMatchObject({ width: 5 });
    expect([...readFileSync(file('a.idx'))]).toEqual([...encodeIdx(sheet)]);
    expect(readFileSync(file('a.raw'))).toHaveLength(12);
    expect(readdirSync(file('single'))).toEqual(['1.png', '2.png', '3.png']);
    expect([...(await readImage(file('single/2.png'), [1, 2, 2]))]).toEqual([40, 50, 60, 70]);
    expect([...(await readImage(file('a.idx'), [1, 2, 2]))]).toEqual([0, 10, 20, 30]);
    writeFileSync(file('a.json'), '[[1, 2], [3, 4]]');
    expect([...(await readImage(file('a.json'), [1, 2, 2]))]).toEqual([1, 2, 3, 4]);
    await expect(readImage(file('a.png'), [1, 2, 2])).rejects.toThrow('has 5 × 5 pixels, expected 2 × 2 pixels.');
  });

  it('of colours stands in planes', async () => {
    writeFileSync(join(folder, 'c.png'), encodePng({ width: 2, height: 1, channels: 3, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) }));
    expect([...(await readImage(join(folder, 'c.png'), [3, 1, 2]))]).toEqual([1, 4, 2, 5, 3, 6]);
    expect([...(await readImage(join(folder, 'c.png'), [1, 1, 2]))]).toEqual([2, 5]);
  });
});
