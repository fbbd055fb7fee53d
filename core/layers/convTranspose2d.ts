/**
 * ConvTranspose2D (PyTorch's ConvTranspose2d), the adjoint of Conv2D: every pixel is spread over a window of the larger result,
 * W (channels, filters ÷ groups, kernel height, kernel width); padding is cut off.
 */
import { activationSuffix, applyActivation } from './activationMath.ts';
import { axisWindows, checkGroups, convolutionFlops, convolutionParams, describeConvolution, imageAxes, paddingParam } from './convolve.ts';
import { convolveTransposed, outputPaddingParam, transposedShape, transposedWeights } from './convolveTransposed.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';

const { filters, kernel, stride, ...further } = convolutionParams(imageAxes, 'px');
const { words: _same, ...padding } = paddingParam(imageAxes, 'px');

export const convTranspose2d = defineLayer({
  type: 'convTranspose2d',
  version: 1,
  title: 'ConvTranspose2D',
  family: 'convolution',
  keywords: ['transposed', 'deconvolution', 'fractionally strided', 'upsample', 'decoder', 'image', 'u-net', 'generator', 'gan'],
  doc: {
    summary:
      'Spreads every pixel over a window of a larger image, with learned weights, and sums where windows overlap: the way back from a Conv2D. With a stride of 2 the image doubles; usual in generators and decoders.',
    source:
      'Zeiler, Krishnan, Taylor, Fergus 2010, Deconvolutional networks; Dumoulin, Visin 2016, A guide to convolution arithmetic; formula as torch.nn.ConvTranspose2d',
  },
  params: {
    filters,
    kernel,
    stride: { ...stride, doc: 'How far neighbouring windows of the result lie apart: 2 doubles its size.' },
    padding: { ...padding, doc: 'Cut off on both sides of the result: what a Conv2D with this padding added.' },
    outputPadding: outputPaddingParam(imageAxes, 'px'),
    ...further,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) =>
    requireImage(context) ??
    checkGroups('convTranspose2d', 'ConvTranspose2D', context) ??
    transposedShape('convTranspose2d', 'ConvTranspose2D', context),
  weights: ({ params, inputs }) => transposedWeights(params, onlyShape(inputs)),
  lower: ({ b, params, inputs, values, weights }) =>
    applyActivation(b, convolveTransposed(b, onlyValue(values), weights, onlyShape(inputs), params), params.activation),
  describe: ({ params }) => `${describeConvolution(params, 2)}${activationSuffix(params.activation)}`,
  flops({ params, inputs }) {
    const x = onlyShape(inputs);
    return convolutionFlops(
      params,
      x,
      axisWindows(params, x).map(({ size }) => size),
    );
  },
});
