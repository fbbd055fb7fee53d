/** Where the channels of a shape lie, and its places: height and width, or time. */
import type { Shape } from '../graph/shape.ts';
import { range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';

/** The channels of images lie behind the batch, features behind everything. */
export function channelAxis(shape: Shape): number {
  return shape[1]?.name === 'C' ? 1 : shape.length - 1;
}

export function channelCount(shape: Shape): number {
  return shape[channelAxis(shape)]?.size ?? 1;
}

/** Axes between batch and channels, or behind the channels: height and width, or time. */
export function placeAxes(shape: Shape): number[] {
  const channels = channelAxis(shape);
  return range(shape.length).filter((axis) => axis > 0 && axis !== channels);
}

/** One number per channel, of a shape that broadcasts over `rank` axes. */
export function perChannel(b: Builder, x: Value, shape: Shape): Value {
  const behind = shape.length - 1 - channelAxis(shape);
  return b.reshape(x, [...x.shape, ...range(behind).map(() => 1)]);
}
