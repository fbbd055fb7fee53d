/**
 * Inputs of unlike shapes side by side, as Add, Multiply and Formula take them. Equal ranks broadcast as in NumPy: sizes are
 * equal or 1. A row of features (B × n) also goes with images, as one number per channel, and with sequences, as the same
 * row at every step.
 */
import { formatShape, type Shape } from '../graph/shape.ts';
import { elementCount, range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { LayerContext, ShapeProblem } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';
import { channelAxis } from './places.ts';

/** The shape that all inputs broadcast to, or the port of the first that doesn't fit. */
export function jointShape(inputs: readonly Shape[]): Shape | number {
  let joint = inputs.reduce((largest, shape) => (shape.length > largest.length ? shape : largest), onlyShape(inputs));
  for (const [port, shape] of inputs.entries()) {
    const aligned = alignedSizes(shape, joint);
    const fits = aligned?.every((size, axis) => axis === 0 || size === 1 || joint[axis]?.size === 1 || size === joint[axis]?.size);
    if (aligned === undefined || fits !== true) return port;
    joint = joint.map((d, axis) => (d.size === 1 && axis > 0 ? { ...d, size: aligned[axis] ?? 1 } : d));
  }
  return joint;
}

/** Sizes of the shape at the axes of `joint`, the batch as 1; undefined where it has no place there. */
function alignedSizes(shape: Shape, joint: Shape): number[] | undefined {
  if (shape.length === joint.length) return shape.map((d) => d.size ?? 1);
  if (shape.length !== 2) return undefined;
  const features = channelAxis(joint);
  return joint.map((_, axis) => (axis === features ? (shape[1]?.size ?? 1) : 1));
}

/** The value with axes of size 1 put in, so that it broadcasts to `joint`. */
export function alignTo(b: Builder, value: Value, joint: Shape): Value {
  if (value.shape.length === joint.length) return value;
  const features = channelAxis(joint);
  const [batch = 1, ...rest] = value.shape;
  return b.reshape(
    value,
    range(joint.length).map((axis) => (axis === 0 ? batch : axis === features ? elementCount(rest) : 1)),
  );
}

/** The joint shape, or a Problem that names both shapes and, where one layer would mend it, offers that. */
export function inferJoint({ inputs, inputNames, name }: LayerContext<unknown>, code: string): Shape | ShapeProblem {
  const joint = jointShape(inputs);
  if (typeof joint !== 'number') return joint;
  const other = inputs.findIndex((shape, i) => i !== joint && typeof jointShape([shape, inputs[joint] ?? shape]) === 'number');
  // Of two that don't fit together the later one is to blame.
  const [first, port] = [Math.min(Math.max(other, 0), joint), Math.max(other, joint)];
  const [wanted, got] = [inputs[first] ?? [], inputs[port] ?? []];
  const fix = projection(wanted, got);
  return {
    code,
    port,
    message: `${name} expects equal shapes, got ${formatShape(wanted)} from ${inputNames[first]} and ${formatShape(got)} from ${inputNames[port]}.`,
    hint: 'Give both branches the same number of units or channels, or join them with Concat.',
    ...(fix === undefined ? {} : { fixes: [fix] }),
  };
}

/** The layer that brings `got` to the channels or features of `wanted`, if nothing else differs. */
function projection(wanted: Shape, got: Shape): NonNullable<ShapeProblem['fixes']>[number] | undefined {
  const axis = channelAxis(wanted);
  const size = wanted[axis]?.size;
  if (size === undefined || size === null || got.length !== wanted.length || got[axis]?.name !== wanted[axis]?.name) return undefined;
  if (got.some((d, i) => i !== axis && d.size !== wanted[i]?.size)) return undefined;
  if (got.length <= 3 && got[axis]?.name === 'F') {
    return { kind: 'insertAfter', label: `Insert a Dense with ${size} units before it`, edge: '', layer: 'dense', params: { units: size } };
  }
  if (got.length !== 4) return undefined;
  const params = { filters: size, kernel: 1 };
  return { kind: 'insertAfter', label: `Insert a Conv2D of 1×1 with ${size} filters before it`, edge: '', layer: 'conv2d', params };
}
