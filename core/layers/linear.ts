/** x · Wᵀ + b over the last axis, as Dense and all layers made of linear maps compute it. */
import type { Builder, Value } from '../program/builder.ts';
import type { WeightSpec } from './defineLayer.ts';
import { startValues } from './initialisers.ts';

/** x (B, F) or (B, T, F), weight (units, F), bias (units). */
export function linear(b: Builder, x: Value, weight: Value | undefined, bias: Value | undefined): Value {
  if (weight === undefined) throw new Error('A linear map was lowered without its weight.');
  const sum = b.contract(x.shape.length === 3 ? 'bti,oi->bto' : 'bi,oi->bo', x, weight);
  return bias === undefined ? sum : b.add(sum, bias);
}

export interface LinearChoice {
  readonly bias: boolean;
  readonly initialiser: string;
}

/** Weight and bias as PyTorch's Linear starts them; `<name>Weight`, `<name>Bias`. */
export function linearWeights(name: string, inputs: number, outputs: number, { bias, initialiser }: LinearChoice): WeightSpec[] {
  const start = startValues(initialiser, inputs, outputs);
  const weight: WeightSpec = { name: `${name}Weight`, shape: [outputs, inputs], initialiser: start.weight };
  return bias ? [weight, { name: `${name}Bias`, shape: [outputs], initialiser: start.bias }] : [weight];
}
