/**
 * Conv2D (PyTorch's Conv2d): y[o] = activation(Σ over channels and taps of W[o] · x + b[o]), W (filters, channels ÷ groups,
 * kernel, kernel). Lowers to one contraction over sliding windows, which are a view of the padded input.
 */
import { batchDim, dim } from '../graph/shape.ts';
import { windowPositions } from '../ops/window.ts';
import { activationOptions, activationSuffix, applyActivation } from './activationMath.ts';
import { defineLayer, type LayerContext, type ParamsOf, type ShapeProblem, type WeightSpec } from './defineLayer.ts';
import { onlyShape, onlyValue, requireImage } from './helpers.ts';
import { initialiserParam, startValues } from './initialisers.ts';
import { imageSize, padImage, windowImage, type Sides } from './windows.ts';

const largestPadding = 8;

const params = {
  filters: {
    kind: 'integer',
    label: 'Filters',
    doc: 'How many output channels: each filter finds one pattern.',
    default: 32,
    min: 1,
    max: 65_536,
    step: 1,
  },
  kernel: { kind: 'integer', label: 'Kernel', doc: 'Height and width of a filter.', default: 3, min: 1, max: 1024, step: 1, unit: 'px' },
  stride: {
    kind: 'integer',
    label: 'Stride',
    doc: 'Step from one position of the filters to the next.',
    default: 1,
    min: 1,
    max: 1024,
    step: 1,
    unit: 'px',
  },
  padding: {
    kind: 'choice',
    label: 'Padding',
    doc: 'Zeros around the image before the filters slide over it.',
    default: 'valid',
    options: [
      { value: 'valid', label: 'Valid (none)', doc: 'No padding: the image shrinks by kernel − 1.' },
      { value: 'same', label: 'Same', doc: 'As much as keeps height and width (divided by the stride, rounded up).' },
      ...Array.from({ length: largestPadding }, (_, i) => ({ value: String(i + 1), label: `${i + 1} px`, doc: `${i + 1} on every side.` })),
    ],
  },
  activation: {
    kind: 'choice',
    label: 'Activation',
    doc: 'Applied to every output.',
    default: 'linear',
    // A softmax along the width would mean nothing.
    options: activationOptions.filter(({ value }) => value !== 'softmax' && value !== 'logSoftmax'),
  },
  dilation: {
    kind: 'integer',
    label: 'Dilation',
    doc: 'Distance of neighbouring taps: 2 leaves every other pixel out.',
    default: 1,
    min: 1,
    max: 1024,
    step: 1,
    unit: 'px',
  },
  groups: {
    kind: 'integer',
    label: 'Groups',
    doc: 'Splits channels and filters into groups that see only each other; as many groups as channels is a depthwise convolution.',
    default: 1,
    min: 1,
    max: 65_536,
    step: 1,
  },
  bias: { kind: 'boolean', label: 'Bias', doc: 'Adds one learned number to every filter.', default: true },
  initialiser: initialiserParam,
} as const;

type Params = ParamsOf<typeof params>;

/** Padding of one axis before and after. */
function paddingOf({ padding, kernel, stride, dilation }: Params, size: number): Sides {
  if (padding === 'valid') return [0, 0];
  if (padding !== 'same') return [Number(padding), Number(padding)];
  const total = Math.max(0, (Math.ceil(size / stride) - 1) * stride + dilation * (kernel - 1) + 1 - size);
  return [Math.floor(total / 2), Math.ceil(total / 2)];
}

/** Size of one axis of the output. */
function outputSize(own: Params, size: number): number {
  const [before, after] = paddingOf(own, size);
  return windowPositions(before + size + after, own.kernel, own.stride, own.dilation);
}

