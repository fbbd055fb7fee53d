/** Cut from the Debian package `dataset-fashion-mnist`. */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { readIdx, writeIdx } from '../../../core/data/idx.ts';
import { writeSampleFile } from '../sampleSet.ts';
import type { SampleSet } from '../sampleSet.ts';

/** Keeps the download small; 20,000 images are enough to reach 85 % with a small network. */
const trainingImages = 20_000;

export const fashionMnist: SampleSet = {
  recipe: {
    id: 'fashion-mnist',
    name: 'Fashion-MNIST',
    kind: 'images',
    files: [
      'fashion-mnist/train-images.idx.gz',
      'fashion-mnist/train-labels.idx.gz',
      'fashion-mnist/test-images.idx.gz',
      'fashion-mnist/test-labels.idx.gz',
    ],
    description:
      'Gray images of clothes, 28 × 28 pixels, in 10 classes: the first 20,000 of the 60,000 training images and all 10,000 test images. Which garment is it?',
    licence: 'MIT, © 2017 Zalando SE',
    licenceFile: 'fashion-mnist/LICENSE',
    defaultTarget: 'label',
    classNames: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  },
  source: 'fashion-mnist/usr/share/datasets/fashion-mnist',
  make(source) {
    const read = (name: string) => readIdx(zlib.gunzipSync(fs.readFileSync(path.join(source, name))), name);
    for (const [part, from, limit] of [
      ['train', 'train', trainingImages],
      ['test', 't10k', Infinity],
    ] as const) {
      const images = read(`${from}-images-idx3-ubyte.gz`);
      const labels = read(`${from}-labels-idx1-ubyte.gz`);
      const [count, height, width] = images.shape as [number, number, number];
      const kept = Math.min(count, limit);
      const pixels = images.values.subarray(0, kept * height * width);
      writeSampleFile(`fashion-mnist/${part}-images.idx.gz`, writeIdx([kept, height, width], pixels));
      writeSampleFile(`fashion-mnist/${part}-labels.idx.gz`, writeIdx([kept], labels.values.subarray(0, kept)));
    }
  },
};
