/**
 * ConvTranspose1D (PyTorch's ConvTranspose1d) along the time of a sequence (B, T, F), the adjoint of Conv1D: every step is
 * spread over a window of the longer result, W (features, filters ÷ groups, kernel); padding is cut off.
 */
import { activationSuffix, applyActivation } from './activationMath.ts';
import { axisWindows, checkGroups, convolutionFlops, convolutionParams, describeConvolution, paddingParam } from './convolve.ts';
import { convolveTransposed, outputPaddingParam, transposedShape, transposedWeights } from './convolveTransposed.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';

const axes = ['steps'];
const { filters, kernel, stride, ...further } = convolutionParams(axes, 'steps');
const { words: _same, ...padding } = paddingParam(axes, 'steps');

export const convTranspose1d = defineLayer({
  type: 'convTranspose1d',
  version: 1,
  title: 'ConvTranspose1D',
  family: 'convolution',
  keywords: ['transposed', 'deconvolution', 'fractionally strided', 'upsample', 'decoder', 'sequence', 'signal', 'decoder'],
  doc: {
    summary:
      'Spreads every step over a window of a longer sequence, with learned weights, and sums where windows overlap: the way back from a Conv1D. With a stride of 2 the sequence doubles.',
    source:
      'Zeiler, Krishnan, Taylor, Fergus 2010, Deconvolutional networks; Dumoulin, Visin 2016, A guide to convolution arithmetic; formula as torch.nn.ConvTranspose1d',
  },
  params: {
    filters,
    kernel,
    stride: { ...stride, doc: 'How far neighbouring windows of the result lie apart: 2 doubles its size.' },
    padding: { ...padding, doc: 'Cut off on both sides of the result: what a Conv1D with this padding added.' },
    outputPadding: outputPaddingParam(axes, 'steps'),
    ...further,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) =>
    requireSequence(context) ??
    checkGroups('convTranspose1d', 'ConvTranspose1D', context) ??
    transposedShape('convTranspose1d', 'ConvTranspose1D', context),
  weights: ({ params, inputs }) => transposedWeights(params, onlyShape(inputs)),
  lower: ({ b, params, inputs, values, weights }) =>
    applyActivation(b, convolveTransposed(b, onlyValue(values), weights, onlyShape(inputs), params), params.activation),
  describe: ({ params }) => `${describeConvolution(params, 1)}${activationSuffix(params.activation)}`,
  flops({ params, inputs }) {
    const x = onlyShape(inputs);
    return convolutionFlops(
      params,
      x,
      axisWindows(params, x).map(({ size }) => size),
    );
  },
});
