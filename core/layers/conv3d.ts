/**
 * Conv3D (PyTorch's Conv3d) over volumes (B, C, D, H, W): y[o] = activation(Σ over channels and taps of W[o] · x + b[o]),
 * W (filters, channels ÷ groups, kernel depth, height, width).
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
  paddingParam,
  positionsOf,
} from './convolve.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireVolume } from './helpers.ts';
import { withPlaces } from './places.ts';

const volumeAxes = ['depth', 'height', 'width'];
const { filters, kernel, stride, ...further } = convolutionParams(volumeAxes, 'px');

export const conv3d = defineLayer({
  type: 'conv3d',
  version: 1,
  title: 'Conv3D',
  family: 'convolution',
  keywords: ['convolution', 'cnn', 'volume', 'video', 'scan', 'filter', 'kernel', 'voxel'],
  doc: {
    summary:
      'Slides small filters over a volume, in depth, height and width: the slices of a scan or the frames of a film. Every filter sums what lies under it with its own weights and gives one channel of the result.',
    source: 'Ji, Xu, Yang, Yu 2013, 3D convolutional neural networks for human action recognition; formula as torch.nn.Conv3d',
  },
  params: { filters, kernel, stride, padding: paddingParam(volumeAxes, 'px'), ...further },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const problem = requireVolume(context) ?? checkGroups('conv3d', 'Conv3D', context) ?? checkKernel('conv3d', 'Conv3D', context);
    if (problem !== undefined) return problem;
    const x = onlyShape(context.inputs);
    return withPlaces(x, context.params.filters, axisWindows(context.params, x).map(positionsOf));
  },
  weights: ({ params, inputs }) => convolutionWeights(params, onlyShape(inputs)),
  lower: ({ b, params, inputs, values, weights }) =>
    applyActivation(b, convolve(b, onlyValue(values), weights, onlyShape(inputs), params), params.activation),
  describe: ({ params }) => `${describeConvolution(params, 3)}${activationSuffix(params.activation)}`,
  flops({ params, inputs }) {
    const x = onlyShape(inputs);
    return convolutionFlops(params, x, axisWindows(params, x).map(positionsOf));
  },
});
