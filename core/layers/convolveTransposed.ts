/**
 * The adjoint of a convolution over one or two axes of places: what ConvTranspose1D and ConvTranspose2D share. One contraction
 * gives every place its window, `fold` sums the windows where they overlap.
 */
import type { Shape } from '../graph/shape.ts';
import { foldOrCorrelate } from '../ops/correlate.ts';
import { elementCount, range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';
import { axisWindows, groupedPlaces, inGroups, letters, tapLettersOf, type AxisWindow, type ConvolutionParams } from './convolve.ts';
import type { LayerContext, ShapeProblem, WeightSpec } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';
import { startValues } from './initialisers.ts';
import { channelCount, perChannel, placeAxes, withPlaces } from './places.ts';
import { perAxis, type Sizes } from './sizes.ts';

export interface TransposedParams extends ConvolutionParams {
  readonly outputPadding: Sizes;
}

/** Rows and columns at the far end that a strided convolution would not have reached. */
export function outputPaddingParam<U extends string>(axes: readonly string[], unit: U) {
  return {
    kind: 'sizes',
    axes,
    label: 'Output padding',
    doc: 'Added at the far end of the result; less than the stride or the dilation. Says which of several sizes is meant that a strided convolution brings to the same.',
    default: 0,
    min: 0,
    max: 1023,
    unit,
  } as const;
}

/** The result's shape, or why there is none. */
export function transposedShape(
  type: string,
  title: string,
  { params, inputs, name }: LayerContext<TransposedParams>,
): Shape | ShapeProblem {
  const x = onlyShape(inputs);
  const windows = axisWindows(params, x);
  const extra = perAxis(params.outputPadding, windows.length);
  const tooMuch = windows.findIndex(({ stride, dilation }, i) => (extra[i] ?? 0) >= Math.max(stride, dilation));
  if (tooMuch >= 0) {
    const most = Math.min(...windows.map(({ stride, dilation }) => Math.max(stride, dilation))) - 1;
    return {
      code: `${type}.outputPadding`,
      message: `${title} '${name}': output padding ${extra[tooMuch]} should be less than the stride or the dilation, ${most + 1}.`,
      hint: `Use an output padding up to ${most}.`,
      fixes: [{ kind: 'setParam', label: `Set Output padding to ${most}`, node: '', param: 'outputPadding', value: most }],
    };
  }
  const sizes = transposedSizes(windows, extra);
  if (sizes.every((size) => size >= 1)) return withPlaces(x, params.filters, sizes);
  return {
    code: `${type}.padding`,
    message: `${title} '${name}': padding ${windows[0]?.sides[0] ?? 0} cuts off all of the ${sizes.map((size, i) => size + 2 * (windows[i]?.sides[0] ?? 0)).join('×')} values.`,
    hint: 'Use less padding or a larger kernel.',
    fixes: [{ kind: 'setParam', label: 'Set Padding to 0', node: '', param: 'padding', value: 0 }],
  };
}

/** W (channels, filters ÷ groups, ...kernel) and the bias; PyTorch counts the inputs of a unit by the second axis. */
export function transposedWeights({ filters, kernel, groups, bias, initialiser }: TransposedParams, shape: Shape): WeightSpec[] {
  const channels = channelCount(shape);
  const taps = perAxis(kernel, placeAxes(shape).length);
  const start = startValues(initialiser, (filters / groups) * elementCount(taps), (channels / groups) * elementCount(taps));
  const specs: WeightSpec[] = [{ name: 'weight', shape: [channels, filters / groups, ...taps], initialiser: start.weight }];
  return bias ? [...specs, { name: 'bias', shape: [filters], initialiser: start.bias }] : specs;
}

/** Every value of x is spread over a window; W (channels, filters ÷ groups, ...kernel). */
export function convolveTransposed(
  b: Builder,
  x: Value,
  weights: Readonly<Record<string, Value>>,
  shape: Shape,
  params: TransposedParams,
): Value {
  const { weight, bias } = weights;
  if (weight === undefined) throw new Error('A transposed convolution was lowered without its weight.');
  const { filters, groups } = params;
  const windows = axisWindows(params, shape);
  const [channels = 1, own = 1, ...taps] = weight.shape;
  const filter = groups === 1 ? weight : b.reshape(weight, [groups, channels / groups, own, ...taps]);
  const axes = groupedPlaces(shape, groups);
  const equation = `${letters(shape, groups, 'c', false)},${groups > 1 ? 'g' : ''}co${tapLettersOf(axes.length)}->${letters(shape, groups, 'o', true)}`;
  const spread = b.contract(equation, inGroups(b, x, shape, groups), filter);
  const extra = perAxis(params.outputPadding, axes.length);
  const sizes = transposedSizes(windows, extra);
  // The last axis first: its taps stand behind those of the axes before.
  const folded = range(axes.length).reduceRight((value, i) => {
    const { size, kernel, stride, dilation, sides } = windows[i]!;
    const axis = axes[i]! + i;
    const length = (size - 1) * stride + dilation * (kernel - 1) + 1;
    const rest = Math.max(0, (extra[i] ?? 0) - sides[1]);
    const whole = foldOrCorrelate(b, value, { axis, size: kernel, stride, dilation }, length);
    return b.slice(b.pad(whole, axis, 0, rest), axis, sides[0], sizes[i]!);
  }, spread);
  const joined = b.reshape(
    folded,
    withPlaces(shape, filters, sizes).map((d) => d.size ?? x.shape[0] ?? 1),
  );
  return bias === undefined ? joined : b.add(joined, perChannel(b, bias, shape));
}

/** Sizes after a transposed convolution. */
function transposedSizes(windows: readonly AxisWindow[], extra: readonly number[]): number[] {
  return windows.map(
    ({ size, kernel, stride, dilation, sides: [before, after] }, i) =>
      (size - 1) * stride + dilation * (kernel - 1) + 1 - before - after + (extra[i] ?? 0),
  );
}
