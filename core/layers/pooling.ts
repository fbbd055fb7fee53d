/** What pooling layers share, over images (B, C, H, W) and sequences (B, T, F): parameters, shape rule, windows, counts. */
import { batchDim, dim, sampleSize, type Shape } from '../graph/shape.ts';
import { elementCount, range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';
import { imageAxes } from './convolve.ts';
import type { LayerContext, ParamSpecs, ShapeProblem } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';
import { channelCount, padPlaces, placeAxes, withPlaces, type Sides } from './places.ts';
import { collapse, formatSizes, perAxis, shortSizes, type Sizes } from './sizes.ts';

export interface PoolSettings {
  readonly kernel: Sizes;
  readonly stride: Sizes;
  readonly padding: Sizes;
  readonly ceilMode: boolean;
}

function parametersFor<U extends string>(axes: readonly string[], unit: U) {
  const size = { kind: 'sizes', axes, min: 1, max: 1024, unit } as const;
  return {
    kernel: { ...size, label: 'Kernel', doc: `Size of a window: ${axes.join(', ')}.`, default: 2 },
    stride: {
      ...size,
      label: 'Stride',
      doc: 'Step from one window to the next; equal to the kernel, windows lie side by side.',
      default: 2,
    },
    padding: { ...size, label: 'Padding', doc: 'Added on both sides; at most half the kernel.', default: 0, min: 0, max: 512 },
    ceilMode: {
      kind: 'boolean',
      label: 'Keep the rest',
      doc: 'A last window may reach over the edge (ceil_mode in PyTorch), instead of leaving out what fills no whole window.',
      default: false,
    },
  } as const satisfies ParamSpecs;
}

export const imagePoolParams = parametersFor(imageAxes, 'px');
export const sequencePoolParams = parametersFor(['steps'], 'steps');

/** Of average pooling. */
export const countIncludePadParam = {
  kind: 'boolean',
  label: 'Count padding',
  doc: 'Padding counts as zeros (count_include_pad in PyTorch); otherwise only real values are averaged.',
  default: true,
} as const;

export interface PoolAxis {
  readonly size: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  /** How many windows there are. */
  readonly positions: number;
}

/** What the parameters mean for each axis of places of a shape. */
export function poolAxes({ kernel, stride, padding, ceilMode }: PoolSettings, shape: Shape): PoolAxis[] {
  const places = placeAxes(shape);
  const [kernels, strides, paddings] = [kernel, stride, padding].map((sizes) => perAxis(sizes, places.length));
  return places.map((axis, i) => {
    const own = { size: shape[axis]?.size ?? 1, kernel: kernels?.[i] ?? 1, stride: strides?.[i] ?? 1, padding: paddings?.[i] ?? 0 };
    const steps = (own.size + 2 * own.padding - own.kernel) / own.stride;
    const positions = (ceilMode ? Math.ceil(steps) : Math.floor(steps)) + 1;
    // No window may lie in the padding at the far end alone.
    const isBeyond = ceilMode && (positions - 1) * own.stride >= own.size + own.padding;
    return { ...own, positions: isBeyond ? positions - 1 : positions };
  });
}

/** Padding that whole windows need; less than asked for where the rest is left out, more where it is kept. */
function sidesOf({ size, kernel, stride, padding, positions }: PoolAxis): Sides {
  return [padding, Math.max(0, (positions - 1) * stride + kernel - size - padding)];
}

/** The shape after pooling, or why it can't be. */
export function pooledShape(title: string, { params, inputs, name }: LayerContext<PoolSettings>): Shape | ShapeProblem {
  const x = onlyShape(inputs);
  const axes = poolAxes(params, x);
  const set = (label: string, param: string, sizes: readonly number[]) => {
    const value = collapse(sizes.length === 1 ? [sizes[0] ?? 0, sizes[0] ?? 0] : sizes);
    return { kind: 'setParam', label: `Set ${label} to ${shortSizes(value)}`, node: '', param, value } as const;
  };
  const kernel = formatSizes(params.kernel, axes.length);
  if (axes.some(({ padding, kernel: own }) => padding > Math.floor(own / 2))) {
    const fix = set(
      'Padding',
      'padding',
      axes.map((own) => Math.min(own.padding, Math.floor(own.kernel / 2))),
    );
    return {
      code: 'pool.padding',
      message: `${title} '${name}': padding ${shortSizes(params.padding)} is more than half the kernel ${kernel}, so that some windows would see nothing but padding.`,
      hint: `Use a padding up to ${shortSizes(fix.value)}.`,
      fixes: [fix],
    };
  }
  if (axes.some(({ positions, size, kernel: own, padding }) => positions < 1 || own > size + 2 * padding)) {
    const fitting = axes.map((own) => own.size + 2 * own.padding);
    const square = typeof params.kernel === 'number';
    const fix = set('Kernel', 'kernel', square ? [Math.min(...fitting)] : axes.map((own, i) => Math.min(own.kernel, fitting[i] ?? 1)));
    const padded = axes.some(({ padding }) => padding > 0) ? ` with padding ${shortSizes(params.padding)}` : '';
    return {
      code: 'pool.kernel',
      message: `${title} '${name}': kernel ${kernel} does not fit input ${axes.map(({ size }) => size).join('×')}${padded}.`,
      hint: `Use a kernel up to ${shortSizes(fix.value)}.`,
      fixes: [fix],
    };
  }
  return withPlaces(
    x,
    channelCount(x),
    axes.map(({ positions }) => positions),
  );
}

/**
 * Reduces the windows axis after axis, the last first: fewer steps than over whole windows, and the first of the window stays
 * the first. `join` combines what the taps see.
 */
export function poolTaps(
  b: Builder,
  x: Value,
  shape: Shape,
  params: PoolSettings,
  padding: number,
  join: (taps: readonly Value[]) => Value,
): Value {
  const places = placeAxes(shape);
  const axes = poolAxes(params, shape);
  const padded = padPlaces(b, x, places, axes.map(sidesOf), padding);
  return range(axes.length).reduceRight(
    (value, i) => join(tapsAlong(b, value, places[i] ?? 1, axes[i]?.kernel ?? 1, axes[i]?.stride ?? 1)),
    padded,
  );
}

/** What each tap of the windows along one axis sees, one value per tap, all of the shape after pooling that axis. */
function tapsAlong(b: Builder, x: Value, axis: number, kernel: number, stride: number): Value[] {
  const windows = b.window(x, axis, kernel, { stride });
  const shape = windows.shape.toSpliced(axis + 1, 1);
  return range(kernel).map((tap) => b.reshape(b.slice(windows, axis + 1, tap, 1), shape));
}

/**
 * The maximum of equal shapes, NaN where one is. Its gradient goes to the first of equal maxima, as PyTorch's pooling has
 * it; elementwise choices, because a reduction over two or three elements would be all overhead.
 */
export function firstMaximum(b: Builder, taps: readonly Value[]): Value {
  return taps.reduce((best, next) => {
    const isNumber = b.binary('equal', best, best);
    const isLarger = b.select(b.binary('lessEqual', next, best), 0, isNumber);
    return b.select(isLarger, next, best);
  });
}

/**
 * How many values each window averages, a number where all have as many. A window that reaches over the edge counts what
 * lies in the input, or in input and padding, never what lies beyond.
 */
export function windowCounts(b: Builder, shape: Shape, params: PoolSettings, countIncludePad: boolean): Value | number {
  const places = placeAxes(shape);
  return poolAxes(params, shape).reduce<Value | number>((product, own, i) => {
    const counts = range(own.positions).map((position) => countAt(own, position, countIncludePad));
    const [first = 1] = counts;
    if (counts.every((count) => count === first)) return typeof product === 'number' ? product * first : b.multiply(product, first);
    // min(start + kernel, end) − max(start, begin), from the number of the window.
    const position = b.cast(b.iota([own.positions], 0), 'f32');
    const start = b.subtract(b.multiply(position, own.stride), own.padding);
    const end = b.minimum(b.add(start, own.kernel), countIncludePad ? own.size + own.padding : own.size);
    const along = b.subtract(end, countIncludePad ? start : b.maximum(start, 0));
    const behind = shape.length - 1 - (places[i] ?? 1);
    return b.multiply(b.reshape(along, [own.positions, ...range(behind).map(() => 1)]), product);
  }, 1);
}

function countAt({ size, kernel, stride, padding }: PoolAxis, position: number, countIncludePad: boolean): number {
  const start = position * stride - padding;
  return countIncludePad ? Math.min(start + kernel, size + padding) - start : Math.min(start + kernel, size) - Math.max(start, 0);
}

/** `2×2 · stride 1 · pad 1` */
export function describePool({ kernel, stride, padding, ceilMode }: PoolSettings, axes: number): string {
  const parts = [formatSizes(kernel, axes)];
  if (shortSizes(stride) !== shortSizes(kernel)) parts.push(`stride ${shortSizes(stride)}`);
  if (shortSizes(padding) !== '0') parts.push(`pad ${shortSizes(padding)}`);
  if (ceilMode) parts.push('rest kept');
  return parts.join(' · ');
}

/** One operation for every value of every window. */
export function poolFlops(shape: Shape, output: Shape, kernel: Sizes): number {
  return sampleSize(output) * elementCount(perAxis(kernel, placeAxes(shape).length));
}

/** One number per channel or feature: B × channels. */
export function globalShape(shape: Shape): Shape {
  return [batchDim, dim('F', channelCount(shape))];
}

/**
 * Means of `count` stretches that cover an axis as evenly as may be: stretch i from ⌊i · size ÷ count⌋ to ⌈(i + 1) · size ÷
 * count⌉, as in PyTorch's adaptive pooling. They overlap where `count` does not divide the size.
 */
export function adaptiveMean(b: Builder, x: Value, axis: number, count: number): Value {
  const size = x.shape[axis] ?? 1;
  if (size === count) return x;
  if (size % count === 0) return b.mean(b.reshape(x, x.shape.toSpliced(axis, 1, count, size / count)), [axis + 1]);
  const stretches = range(count).map((i) => {
    const start = Math.floor((i * size) / count);
    return b.mean(b.slice(x, axis, start, Math.ceil(((i + 1) * size) / count) - start), [axis], true);
  });
  return b.concat(stretches, axis);
}
