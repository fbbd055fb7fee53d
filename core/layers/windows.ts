/** Images under sliding windows: what convolution and pooling share. */
import { batchDim, dim, type Shape } from '../graph/shape.ts';
import { windowPositions } from '../ops/window.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { LayerContext, ParamSpecs, ParamsOf, ShapeProblem } from './defineLayer.ts';
import { onlyShape, requireImage } from './helpers.ts';

/** Before and after. */
export type Sides = readonly [number, number];

export interface ImageSize {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
}

/** Of a shape B × C × H × W. */
export function imageSize(shape: Shape): ImageSize {
  const [, channels, height, width] = shape.map((d) => d.size ?? 1);
  return { channels: channels ?? 1, height: height ?? 1, width: width ?? 1 };
}

/** Pads the last two axes. */
export function padImage(b: Builder, x: Value, [rows, columns]: readonly [Sides, Sides], value = 0): Value {
  return b.pad(b.pad(x, -2, ...rows, value), -1, ...columns, value);
}

export interface WindowSize {
  readonly kernel: number;
  readonly stride: number;
  readonly dilation?: number;
}

/** (..., H, W) → (..., positions, kernel, positions, kernel) */
export function windowImage(b: Builder, x: Value, { kernel, ...options }: WindowSize): Value {
  return b.window(b.window(x, -2, kernel, options), -1, kernel, options);
}

/** What each tap of the windows along one axis sees, one value per tap, all of the shape after pooling that axis. */
export function tapsAlong(b: Builder, x: Value, axis: number, { kernel, stride }: WindowSize): Value[] {
  const windows = b.window(x, axis, kernel, { stride });
  const shape = windows.shape.toSpliced(axis + 1, 1);
  return Array.from({ length: kernel }, (_, tap) => b.reshape(b.slice(windows, axis + 1, tap, 1), shape));
}

/** Kernel, stride and padding of a pooling layer. */
export const poolParams = {
  kernel: { kind: 'integer', label: 'Kernel', doc: 'Height and width of a window.', default: 2, min: 1, max: 1024, step: 1, unit: 'px' },
  stride: {
    kind: 'integer',
    label: 'Stride',
    doc: 'Step from one window to the next; equal to the kernel, windows lie side by side.',
    default: 2,
    min: 1,
    max: 1024,
    step: 1,
    unit: 'px',
  },
  padding: {
    kind: 'integer',
    label: 'Padding',
    doc: 'Added on every side; at most half the kernel.',
    default: 0,
    min: 0,
    max: 512,
    step: 1,
    unit: 'px',
  },
} as const satisfies ParamSpecs;

type PoolParams = ParamsOf<typeof poolParams>;

function positions(size: number, { kernel, stride, padding }: PoolParams): number {
  return windowPositions(size + 2 * padding, kernel, stride, 1);
}

/** The shape after pooling, or why it can't be. */
export function pooledShape(title: string, context: LayerContext<PoolParams>): Shape | ShapeProblem {
  const notImage = requireImage(context);
  if (notImage !== undefined) return notImage;
  const { params, inputs, name } = context;
  const { kernel, padding } = params;
  const { channels, height, width } = imageSize(onlyShape(inputs));
  const set = (label: string, param: string, value: number) =>
    ({ kind: 'setParam', label: `Set ${label} to ${value}`, node: '', param, value }) as const;
  const half = Math.floor(kernel / 2);
  if (padding > half) {
    return {
      code: 'pool.padding',
      message: `${title} '${name}': padding ${padding} is more than half the kernel ${kernel}×${kernel}, so that some windows would see nothing but padding.`,
      hint: `Use a padding up to ${half}.`,
      fixes: [set('Padding', 'padding', half)],
    };
  }
  const smaller = Math.min(height, width);
  if (positions(smaller, params) < 1) {
    const largest = smaller + 2 * padding;
    return {
      code: 'pool.kernel',
      message: `${title} '${name}': kernel ${kernel}×${kernel} does not fit input ${height}×${width}${padding > 0 ? ` with padding ${padding}` : ''}.`,
      hint: `Use a kernel up to ${largest}.`,
      fixes: [set('Kernel', 'kernel', largest)],
    };
  }
  return [batchDim, dim('C', channels), dim('H', positions(height, params)), dim('W', positions(width, params))];
}

/** `2×2 · stride 1 · pad 1` */
export function describePool({ kernel, stride, padding }: PoolParams): string {
  const parts = [`${kernel}×${kernel}`];
  if (stride !== kernel) parts.push(`stride ${stride}`);
  if (padding > 0) parts.push(`pad ${padding}`);
  return parts.join(' · ');
}
