/**
 * An optimizer: how one step changes a parameter, built from ops, so that it runs on every engine. What depends on
 * the step alone (learning rate, bias correction) is computed on the host in float64 and arrives as scalars.
 */
import type { ParamSpecs, ParamsOf } from '../layers/defineLayer.ts';
import { range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';

export interface UpdateContext<P> {
  readonly b: Builder;
  readonly config: P;
  readonly parameter: Value;
  readonly gradient: Value;
  /** The state slots' values, in the order of `stateNames`. */
  readonly states: readonly Value[];
  /** One of `scalars`, at the parameter's own learning rate. */
  scalar(name: string): Value;
}

export interface Update {
  readonly parameter: Value;
  readonly states: readonly Value[];
}

/** `C` is the config as the definition sees it. */
export interface OptimizerDefinition<S extends ParamSpecs = ParamSpecs, C = ParamsOf<S>> {
  /** Its `type` in a run config. */
  readonly type: string;
  readonly title: string;
  readonly doc: string;
  readonly source: string;
  /** One entry per field of the config but `type`, in the order of the form; `learningRate` is always there. */
  readonly params: S;
  /** Slots beside each parameter, of its shape, starting at zero. */
  stateNames(config: C): readonly string[];
  /** The step's scalars by name; `step` counts from 0. */
  scalars(config: C, step: number, learningRate: number): Readonly<Record<string, number>>;
  /** The new parameter and the new states. */
  update(context: UpdateContext<C>): Update;
}

export function defineOptimizer<const T extends string, const S extends ParamSpecs>(
  definition: OptimizerDefinition<S> & { readonly type: T },
): OptimizerDefinition<S> & { readonly type: T } {
  return definition;
}

/** The state at a place; its absence is a defect of `stateNames`. */
export function stateAt(states: readonly Value[], index: number): Value {
  const state = states[index];
  if (state === undefined) throw new Error(`The optimizer lacks its state ${index}.`);
  return state;
}

/** Coupled weight decay: gradient + decay · parameter. */
export function decayed(b: Builder, gradient: Value, parameter: Value, weightDecay: number): Value {
  return weightDecay === 0 ? gradient : b.add(gradient, b.multiply(parameter, weightDecay));
}

/** Decoupled weight decay: the parameter less its share `decay`, a scalar that holds learning rate · weight decay. */
export function shrunk({ b, parameter, scalar }: UpdateContext<unknown>, weightDecay: number): Value {
  return weightDecay === 0 ? parameter : b.subtract(parameter, b.multiply(parameter, scalar('decay')));
}

/** old · share + x · (1 − share) */
export function average(b: Builder, old: Value, x: Value, share: number): Value {
  return b.add(b.multiply(old, share), b.multiply(x, 1 - share));
}

/** Euclidean norm over all elements, a scalar. */
export function norm(b: Builder, x: Value): Value {
  return b.unary('sqrt', b.sum(b.unary('square', x), range(x.shape.length)));
}

/** ‖weight‖ ÷ divisor where both are above 0, else 1: how much a layer-wise optimizer trusts the layer's step. */
export function trustRatio(b: Builder, weightNorm: Value, divisor: Value): Value {
  const smaller = b.minimum(weightNorm, divisor);
  const ratio = b.divide(weightNorm, b.maximum(divisor, 1e-30));
  return b.select(b.binary('lessEqual', smaller, 0), 1, ratio);
}
