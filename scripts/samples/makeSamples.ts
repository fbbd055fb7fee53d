/**
 * Makes `resources/samples` again from the packages the data come from. Needs Node 24:
 *
 *   1. Fashion-MNIST: `apt-get download dataset-fashion-mnist && dpkg -x dataset-fashion-mnist_*.deb fashion`
 *   2. Penguins: `npm pack vega-datasets@3.2.1 && tar xzf vega-datasets-3.2.1.tgz`
 *   3. `node scripts/samples/makeSamples.ts <folder with the four *-ubyte.gz> <folder with penguins.json>`
 *
 * The output is the same for the same packages and the same Node version, byte for byte.
 */
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { readIdx, writeIdx } from '../../core/data/idx.ts';
import { buildSample } from '../../electron/files/samples.ts';
import type { SampleEntry, SampleRecipe } from '../../electron/files/samples.ts';

/** Keeps the download small; 20,000 images are enough to reach 85 % with a small network. */
const trainingImages = 20_000;

const recipes: readonly SampleRecipe[] = [
  {
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
  {
    id: 'penguins',
    name: 'Penguins',
    kind: 'table',
    files: ['penguins/penguins.csv'],
    description:
      'Measurements of 344 penguins of three species on three islands of the Palmer Archipelago, Antarctica; some are missing. Which species is it?',
    licence: 'CC0 1.0, K. Gorman and Palmer Station Antarctica LTER',
    licenceFile: 'penguins/LICENSE',
    defaultTarget: 'Species',
  },
];

const [fashionFolder, penguinsFolder] = process.argv.slice(2);
if (fashionFolder === undefined || penguinsFolder === undefined) {
  console.error('Usage: node scripts/samples/makeSamples.ts <folder with the four *-ubyte.gz> <folder with penguins.json>');
  process.exit(1);
}
const samples = path.resolve(import.meta.dirname, '../../resources/samples');

makeFashion(fashionFolder);
makePenguins(penguinsFolder);
await writeIndex();

function makeFashion(folder: string): void {
  const read = (name: string) => readIdx(zlib.gunzipSync(fs.readFileSync(path.join(folder, name))), name);
  const write = (name: string, shape: readonly number[], values: Uint8Array) => {
    const bytes = zlib.gzipSync(writeIdx(shape, values), { level: 9 });
    // Byte 9 names the operating system; 255 is "unknown". The time stamp is 0 already.
    bytes[9] = 255;
    writeFile(`fashion-mnist/${name}.idx.gz`, bytes);
  };
  for (const [part, from, limit] of [
    ['train', 'train', trainingImages],
    ['test', 't10k', Infinity],
  ] as const) {
    const images = read(`${from}-images-idx3-ubyte.gz`);
    const labels = read(`${from}-labels-idx1-ubyte.gz`);
    const [count, height, width] = images.shape as [number, number, number];
    const kept = Math.min(count, limit);
    write(`${part}-images`, [kept, height, width], images.values.subarray(0, kept * height * width));
    write(`${part}-labels`, [kept], labels.values.subarray(0, kept));
  }
}

interface Penguin {
  readonly [column: string]: string | number | null;
}

function makePenguins(folder: string): void {
  const penguins = JSON.parse(fs.readFileSync(path.join(folder, 'penguins.json'), 'utf8')) as Penguin[];
  const columns = Object.keys(penguins[0]!);
  // One bird's sex is recorded as ".", which means that it is not known.
  const cell = (value: string | number | null | undefined) => (value === null || value === undefined || value === '.' ? '' : String(value));
  const lines = [columns, ...penguins.map((penguin) => columns.map((column) => cell(penguin[column])))].map((cells) => cells.join(','));
  writeFile('penguins/penguins.csv', Buffer.from(`${lines.join('\n')}\n`));
}

/** The recipe of each sample and what its files say, so that the app can list samples without opening them. */
async function writeIndex(): Promise<void> {
  const entries: SampleEntry[] = [];
  for (const recipe of recipes) {
    const { rowCount, columns, testFrom, hash } = (await buildSample(recipe, samples)).info;
    entries.push({ ...recipe, rowCount, columns, ...(testFrom !== undefined && { testFrom }), hash });
  }
  writeFile('index.json', Buffer.from(`${JSON.stringify({ samples: entries }, null, 2)}\n`));
}

function writeFile(name: string, bytes: Uint8Array): void {
  const file = path.join(samples, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, bytes);
  console.log(`${name}: ${bytes.length.toLocaleString('en')} bytes`);
}
