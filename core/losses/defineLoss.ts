/** A loss: predictions and targets of a batch to one number per sample, built from ops like everything else. */
import type { Answer } from '../tasks/defineTask.ts';
import type { ParamSpecs, ParamsOf } from '../layers/defineLayer.ts';
import { range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';

export interface LossContext<P> {
  readonly b: Builder;
  readonly params: P;
  /** Logits (B, classes) or (B, T, classes), or numbers on the training scale (B, ...). */
  readonly prediction: Value;
  /** Class codes (B) or (B, T) i32, or f32 of the prediction's shape: numbers, or a distribution over the classes. */
  readonly target: Value;
  /** Rows of the training part by class, for balanced weights; absent where the target is not one class per row. */
  readonly classCounts?: readonly number[];
}

/** The loss of a batch is Σ loss ÷ Σ weight; without weights every sample counts 1. */
export interface SampleLoss {
  /** (B) f32; where every time step is classified, the mean over the steps. */
  readonly loss: Value;
  /** (B) f32 */
  readonly weight?: Value;
}

/** `C` is the config as the definition sees it. */
export interface LossDefinition<S extends ParamSpecs = ParamSpecs, C = ParamsOf<S>> {
  /** Its `type` in a run config. */
  readonly type: string;
  readonly title: string;
  /** Kinds of answer it compares; the interface offers only these. */
  readonly answers: readonly Answer[];
  readonly doc: string;
  readonly source: string;
  /** One entry per field of the config but `type`, in the order of the form. */
  readonly params: S;
  /** Whether samples count differently: then `perSample` gives weights. */
  weighs?(params: C): boolean;
  perSample(context: LossContext<C>): SampleLoss;
  /** What the classes' scores mean as probabilities; default softmax. */
  probabilities?(b: Builder, prediction: Value): Value;
}

export function defineLoss<const T extends string, const S extends ParamSpecs>(
  definition: LossDefinition<S> & { readonly type: T },
): LossDefinition<S> & { readonly type: T } {
  return definition;
}

/** The mean over all axes but the batch, (B). */
export function meanPerSample(b: Builder, x: Value): Value {
  return b.mean(x, range(x.shape.length).slice(1));
}

/** 1 at the target's class and 0 elsewhere, of the prediction's shape; a target that is a distribution stays one. */
export function asDistribution(b: Builder, prediction: Value, target: Value): Value {
  return target.dtype === 'f32' ? b.reshape(target, prediction.shape) : isTarget(b, prediction, target);
}

/** The same from class codes, (B, classes) or (B, T, classes). */
export function isTarget(b: Builder, prediction: Value, codes: Value): Value {
  return b.binary('equal', b.iota(prediction.shape, -1), b.reshape(codes, [...codes.shape, 1]));
}
