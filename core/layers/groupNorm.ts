/**
 * GroupNorm (PyTorch's GroupNorm): y = (x − mean) ÷ √(variance + ε) · weight + bias, the mean and variance of each sample
 * over one group of neighbouring channels and all places; weight and bias per channel.
 */
import { sampleSize } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';
import { affineParam, affineWeights, epsilonParam, scaleAndShift, standardise } from './normalisation.ts';
import { channelAxis, channelCount, placeAxes } from './places.ts';

export const groupNorm = defineLayer({
  type: 'groupNorm',
  version: 1,
  title: 'GroupNorm',
  family: 'normalisation',
  keywords: ['normalise', 'normalize', 'channels', 'diffusion', 'u-net'],
  doc: {
    summary:
      'Splits the channels of every sample into groups and brings each group to mean 0 and variance 1. It does not look at the rest of the batch, so that it works with small batches where BatchNorm does not; usual in diffusion networks.',
    source: 'Wu, He 2018, Group normalization; formula as torch.nn.GroupNorm',
  },
  params: {
    groups: {
      kind: 'integer',
      label: 'Groups',
      doc: 'Into how many groups the channels are split; must divide them.',
      default: 8,
      min: 1,
      max: 65_536,
      step: 1,
    },
    epsilon: epsilonParam,
    affine: affineParam,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape({ params: { groups }, inputs, inputNames, name }) {
    const x = onlyShape(inputs);
    const channels = channelCount(x);
    if (channels % groups === 0) return x;
    const fitting = largestDivisor(channels, groups);
    return {
      code: 'groupNorm.groups',
      message: `GroupNorm '${name}': ${groups} groups do not divide the ${channels} ${channelAxis(x) === 1 && x.length > 2 ? 'channels' : 'features'} from ${inputNames[0]}.`,
      hint: `Use a number of groups that divides them, such as ${fitting}.`,
      fixes: [{ kind: 'setParam', label: `Set Groups to ${fitting}`, node: '', param: 'groups', value: fitting }],
    };
  },
  weights: ({ params, inputs }) => affineWeights(params.affine, onlyShape(inputs)),
  lower({ b, params: { groups, epsilon }, inputs, values, weights }) {
    const x = onlyValue(values);
    const shape = onlyShape(inputs);
    const axis = channelAxis(shape);
    // Channels become two axes: groups, and the channels of each.
    const grouped = b.reshape(x, x.shape.toSpliced(axis, 1, groups, channelCount(shape) / groups));
    const averaged = [axis + 1, ...placeAxes(shape).map((place) => (place > axis ? place + 1 : place))];
    return scaleAndShift(b, b.reshape(standardise(b, grouped, averaged, epsilon), x.shape), shape, weights);
  },
  describe: ({ params }) => `${params.groups} ${params.groups === 1 ? 'group' : 'groups'}${params.affine ? ' · scale, shift' : ''}`,
  flops: ({ inputs }) => 8 * sampleSize(onlyShape(inputs)),
});

function largestDivisor(n: number, limit: number): number {
  for (let divisor = Math.min(n, limit); divisor > 1; divisor--) if (n % divisor === 0) return divisor;
  return 1;
}
