/**
 * TimestepEmbedding: a number per sample, such as how noisy an image is, becomes a row of sines and cosines,
 * sin(t · 10000^(−i/(h−1))) for i < h = features / 2, then the cosines, as Ho 2020 has them.
 */
import { dim, formatShape } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';

/** The slowest wave is so many times slower than the fastest. */
const slowest = 10_000;

export const timestepEmbedding = defineLayer({
  type: 'timestepEmbedding',
  version: 1,
  title: 'TimestepEmbedding',
  family: 'attention',
  keywords: ['diffusion', 'ddpm', 'noise level', 'time', 'sinusoidal', 'position', 'fourier'],
  doc: {
    summary:
      'Writes one number per sample as a row of sines and cosines, from fast to slow, so that near numbers give near rows and each is told apart. A diffusion network learns from it how noisy its image is.',
    source: 'Ho, Jain, Abbeel 2020, Denoising diffusion probabilistic models; waves as in Vaswani and others 2017',
  },
  params: {
    features: {
      kind: 'integer',
      label: 'Features',
      doc: 'Length of the row: half sines, half cosines. An odd one ends in a 0.',
      default: 128,
      min: 4,
      max: 65_536,
      step: 2,
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape({ params, inputs, inputNames, name }) {
    const x = onlyShape(inputs);
    if (x.length === 2 && x[1]?.size === 1) return [...x.slice(0, 1), dim('F', params.features)];
    return {
      code: 'timestep.shape',
      message: `${name} expects one number per sample (B × 1), got ${formatShape(x)} from ${inputNames[0]}.`,
      hint: 'Connect it to an Input of one number, the step of the noise.',
    };
  },
  weights: () => [],
  lower({ b, params: { features }, values }) {
    const t = onlyValue(values); // (B, 1)
    const half = Math.floor(features / 2);
    const frequency = b.unary('exp', b.multiply(b.cast(b.iota([1, half], 1), 'f32'), -Math.log(slowest) / (half - 1)));
    const angle = b.multiply(t, frequency); // (B, half)
    const waves = b.concat([b.unary('sin', angle), b.unary('cos', angle)], 1);
    return b.pad(waves, 1, 0, features - 2 * half);
  },
  describe: ({ params }) => `${params.features} waves`,
  flops: ({ params }) => 2 * params.features,
});
