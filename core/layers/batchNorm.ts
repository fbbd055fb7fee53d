/**
 * BatchNorm (PyTorch's BatchNorm1d, BatchNorm2d and BatchNorm3d, by the shape that arrives):
 *
 *   y = (x − mean) ÷ √(variance + ε) · weight + bias, per channel or feature over the batch and all places
 *
 * Training takes mean and variance of the batch and lets running ones follow it, the running variance with the unbiased
 * n ÷ (n − 1); evaluating takes the running ones. A single value has no variance (PyTorch refuses it): a last batch of one
 * row is normalised as in evaluating and leaves them as they are.
 */
import { sampleSize } from '../graph/shape.ts';
import { elementCount, range } from '../ops/shapes.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';
import { affineParam, affineWeights, epsilonParam, scaleAndShift, varianceAround } from './normalisation.ts';
import { channelAxis, channelCount, perChannel } from './places.ts';

export const batchNorm = defineLayer({
  type: 'batchNorm',
  version: 1,
  title: 'BatchNorm',
  family: 'normalisation',
  keywords: ['BatchNorm1d', 'BatchNorm2d', 'normalise', 'normalize', 'running', 'statistics', 'cnn', 'resnet'],
  doc: {
    summary:
      'Brings every channel (or feature) to mean 0 and variance 1 over the batch, then lets it choose its own scale and shift. Makes deep convolutional networks quick to train. While training it also keeps running statistics, which it uses when evaluating: one row is then treated alike in any company.',
    source: 'Ioffe, Szegedy 2015, Batch normalization; formula as torch.nn.BatchNorm1d and BatchNorm2d',
  },
  params: {
    momentum: {
      kind: 'number',
      label: 'Momentum',
      doc: 'Share of the running statistics that each batch replaces.',
      default: 0.1,
      min: 0,
      max: 1,
      step: 0.01,
    },
    epsilon: epsilonParam,
    affine: affineParam,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: ({ inputs }) => onlyShape(inputs),
  weights: ({ params, inputs }) => affineWeights(params.affine, onlyShape(inputs)),
  statistics({ inputs }) {
    const shape = [channelCount(onlyShape(inputs))];
    return [
      { name: 'runningMean', shape, initialiser: { kind: 'zeros' } },
      { name: 'runningVariance', shape, initialiser: { kind: 'ones' } },
    ];
  },
  lower({ b, params, inputs, values, weights, statistics, mode }) {
    const x = onlyValue(values);
    const shape = onlyShape(inputs);
    const runningMean = statistics?.values.runningMean;
    const runningVariance = statistics?.values.runningVariance;
    if (statistics === undefined || runningMean === undefined || runningVariance === undefined) {
      throw new Error('BatchNorm was lowered without its statistics.');
    }
    const channels = channelAxis(shape);
    const axes = range(shape.length).filter((axis) => axis !== channels);
    const count = elementCount(x.shape) / elementCount(runningMean.shape);
    const normalise = (mean: typeof x, variance: typeof x) => {
      const inverse = b.unary('rsqrt', b.add(variance, params.epsilon));
      const centred = b.subtract(x, perChannel(b, mean, shape));
      return scaleAndShift(b, b.multiply(centred, perChannel(b, inverse, shape)), shape, weights);
    };
    if (mode === 'evaluate' || count === 1) return normalise(runningMean, runningVariance);

    const mean = b.mean(x, axes); // (C)
    const variance = varianceAround(b, x, perChannel(b, mean, shape), axes);
    const follow = (running: typeof x, batch: typeof x) =>
      b.add(b.multiply(running, 1 - params.momentum), b.multiply(batch, params.momentum));
    statistics.assign('runningMean', follow(runningMean, mean));
    statistics.assign('runningVariance', follow(runningVariance, b.multiply(variance, count / (count - 1))));
    return normalise(mean, variance);
  },
  describe({ params, inputs }) {
    const shape = inputs[0];
    const what =
      shape === undefined
        ? 'over the batch'
        : `${channelCount(shape)} ${channelAxis(shape) === 1 && shape.length > 2 ? 'channels' : 'features'}`;
    return params.affine ? `${what} · scale, shift` : what;
  },
  flops: ({ inputs }) => 4 * sampleSize(onlyShape(inputs)),
});
