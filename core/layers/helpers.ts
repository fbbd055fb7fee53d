/** Small helpers that several layers share. */
import { formatShape, sampleSize, type Shape } from '../graph/shape.ts';
import type { Value } from '../program/builder.ts';
import type { LayerContext, ShapeProblem } from './defineLayer.ts';

/** The single input of a one-input layer. */
export function onlyValue(values: readonly Value[]): Value {
  const value = values[0];
  if (value === undefined) throw new Error('A layer with one input was lowered without it.');
  return value;
}

export function onlyShape(inputs: readonly Shape[]): Shape {
  const shape = inputs[0];
  if (shape === undefined) throw new Error('A layer with one input was asked for its shape without it.');
  return shape;
}

/**
 * For layers that act on the last axis of features (B × F) or sequences (B × T × F). An image there almost always
 * means a forgotten Flatten, so it is a problem with that fix.
 */
export function requireFeatures({ inputs, inputNames, name }: LayerContext<unknown>): ShapeProblem | undefined {
  const x = onlyShape(inputs);
  if (x.length <= 3 && x.length >= 2 && !x.some((d) => d.name === 'C')) return undefined;
  return {
    code: 'shape.features',
    message: `${name} expects a row of features (B × F), got ${formatShape(x)} from ${inputNames[0]}.`,
    hint: `Flatten the ${formatShape(x.slice(1))} values to ${sampleSize(x)} features first.`,
    fixes: [{ kind: 'insertAfter', label: `Insert Flatten before ${name}`, edge: '', layer: 'flatten', params: {} }],
  };
}
