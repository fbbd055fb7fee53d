/**
 * Convolution over one, two or three axes of places: parameters, shape rule and lowering that Conv1D, Conv2D, Conv3D and
 * the transposed convolutions share. Images and volumes have their channels behind the batch (B, C, H, W), as in PyTorch;
 * sequences have their features last (B, T, F), as everywhere here.
 */
import type { Shape } from '../graph/shape.ts';
import { elementCount } from '../ops/shapes.ts';
import { windowPositions } from '../ops/window.ts';
import type { Builder, Value } from '../program/builder.ts';
import { activationOptions } from './activationMath.ts';
import type { LayerContext, ParamSpecs, ShapeProblem, WeightSpec } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';
import { initialiserParam, startValues } from './initialisers.ts';
import { channelAxis, channelCount, padPlaces, perChannel, placeAxes, withPlaces, type Sides } from './places.ts';
import { collapse, formatSizes, perAxis, type Sizes } from './sizes.ts';

export const imageAxes = ['height', 'width'] as const;

/** Settings of a convolution as its parameters give them. */
export interface ConvolutionParams {
  readonly filters: number;
  readonly kernel: Sizes;
  readonly stride: Sizes;
  readonly dilation: Sizes;
  readonly padding: Sizes;
  readonly groups: number;
  readonly bias: boolean;
  readonly initialiser: string;
}

/** The parameters that every convolution has. */
export function convolutionParams<U extends string>(axes: readonly string[], unit: U) {
  const size = { kind: 'sizes', axes, min: 1, max: 1024, unit } as const;
  return {
    filters: {
      kind: 'integer',
      label: 'Filters',
      doc: 'How many output channels: each filter finds one pattern.',
      default: 32,
      min: 1,
      max: 65_536,
      step: 1,
    },
    kernel: { ...size, label: 'Kernel', doc: `Size of a filter: ${axes.join(', ')}; one number stands for all.`, default: 3 },
    stride: { ...size, label: 'Stride', doc: 'Step from one position of the filters to the next.', default: 1 },
    activation: {
      kind: 'choice',
      label: 'Activation',
      doc: 'Applied to every output.',
      default: 'linear',
      // A softmax along the width would mean nothing.
      options: activationOptions.filter(({ value }) => value !== 'softmax' && value !== 'logSoftmax'),
    },
    dilation: { ...size, label: 'Dilation', doc: 'Distance of neighbouring taps: 2 leaves every other one out.', default: 1 },
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
  } as const satisfies ParamSpecs;
}

/** Zeros around the places before the filters slide over them. */
export function paddingParam<U extends string>(axes: readonly string[], unit: U) {
  return {
    kind: 'sizes',
    axes,
    label: 'Padding',
    doc: `Zeros on both sides before the filters slide: ${axes.join(', ')}; or "same".`,
    default: 0,
    min: 0,
    max: 1024,
    unit,
    words: [{ value: 'same', label: 'Same', doc: 'As much as keeps every size (divided by the stride, rounded up).' }],
  } as const;
}

/** Everything of one axis of places. */
export interface AxisWindow {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Zeros before and after. */
  readonly sides: Sides;
}

/** What the parameters mean for each axis of places of a shape. */
export function axisWindows({ kernel, stride, dilation, padding }: ConvolutionParams, shape: Shape): AxisWindow[] {
  const places = placeAxes(shape);
  const [kernels, strides, dilations, paddings] = [kernel, stride, dilation, padding].map((sizes) => perAxis(sizes, places.length));
  return places.map((axis, i): AxisWindow => {
    const own = { size: shape[axis]?.size ?? 1, kernel: kernels?.[i] ?? 1, stride: strides?.[i] ?? 1, dilation: dilations?.[i] ?? 1 };
    const reach = own.dilation * (own.kernel - 1);
    if (padding === 'causal') return { ...own, sides: [reach, 0] };
    if (padding !== 'same') return { ...own, sides: [paddings?.[i] ?? 0, paddings?.[i] ?? 0] };
    const total = Math.max(0, (Math.ceil(own.size / own.stride) - 1) * own.stride + reach + 1 - own.size);
    return { ...own, sides: [Math.floor(total / 2), Math.ceil(total / 2)] };
  });
}

