/**
 * The adjoint of a convolution over one or two axes of places: what ConvTranspose1D and ConvTranspose2D share.
 */
import type { Shape } from '../graph/shape.ts';
import { elementCount, range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';
import { axisWindows, groupedPlaces, inGroups, letters, tapLettersOf, type AxisWindow, type ConvolutionParams } from './convolve.ts';
import type { LayerContext, ShapeProblem, WeightSpec } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';
import { startValues } from './initialisers.ts';
import { channelAxis, channelCount, padPlaces, perChannel, placeAxes, withPlaces, type Sides } from './places.ts';
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

/**
 * Every value of x is spread over a window of the result; W (channels, filters ÷ groups, ...kernel). Of the places that one
 * window position brings, the stride's number of neighbours form a cell; tap t of a window lands in cell ⌊t ÷ stride⌋ at
 * place t mod stride. So the result is one convolution of the padded x, giving all places of a cell as if they were filters
 * (Shi and others 2016, Is the deconvolution layer the same as a convolutional layer?), without any adding up of windows.
 */
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
  const cells = windows.map(cellsOf);
  const axes = groupedPlaces(shape, groups);
  const reach = cells.map(({ taps, distance }): Sides => [distance * (taps - 1), distance * (taps - 1)]);
  const padded = padPlaces(b, inGroups(b, x, shape, groups), axes, reach);
  // The last axis first, so that the taps that are put in move no axis that is still to come.
  const view = range(axes.length).reduceRight((value, i) => {
    const { taps, distance } = cells[i]!;
    return b.window(value, axes[i]!, taps, { dilation: distance });
  }, padded);
  const own = weight.shape[1] ?? 1;
  const grouped = groups === 1 ? weight : b.reshape(weight, [groups, weight.shape[0]! / groups, own, ...weight.shape.slice(2)]);
  const inCells = range(axes.length).reduceRight(
    (value, i) => intoCells(b, value, grouped.shape.length - axes.length + i, windows[i]!),
    grouped,
  );
  const tapLetters = tapLettersOf(axes.length);
  const placeLetters = 'pqr'.slice(-axes.length);
  const g = groups > 1 ? 'g' : '';
  const given = `${g}co${[...tapLetters].map((tap, i) => tap + placeLetters[i]).join('')}`;
  // Summed letters first, then those of the result, so that the filter's gradient is a plain matrix product too.
  const filterLetters = `${g}c${tapLetters}o${placeLetters}`;
  const filter = b.transpose(
    inCells,
    [...filterLetters].map((letter) => given.indexOf(letter)),
  );
  const wanted = [...letters(shape, groups, 'o', true)].map((letter) => placeLetters[tapLetters.indexOf(letter)] ?? letter);
  // Filters and places within a cell lie together, so that the contraction has them as its rows or columns.
  const together = `${g}o${placeLetters}`;
  const apart = wanted.filter((letter) => letter !== 'b' && !together.includes(letter)).join('');
  const out = channelAxis(shape) === 1 ? `b${together}${apart}` : `b${apart}${together}`;
  const sum = b.contract(`${letters(shape, groups, 'c', true)},${filterLetters}->${out}`, view, filter);
  const inPlace = b.transpose(
    sum,
    wanted.map((letter) => out.indexOf(letter)),
  );
  const lengths = windows.map(({ size, stride }, i) => (size + reach[i]![0]) * stride);
  const batch = x.shape[0] ?? 1;
  const joined = b.reshape(
    inPlace,
    withPlaces(shape, filters, lengths).map((d) => d.size ?? batch),
  );
  const sizes = transposedSizes(windows, perAxis(params.outputPadding, axes.length));
  const cut = placeAxes(shape).reduce((value, axis, i) => {
    const start = windows[i]!.sides[0];
    const missing = Math.max(0, start + sizes[i]! - lengths[i]!);
    return b.slice(b.pad(value, axis, 0, missing), axis, start, sizes[i]!);
  }, joined);
  return bias === undefined ? cut : b.add(cut, perChannel(b, bias, shape));
}

/** How many cells a window reaches over, and how far they lie apart. */
function cellsOf({ kernel, stride, dilation }: AxisWindow): { taps: number; distance: number } {
  if (stride === 1) return { taps: kernel, distance: dilation };
  return { taps: Math.ceil((dilation * (kernel - 1) + 1) / stride), distance: 1 };
}

/** The taps of one axis of a filter as cells and places within them, the last cell first as a convolution wants them. */
function intoCells(b: Builder, filter: Value, axis: number, own: AxisWindow): Value {
  const { kernel, stride, dilation } = own;
  const { taps } = cellsOf(own);
  let value = filter;
  if (stride > 1 && dilation > 1) {
    // Zeros where the dilation leaves places out.
    const apart = b.pad(b.reshape(value, value.shape.toSpliced(axis + 1, 0, 1)), axis + 1, 0, dilation - 1);
    value = b.slice(b.reshape(apart, value.shape.with(axis, kernel * dilation)), axis, 0, dilation * (kernel - 1) + 1);
  }
  const rest = taps * stride - (value.shape[axis] ?? 0);
  const whole = stride === 1 ? value : b.pad(value, axis, 0, rest);
  return b.flip(b.reshape(whole, whole.shape.toSpliced(axis, 1, taps, stride)), axis);
}

/** Sizes after a transposed convolution. */
function transposedSizes(windows: readonly AxisWindow[], extra: readonly number[]): number[] {
  return windows.map(
    ({ size, kernel, stride, dilation, sides: [before, after] }, i) =>
      (size - 1) * stride + dilation * (kernel - 1) + 1 - before - after + (extra[i] ?? 0),
  );
}
