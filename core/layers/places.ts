/** Where the channels of a shape lie, and its places: height and width, or time. */
import { formatShape, type Shape } from '../graph/shape.ts';
import { range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { LayerContext, ShapeProblem } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';

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

/** Padding of one axis, before and after. */
export type Sides = readonly [number, number];

/** Pads axes of places. */
export function padPlaces(b: Builder, x: Value, axes: readonly number[], sides: readonly Sides[], value = 0): Value {
  return axes.reduce((padded, axis, i) => b.pad(padded, axis, ...(sides[i] ?? [0, 0]), value), x);
}

/** The shape with other sizes of places and another number of channels. */
export function withPlaces(shape: Shape, channels: number, places: readonly number[]): Shape {
  const axes = placeAxes(shape);
  const own = channelAxis(shape);
  return shape.map((d, axis) => (axis === own ? { ...d, size: channels } : { ...d, size: places[axes.indexOf(axis)] ?? d.size }));
}

/** For layers that need places: images, volumes or sequences, but no bare rows of features, for which there is another layer. */
export function requirePlaces(
  { inputs, inputNames, name }: LayerContext<unknown>,
  other: { readonly layer: string; readonly title: string; readonly hint: string },
): ShapeProblem | undefined {
  const x = onlyShape(inputs);
  if (placeAxes(x).length > 0) return undefined;
  return {
    code: 'shape.places',
    message: `${name} expects images (B × channels × height × width) or sequences (B × time × features), got ${formatShape(x)} from ${inputNames[0]}.`,
    hint: other.hint,
    fixes: [{ kind: 'insertAfter', label: `Insert ${other.title} before ${name}`, edge: '', layer: other.layer, params: {} }],
  };
}
