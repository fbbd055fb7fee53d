/** What the normalising layers share: the epsilon, the learned scale and shift, the formula. */
import type { Shape } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { ParamSpec, WeightSpec } from './defineLayer.ts';
import { channelCount, perChannel } from './places.ts';

export const epsilonParam = {
  kind: 'number',
  label: 'Epsilon',
  doc: 'Added to the variance, so that constant values divide by no 0.',
  default: 1e-5,
  min: 1e-12,
  max: 1,
} as const satisfies ParamSpec;

export const affineParam = {
  kind: 'boolean',
  label: 'Scale and shift',
  doc: 'Learns a weight and a bias for every channel or feature.',
  default: true,
} as const satisfies ParamSpec;

/** Weight 1 and bias 0 for every channel, where they are wanted. */
export function affineWeights(affine: boolean, shape: Shape): WeightSpec[] {
  const size = [channelCount(shape)];
  return affine
    ? [
        { name: 'weight', shape: size, initialiser: { kind: 'ones' } },
        { name: 'bias', shape: size, initialiser: { kind: 'zeros' } },
      ]
    : [];
}

/** x · weight + bias, per channel; x as it is without weights. */
export function scaleAndShift(b: Builder, x: Value, shape: Shape, { weight, bias }: Readonly<Record<string, Value>>): Value {
  const scaled = weight === undefined ? x : b.multiply(x, perChannel(b, weight, shape));
  return bias === undefined ? scaled : b.add(scaled, perChannel(b, bias, shape));
}

/** (x − mean) ÷ √(variance + ε) over `axes`, with the variance of the values themselves (divided by their number). */
export function standardise(b: Builder, x: Value, axes: readonly number[], epsilon: number): Value {
  const mean = b.mean(x, axes, true);
  const inverse = b.unary('rsqrt', b.add(varianceAround(b, x, mean, axes, true), epsilon));
  return b.name(b.multiply(b.subtract(x, mean), inverse), 'normalised');
}

/**
 * The mean of (x − mean)². Its slope by the mean is exactly 0, as Σ (x − mean) is; taking the mean for a constant saves the
 * backward pass a reduction.
 */
export function varianceAround(b: Builder, x: Value, mean: Value, axes: readonly number[], keepDims = false): Value {
  return b.mean(b.unary('square', b.subtract(x, b.stopGradient(mean))), axes, keepDims);
}

/** Layer norm: the last axis standardised, times a weight and plus a bias where there are such. */
export function normaliseFeatures(b: Builder, x: Value, weight: Value | undefined, bias: Value | undefined, epsilon: number): Value {
  const normalised = standardise(b, x, [-1], epsilon);
  const scaled = weight === undefined ? normalised : b.multiply(normalised, weight);
  return bias === undefined ? scaled : b.add(scaled, bias);
}