/** How many windows fit. */
export function positionsOf({ size, kernel, stride, dilation, sides: [before, after] }: AxisWindow): number {
  return windowPositions(before + size + after, kernel, stride, dilation);
}

/** W (filters, channels ÷ groups, ...kernel) and the bias. */
export function convolutionWeights({ filters, kernel, groups, bias, initialiser }: ConvolutionParams, shape: Shape): WeightSpec[] {
  const channels = channelCount(shape) / groups;
  const taps = perAxis(kernel, placeAxes(shape).length);
  const start = startValues(initialiser, channels * elementCount(taps), (filters / groups) * elementCount(taps));
  const specs: WeightSpec[] = [{ name: 'weight', shape: [filters, channels, ...taps], initialiser: start.weight }];
  return bias ? [...specs, { name: 'bias', shape: [filters], initialiser: start.bias }] : specs;
}

/** Letters of an Einstein summation: batch, channels (in groups) and places in the order of x, each place with its taps. */
export function letters(shape: Shape, groups: number, channels: string, taps: boolean): string {
  const places = placeAxes(shape);
  const placeLetters = 'dhw'.slice(-places.length);
  const tapLetters = 'kij'.slice(-places.length);
  return shape
    .map((_, axis) => {
      if (axis === 0) return 'b';
      if (axis === channelAxis(shape)) return groups > 1 ? `g${channels}` : channels;
      const i = places.indexOf(axis);
      return `${placeLetters[i]}${taps ? tapLetters[i] : ''}`;
    })
    .join('');
}

export const tapLettersOf = (axes: number) => 'kij'.slice(-axes);

/** x with its channels in groups, (…, groups, channels ÷ groups, …). */
export function inGroups(b: Builder, x: Value, shape: Shape, groups: number): Value {
  return groups === 1 ? x : b.reshape(x, x.shape.toSpliced(channelAxis(shape), 1, groups, channelCount(shape) / groups));
}

/** Axes of places once the channels are in groups. */
export function groupedPlaces(shape: Shape, groups: number): number[] {
  return placeAxes(shape).map((axis) => (groups > 1 && axis > channelAxis(shape) ? axis + 1 : axis));
}

/** Σ over channels and taps, one contraction over windows that are a view of the padded x; with bias. */
export function convolve(b: Builder, x: Value, weights: Readonly<Record<string, Value>>, shape: Shape, params: ConvolutionParams): Value {
  const { weight, bias } = weights;
  if (weight === undefined) throw new Error('A convolution was lowered without its weight.');
  const { filters, groups } = params;
  const windows = axisWindows(params, shape);
  const axes = groupedPlaces(shape, groups);
  const padded = padPlaces(
    b,
    inGroups(b, x, shape, groups),
    axes,
    windows.map(({ sides }) => sides),
  );
  // The last axis first, so that the taps that are put in move no axis that is still to come.
  const view = axes
    .map((axis, i) => ({ axis, own: windows[i] }))
    .reduceRight((value, { axis, own }) => (own === undefined ? value : b.window(value, axis, own.kernel, own)), padded);
  const [, channels = 1, ...taps] = weight.shape;
  const filter = groups === 1 ? weight : b.reshape(weight, [groups, filters / groups, channels, ...taps]);
  const equation = `${letters(shape, groups, 'c', true)},${groups > 1 ? 'g' : ''}oc${tapLettersOf(axes.length)}->${letters(shape, groups, 'o', false)}`;
  const sum = b.contract(equation, view, filter);
  const joined = b.reshape(
    sum,
    withPlaces(shape, filters, windows.map(positionsOf)).map((d) => d.size ?? x.shape[0] ?? 1),
  );
  return bias === undefined ? joined : b.add(joined, perChannel(b, bias, shape));
}

