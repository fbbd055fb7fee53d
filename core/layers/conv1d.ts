/**
 * Conv1D (PyTorch's Conv1d) along the time of a sequence (B, T, F): y[t, o] = activation(Σ over features and taps of W[o] · x
 * + b[o]), W (filters, features ÷ groups, kernel) as in PyTorch, which has the features second.
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
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { withPlaces } from './places.ts';

const axes = ['steps'];
const { filters, kernel, stride, ...further } = convolutionParams(axes, 'steps');
const padding = paddingParam(axes, 'steps');

export const conv1d = defineLayer({
  type: 'conv1d',
  version: 1,
  title: 'Conv1D',
  family: 'convolution',
  keywords: ['convolution', 'cnn', 'sequence', 'time series', 'signal', 'causal', 'filter', 'kernel'],
  doc: {
    summary:
      'Slides small filters along time; every filter sums the steps under it, feature by feature, with its own weights, and gives one feature of the result. With causal padding a step never sees what comes after it, as forecasting needs.',
    source:
      'Waibel, Hanazawa, Hinton, Shikano, Lang 1989, Phoneme recognition using time-delay neural networks; formula as torch.nn.Conv1d',
  },
  params: {
    filters,
    kernel,
    stride,
    padding: {
      ...padding,
      doc: 'Zeros on both sides of the sequence; "same" keeps its length, "causal" puts them all before the first step.',
      words: [...padding.words, { value: 'causal', label: 'Causal', doc: 'All before the first step: no step sees a later one.' }],
    },
    ...further,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const problem = requireSequence(context) ?? checkGroups('conv1d', 'Conv1D', context) ?? checkKernel('conv1d', 'Conv1D', context);
    if (problem !== undefined) return problem;
    const x = onlyShape(context.inputs);
    return withPlaces(x, context.params.filters, axisWindows(context.params, x).map(positionsOf));
  },
  weights: ({ params, inputs }) => convolutionWeights(params, onlyShape(inputs)),
  lower: ({ b, params, inputs, values, weights }) =>
    applyActivation(b, convolve(b, onlyValue(values), weights, onlyShape(inputs), params), params.activation),
  describe: ({ params }) => `${describeConvolution(params, 1)}${activationSuffix(params.activation)}`,
  flops({ params, inputs }) {
    const x = onlyShape(inputs);
    return convolutionFlops(params, x, axisWindows(params, x).map(positionsOf));
  },
});
