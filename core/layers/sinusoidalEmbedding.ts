/**
 * SinusoidalEmbedding (Vaswani 2017): adds fixed waves to a sequence, sin(t · base^(−2i/F)) to feature 2i of step t and the
 * cosine to feature 2i + 1.
 */
import { sampleSize } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';

export const sinusoidalEmbedding = defineLayer({
  type: 'sinusoidalEmbedding',
  version: 1,
  title: 'SinusoidalEmbedding',
  family: 'attention',
  keywords: ['position', 'positional encoding', 'sine', 'fixed', 'transformer', 'order', 'fourier'],
  doc: {
    summary:
      'Adds to every time step a row of sines and cosines, from fast to slow, that is the same for every sequence. From it attention can tell first from last and how far apart two steps are, with nothing to learn and for any length.',
    source: 'Vaswani and others 2017, Attention is all you need, section 3.5',
  },
  params: {
    base: {
      kind: 'number',
      label: 'Base',
      doc: 'The slowest wave is about this many times slower than the fastest; 10,000 in the paper.',
      default: 10_000,
      min: 1,
      max: 1e9,
    },
    scale: {
      kind: 'boolean',
      label: 'Scale the input',
      doc: 'Multiplies what arrives by √features first, as the paper does with its embeddings, so that the waves do not drown it.',
      default: false,
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireSequence(context) ?? onlyShape(context.inputs),
  weights: () => [],
  lower({ b, params: { base, scale }, values }) {
    const x = onlyValue(values); // (B, T, F)
    const [steps = 1, features = 1] = x.shape.slice(1);
    return b.add(scale ? b.multiply(x, Math.sqrt(features)) : x, waves(b, steps, features, base));
  },
  describe: ({ params }) => (params.scale ? 'fixed waves · input × √features' : 'fixed waves'),
  flops: ({ params, inputs }) => (params.scale ? 2 : 1) * sampleSize(onlyShape(inputs)),
});

/** (T, F): sines and cosines in turn; an odd last feature is a sine. */
function waves(b: Builder, steps: number, features: number, base: number): Value {
  const half = Math.ceil(features / 2);
  const frequency = b.unary('exp', b.multiply(b.cast(b.iota([steps, half], 1), 'f32'), (-2 / features) * Math.log(base)));
  const angle = b.multiply(b.cast(b.iota([steps, half], 0), 'f32'), frequency); // (T, F/2)
  const pairs = b.concat(
    (['sin', 'cos'] as const).map((fn) => b.reshape(b.unary(fn, angle), [steps, half, 1])),
    2,
  );
  return b.slice(b.reshape(pairs, [steps, 2 * half]), 1, 0, features);
}
