import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeIdx } from '../../core/data/idx.ts';
import type { Predictor } from '../../core/use/predict.ts';
import type { ScoreSchema } from '../../core/use/scoreSchema.ts';
import type { ScoreFileJob } from './scoreFile.ts';
import { scoreImages } from './scoreImages.ts';

let folder: string;
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-images-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const schema: ScoreSchema = {
  target: 'label',
  answer: 'classes',
  names: ['dark', 'light'],
  columns: [],
  width: 0,
  image: { column: 'image', shape: [1, 2, 2], multiply: 1 / 255, add: 0 },
};

/** Light is the mean of the scaled pixels. */
const predictor: Predictor = {
  batchSize: 2,
  units: 2,
  featureUnits: 0,
  predict: async (items) => ({
    values: Float32Array.from(
      items.flatMap((item) => {
        const light = [...item.get('image')!].reduce((sum, value) => sum + value, 0) / 4;
        return [1 - light, light];
      }),
    ),
    features: new Float32Array(0),
  }),
};

async function score(bytes: Uint8Array, own: ScoreSchema = schema): Promise<string> {
  const job = { fileName: 'a.idx', outPath: path.join(folder, 'out.csv'), perClass: false } as unknown as ScoreFileJob;
  fs.writeFileSync(path.join(folder, 'a.idx'), bytes);
  const file = fs.openSync(path.join(folder, 'a.idx'), 'r');
  try {
    await scoreImages(job, own, predictor, { file, sizeBytes: bytes.length, head: bytes }, () => undefined);
    return fs.readFileSync(job.outPath, 'utf8');
  } finally {
    fs.closeSync(file);
  }
}

it('writes a row per image, in batches and what is left', async () => {
  const images = writeIdx([3, 2, 2], Uint8Array.of(0, 0, 0, 0, 255, 255, 255, 255, 51, 51, 51, 51));
  expect(await score(images)).toBe('row,prediction,probability\n1,dark,1\n2,light,1\n3,dark,0.8\n');
});

it.each([
  [
    'another size',
    writeIdx([1, 3, 2], new Uint8Array(6)),
    schema,
    'a.idx: expected images 1 × 2 × 2 (channels, height, width) as in training, got 3 × 2.',
  ],
  ['no images', new Uint8Array([97, 44, 98, 10]), schema, 'a.idx: this run reads an IDX file of images 1 × 2 × 2, got something else.'],
  [
    'a cut file',
    writeIdx([2, 2, 2], new Uint8Array(8)).subarray(0, 20),
    schema,
    'a.idx: 2 × 2 × 2 unsigned bytes need 24 bytes in all, got 20.',
  ],
])('refuses %s', async (_, bytes, own, sentence) => {
  await expect(score(bytes, own)).rejects.toThrow(sentence);
  expect(fs.readdirSync(folder)).toEqual(['a.idx']);
});
