/**
 * An optimizer: how one step changes a parameter, built from ops, so that it runs on every engine. What depends on
 * the step alone (learning rate, bias correction) is computed on the host in float64 and arrives as scalars.
 */
import type { ParamSpecs } from '../layers/defineLayer.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { OptimizerConfig } from '../train/runConfig.ts';

export interface UpdateContext<C extends OptimizerConfig> {
  readonly b: Builder;
  readonly config: C;
  readonly parameter: Value;
  readonly gradient: Value;
  /** The state slots' values, in the order of `stateNames`. */
  readonly states: readonly Value[];
}

export interface OptimizerDefinition<C extends OptimizerConfig = OptimizerConfig> {
  readonly title: string;
  readonly doc: string;
  readonly source: string;
  /** One entry per field of the config but `type`, in the order of the form. */
  readonly params: ParamSpecs & { readonly [K in Exclude<keyof C, 'type'>]: ParamSpecs[string] };
  /** Slots beside each parameter, of its shape, starting at zero. */
  stateNames(config: C): readonly string[];
  /** The step's scalars by name; `step` counts from 0. */
  scalars(config: C, step: number, learningRate: number): Readonly<Record<string, number>>;
  /** The new parameter and the new states. */
  update(context: UpdateContext<C>): { readonly parameter: Value; readonly states: readonly Value[] };
}

export const learningRateSpec = {
  kind: 'number',
  label: 'Learning rate',
  doc: 'Size of the steps: too large and the loss jumps or explodes, too small and nothing moves.',
  min: 0,
  max: 1000,
  step: 0.001,
} as const;

export const weightDecaySpec = {
  kind: 'number',
  label: 'Weight decay',
  doc: 'Pulls every weight towards 0 (added to the gradient, as L2 regularisation).',
  default: 0,
  min: 0,
  max: 10,
  step: 0.0001,
} as const;

/** Coupled weight decay: gradient + decay · parameter. */
export function decayed(b: Builder, gradient: Value, parameter: Value, weightDecay: number): Value {
  return weightDecay === 0 ? gradient : b.add(gradient, b.multiply(parameter, weightDecay));
}
