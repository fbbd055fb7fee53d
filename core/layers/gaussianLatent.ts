/**
 * GaussianLatent: a normal random number around each mean, drawn so that gradients reach mean and variance (the
 * reparameterisation of a variational autoencoder): z = mean + exp(½ · log variance) · ε, ε ~ N(0, 1). It adds the
 * Kullback-Leibler divergence from the standard normal to the loss: ½ Σ (mean² + variance − 1 − log variance).
 */
import { formatShape, sampleSize } from '../graph/shape.ts';
import { range } from '../ops/shapes.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';

export const gaussianLatent = defineLayer({
  type: 'gaussianLatent',
  version: 1,
  title: 'GaussianLatent',
  family: 'regularisation',
  keywords: ['vae', 'variational', 'autoencoder', 'latent', 'reparameterisation', 'sampling', 'normal', 'kl'],
  doc: {
    summary:
      'Draws the numbers an autoencoder works with from a bell curve, whose middle and width the encoder gives, and keeps all these curves close to the standard one. New images then come from drawing the numbers alone. When evaluating, it gives the mean.',
    source: 'Kingma, Welling 2013, Auto-encoding variational Bayes; the weight: Higgins and others 2017, beta-VAE',
  },
  params: {
    weight: {
      kind: 'number',
      label: 'Weight',
      doc: 'How much the distance from the standard normal costs beside the reconstruction (β): more makes smoother, blurrier images.',
      default: 1,
      min: 0,
      max: 1000,
      step: 0.1,
    },
  },
  inputCount: { min: 2, max: 2 },
  hasOutput: true,
  inferShape({ inputs, inputNames, name }) {
    const [mean = [], variance = []] = inputs;
    const equal = mean.length === variance.length && mean.every((d, i) => d.size === variance[i]?.size);
    if (equal) return mean;
    return {
      code: 'shape.mismatch',
      port: 1,
      message: `${name} expects a log variance for every mean: ${inputNames[0]} gives ${formatShape(mean)}, ${inputNames[1]} gives ${formatShape(variance)}.`,
      hint: 'Let both layers have the same number of units.',
    };
  },
  weights: () => [],
  lower({ b, params: { weight }, values, mode, addLoss }) {
    const [mean, logVariance] = values;
    if (mean === undefined || logVariance === undefined) throw new Error('GaussianLatent was lowered without its inputs.');
    if (weight > 0 && addLoss !== undefined) {
      const spread = b.subtract(b.add(b.unary('square', mean), b.unary('exp', logVariance)), b.add(logVariance, 1));
      addLoss(b.multiply(b.sum(spread, range(spread.shape.length).slice(1)), weight / 2)); // (B)
    }
    if (mode === 'evaluate') return mean;
    const deviation = b.unary('exp', b.multiply(logVariance, 0.5));
    return b.add(mean, b.multiply(deviation, b.random('normal', mean.shape)));
  },
  describe: ({ params, inputs }) =>
    `${inputs[0] === undefined ? '' : `${sampleSize(inputs[0])} numbers`}${params.weight === 1 ? '' : ` · β ${params.weight}`}`,
  flops: ({ inputs }) => 8 * sampleSize(onlyShape(inputs)),
});
