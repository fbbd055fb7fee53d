/**
 * How good drawn images are: how far a classifier's features of them lie from those of the test images, beside what images
 * of independent pixels and real training images reach.
 */
import type { DataSet } from '../data/dataSet.ts';
import { frechetDistance, momentsOf } from '../metrics/frechet.ts';
import { elementCount } from '../ops/shapes.ts';
import { createRandom } from '../random/philox.ts';
import type { ImageSheet } from './answers.ts';
import { imageColumnOf } from './fields.ts';

const gaussianStream = 0x6a000000;
const pickStream = 0x6a000001;

/** These rows' images as they are stored. */
export function imagesOfRows(dataSet: DataSet, rows: ArrayLike<number>): ImageSheet {
  const column = imageColumnOf(dataSet);
  if (column === undefined) throw new Error(`data set ${dataSet.info.id} has no images`);
  const shape = column.info.imageShape ?? [1, 1, 1];
  const size = elementCount(shape);
  const bytes = new Uint8Array(rows.length * size);
  for (let i = 0; i < rows.length; i++) bytes.set(column.values.subarray(rows[i]! * size, (rows[i]! + 1) * size), i * size);
  return { shape, count: rows.length, bytes };
}

/**
 * Images whose pixels are drawn one by one from a normal distribution with the pixel's mean and deviation over the given
 * images, rounded and kept within 0–255: everything about single pixels, nothing about shapes.
 */
export function drawPixelGaussian({ shape, count, bytes }: ImageSheet, wanted: number, seed: number): ImageSheet {
  const size = elementCount(shape);
  const sums = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) {
      const value = bytes[i * size + k]!;
      sums[k]! += value;
      squares[k]! += value * value;
    }
  }
  const mean = sums.map((sum) => sum / count);
  const deviation = squares.map((sum, k) => Math.sqrt(Math.max(0, sum / count - mean[k]! ** 2)));
  const random = createRandom(seed, gaussianStream);
  const drawn = Uint8Array.from({ length: wanted * size }, (_, i) => {
    const k = i % size;
    return Math.min(255, Math.max(0, Math.round(mean[k]! + deviation[k]! * random.normal())));
  });
  return { shape, count: wanted, bytes: drawn };
}

/** So many of the rows, none twice. */
export function pickRows(rows: Int32Array, count: number, seed: number): Int32Array {
  const shuffled = rows.slice();
  createRandom(seed, pickStream).shuffle(shuffled);
  return shuffled.subarray(0, count);
}

export interface FeatureSet {
  readonly units: number;
  /** (images, units) */
  readonly features: Float32Array;
  /** (images) */
  readonly predicted: Int32Array;
}

export interface ImageComparison {
  /** Fréchet distances to the test images. */
  readonly frechet: number;
  readonly gaussianFrechet: number;
  /** What as many real images reach: no sampler can be expected below this. */
  readonly trainingFrechet: number;
  /** frechet ÷ gaussianFrechet */
  readonly ratio: number;
  /** Share of the samples that the classifier takes for each class. */
  readonly classes: Readonly<Record<string, number>>;
  readonly leastShare: number;
}

export function compareFeatures(
  sets: { readonly samples: FeatureSet; readonly gaussian: FeatureSet; readonly training: FeatureSet; readonly test: FeatureSet },
  classNames: readonly string[],
): ImageComparison {
  const moments = (set: FeatureSet) => momentsOf(set.features, set.units);
  const test = moments(sets.test);
  const [frechet, gaussianFrechet, trainingFrechet] = [sets.samples, sets.gaussian, sets.training].map((set) =>
    frechetDistance(moments(set), test),
  ) as [number, number, number];
  const counts = new Array<number>(classNames.length).fill(0);
  for (const code of sets.samples.predicted) counts[code]! += 1;
  const shares = counts.map((count) => count / sets.samples.predicted.length);
  return {
    frechet,
    gaussianFrechet,
    trainingFrechet,
    ratio: frechet / gaussianFrechet,
    classes: Object.fromEntries(classNames.map((name, code) => [name, shares[code]!])),
    leastShare: Math.min(...shares),
  };
}
