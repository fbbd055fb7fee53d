/**
 * Conv2D (PyTorch's Conv2d): y[o] = activation(Σ over channels and taps of W[o] · x + b[o]), W (filters, channels ÷ groups,
 * kernel height, kernel width).
 */
import { activationSuffix, applyActivation } from './activationMath.ts';
import {
  axisWindows,
  checkGroups,
  checkKernel,
  convolutionFlops,
  convolutionParams,
  convolutionWeights,
  convolve,
  describeConvolution,
  imageAxes,
  paddingParam,
  positionsOf,
} from './convolve.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';
import { withPlaces } from './places.ts';

const { filters, kernel, stride, ...further } = convolutionParams(imageAxes, 'px');

export const conv2d = defineLayer({
  type: 'conv2d',
  version: 2,
  title: 'Conv2D',
  family: 'convolution',
  keywords: ['convolution', 'cnn', 'image', 'filter', 'kernel', 'depthwise', 'channels'],
  doc: {
    summary:
      'Slides small filters over the image; every filter sums what lies under it, channel by channel, with its own weights, and gives one channel of the result. The same weights everywhere, so that a pattern is found wherever it stands.',
    source: 'LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition; formula as torch.nn.Conv2d',
  },
  params: { filters, kernel, stride, padding: paddingParam(imageAxes, 'px'), ...further },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const problem = requireImage(context) ?? checkGroups('conv2d', 'Conv2D', context) ?? checkKernel('conv2d', 'Conv2D', context);
    if (problem !== undefined) return problem;
    const x = onlyShape(context.inputs);
    return withPlaces(x, context.params.filters, axisWindows(context.params, x).map(positionsOf));
  },
  weights: ({ params, inputs }) => convolutionWeights(params, onlyShape(inputs)),
  lower: ({ b, params, inputs, values, weights }) =>
    applyActivation(b, convolve(b, onlyValue(values), weights, onlyShape(inputs), params), params.activation),
  describe: ({ params }) => `${describeConvolution(params, 2)}${activationSuffix(params.activation)}`,
  flops({ params, inputs }) {
    const x = onlyShape(inputs);
    return convolutionFlops(params, x, axisWindows(params, x).map(positionsOf));
  },
  /** Version 1 had one padding for both axes, as a word. */
  upgrade({ padding, ...params }) {
    if (padding === undefined || padding === 'valid') return { ...params };
    return { ...params, padding: typeof padding === 'string' && /^\d+$/.test(padding) ? Number(padding) : padding };
  },
});