export const conv2d = defineLayer({
  type: 'conv2d',
  version: 1,
  title: 'Conv2D',
  family: 'convolution',
  keywords: ['convolution', 'cnn', 'image', 'filter', 'kernel', 'depthwise', 'channels'],
  doc: {
    summary:
      'Slides small filters over the image; every filter sums what lies under it, channel by channel, with its own weights, and gives one channel of the result. The same weights everywhere, so that a pattern is found wherever it stands.',
    source: 'LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition; formula as torch.nn.Conv2d',
  },
  params,
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const { params: own, inputs } = context;
    const problem = requireImage(context) ?? checkGroups(context) ?? checkKernel(context);
    if (problem !== undefined) return problem;
    const { height, width } = imageSize(onlyShape(inputs));
    return [batchDim, dim('C', own.filters), dim('H', outputSize(own, height)), dim('W', outputSize(own, width))];
  },
  weights({ params: { filters, kernel, groups, bias, initialiser }, inputs }) {
    const channels = imageSize(onlyShape(inputs)).channels / groups;
    const start = startValues(initialiser, channels * kernel ** 2, (filters / groups) * kernel ** 2);
    const specs: WeightSpec[] = [{ name: 'weight', shape: [filters, channels, kernel, kernel], initialiser: start.weight }];
    return bias ? [...specs, { name: 'bias', shape: [filters], initialiser: start.bias }] : specs;
  },
  lower({ b, params: own, values, weights }) {
    const x = onlyValue(values); // (B, C, H, W)
    const { weight, bias } = weights;
    if (weight === undefined) throw new Error('Conv2D was lowered without its weight.');
    const [batch = 1, channels = 1, height = 1, width = 1] = x.shape;
    const { filters, kernel, groups } = own;
    const sides = [paddingOf(own, height), paddingOf(own, width)] as const;
    const convolve = (equation: string, image: typeof x, filter: typeof x) =>
      b.contract(equation, windowImage(b, padImage(b, image, sides), own), filter);
    const sum =
      groups === 1
        ? convolve('bchiwj,ocij->bohw', x, weight)
        : convolve(
            'bgchiwj,gocij->bgohw',
            b.reshape(x, [batch, groups, channels / groups, height, width]),
            b.reshape(weight, [groups, filters / groups, channels / groups, kernel, kernel]),
          );
    const image = b.reshape(sum, [batch, filters, ...sum.shape.slice(-2)]);
    const shifted = bias === undefined ? image : b.add(image, b.reshape(bias, [filters, 1, 1]));
    return applyActivation(b, shifted, own.activation);
  },
  describe({ params: { filters, kernel, stride, padding, groups, activation } }) {
    const parts = [`${filters} @ ${kernel}×${kernel}`];
    if (stride > 1) parts.push(`stride ${stride}`);
    if (padding !== 'valid') parts.push(padding === 'same' ? 'same' : `pad ${padding}`);
    if (groups > 1) parts.push(`${groups} groups`);
    return `${parts.join(' · ')}${activationSuffix(activation)}`;
  },
  flops({ params: own, inputs }) {
    const { channels, height, width } = imageSize(onlyShape(inputs));
    const positions = outputSize(own, height) * outputSize(own, width);
    return 2 * (channels / own.groups) * own.kernel ** 2 * own.filters * positions;
  },
});

function checkGroups({ params: { filters, groups }, inputs, inputNames, name }: LayerContext<Params>): ShapeProblem | undefined {
  const { channels } = imageSize(onlyShape(inputs));
  if (channels % groups === 0 && filters % groups === 0) return undefined;
  const fitting = greatestCommonDivisor(channels, filters);
  return {
    code: 'conv2d.groups',
    message: `Conv2D '${name}': ${groups} groups do not divide ${channels % groups === 0 ? `its ${filters} filters` : `the ${channels} channels from ${inputNames[0]}`}.`,
    hint: `Use a number of groups that divides channels and filters, up to ${fitting}.`,
    fixes: [...new Set([1, fitting])].map((value) => ({
      kind: 'setParam',
      label: `Set Groups to ${value}`,
      node: '',
      param: 'groups',
      value,
    })),
  };
}

function checkKernel({ params: own, inputs, name }: LayerContext<Params>): ShapeProblem | undefined {
  const { height, width } = imageSize(onlyShape(inputs));
  if (outputSize(own, height) >= 1 && outputSize(own, width) >= 1) return undefined;
  const { kernel, dilation } = own;
  const smaller = height <= width ? height : width;
  const [before, after] = paddingOf(own, smaller);
  const largest = Math.floor((before + smaller + after - 1) / dilation) + 1;
  const spread = dilation === 1 ? '' : `, spread over ${dilation * (kernel - 1) + 1} by its dilation,`;
  return {
    code: 'conv2d.kernel',
    message: `Conv2D '${name}': kernel ${kernel}×${kernel}${spread} does not fit input ${height}×${width}${before > 0 ? ` with padding ${before}` : ''}.`,
    hint: `Use padding 'same' or a kernel up to ${largest}.`,
    fixes: [
      { kind: 'setParam', label: "Set Padding to 'same'", node: '', param: 'padding', value: 'same' },
      { kind: 'setParam', label: `Set Kernel to ${largest}`, node: '', param: 'kernel', value: largest },
    ],
  };
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
