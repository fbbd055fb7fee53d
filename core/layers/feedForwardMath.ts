/** Dense, activation, dropout, Dense back to as many features: of the FeedForward layer and the transformer blocks. */
import type { Builder, Value } from '../program/builder.ts';
import { applyActivation } from './activationMath.ts';
import type { ParamSpec, WeightSpec } from './defineLayer.ts';
import { dropValues } from './dropping.ts';
import { linear, linearWeights, type LinearChoice } from './linear.ts';

export const hiddenParam = {
  kind: 'integer',
  label: 'Hidden units',
  doc: 'Units of the wide layer in between; 0: four times the features.',
  default: 0,
  min: 0,
  max: 1_000_000,
  step: 1,
} as const satisfies ParamSpec;

/** How wide the layer in between is. */
export function hiddenUnits(hidden: number, features: number): number {
  return hidden === 0 ? 4 * features : hidden;
}

/** `hiddenWeight` (hidden, features), `outWeight` (features, hidden) and their biases. */
export function feedForwardWeights(features: number, hidden: number, choice: LinearChoice): WeightSpec[] {
  return [...linearWeights('hidden', features, hidden, choice), ...linearWeights('out', hidden, features, choice)];
}

export interface FeedForwardOptions {
  readonly activation: string;
  readonly dropout: number;
}

/** x (B, F) or (B, T, F) → the same shape. */
export function feedForward(
  b: Builder,
  x: Value,
  weights: Readonly<Record<string, Value>>,
  { activation, dropout }: FeedForwardOptions,
  mode: 'train' | 'evaluate',
): Value {
  const hidden = applyActivation(b, linear(b, x, weights.hiddenWeight, weights.hiddenBias), activation);
  return linear(b, dropValues(b, hidden, dropout, mode), weights.outWeight, weights.outBias);
}