type Context = LayerContext<ConvolutionParams>;

/** Groups that don't divide channels and filters. */
export function checkGroups(
  type: string,
  title: string,
  { params: { filters, groups }, inputs, inputNames, name }: Context,
): ShapeProblem | undefined {
  const channels = channelCount(onlyShape(inputs));
  if (channels % groups === 0 && filters % groups === 0) return undefined;
  const fitting = greatestCommonDivisor(channels, filters);
  return {
    code: `${type}.groups`,
    message: `${title} '${name}': ${groups} groups do not divide ${channels % groups === 0 ? `its ${filters} filters` : `the ${channels} channels from ${inputNames[0]}`}.`,
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

/** A kernel that is larger than the padded input. */
export function checkKernel(type: string, title: string, { params, inputs, name }: Context): ShapeProblem | undefined {
  const windows = axisWindows(params, onlyShape(inputs));
  if (windows.every((own) => positionsOf(own) >= 1)) return undefined;
  const { length } = windows;
  const fitting = windows.map(({ size, dilation, sides: [before, after] }) => Math.floor((before + size + after - 1) / dilation) + 1);
  const smallest = Math.min(...fitting);
  const largest: Sizes =
    typeof params.kernel === 'object' ? collapse(windows.map(({ kernel }, i) => Math.min(kernel, fitting[i] ?? 1))) : smallest;
  const spreads = windows.map(({ kernel, dilation }) => dilation * (kernel - 1) + 1);
  const spread = windows.some(({ dilation }) => dilation > 1) ? `, spread over ${formatSpread(spreads)} by its dilation,` : '';
  const padding = windows.map(({ sides }) => sides[0]);
  const padded = padding.some((size) => size > 0) ? ` with padding ${formatSpread(padding)}` : '';
  const sizes = windows.map(({ size }) => size).join('×');
  const shown = typeof largest === 'number' ? String(largest) : formatSizes(largest, length);
  return {
    code: `${type}.kernel`,
    message: `${title} '${name}': kernel ${formatSizes(params.kernel, length)}${spread} does not fit input ${sizes}${padded}.`,
    hint: `Use padding 'same' or a kernel up to ${shown}.`,
    fixes: [
      { kind: 'setParam', label: "Set Padding to 'same'", node: '', param: 'padding', value: 'same' },
      { kind: 'setParam', label: `Set Kernel to ${shown}`, node: '', param: 'kernel', value: largest },
    ],
  };
}

function formatSpread(sizes: readonly number[]): string {
  const value = collapse(sizes);
  return typeof value === 'number' ? String(value) : value.join('×');
}

/** A multiply-add counts as 2: `2 · taps · channels ÷ groups · filters` for each of `positions`. */
export function convolutionFlops({ kernel, groups, filters }: ConvolutionParams, shape: Shape, positions: readonly number[]): number {
  const taps = elementCount(perAxis(kernel, placeAxes(shape).length));
  return 2 * (channelCount(shape) / groups) * taps * filters * elementCount(positions);
}

/** `6 @ 5×5 · stride 2 · pad 2 · 4 groups` */
export function describeConvolution({ filters, kernel, stride, padding, groups }: ConvolutionParams, axes: number): string {
  const parts = [`${filters} @ ${formatSizes(kernel, axes)}`];
  const short = (sizes: Sizes) => (typeof sizes === 'object' ? formatSpread(sizes) : String(sizes));
  if (short(stride) !== '1') parts.push(`stride ${short(stride)}`);
  if (short(padding) !== '0') parts.push(typeof padding === 'string' ? padding : `pad ${short(padding)}`);
  if (groups > 1) parts.push(`${groups} groups`);
  return parts.join(' · ');
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}
