/**
 * An augmentation: training batches are changed at random, so that a network sees no sample twice the same way. Built from ops
 * with the step's random numbers; scores and predictions never see it.
 */
import type { Task } from '../data/dataSet.ts';
import type { Shape } from '../graph/shape.ts';
import type { ParamSpec } from '../layers/defineLayer.ts';
import type { Builder, Value } from '../program/builder.ts';

/** What goes in: image (B, C, H, W), features (B, F), a window of rows (B, T, F). */
export type InputKind = 'image' | 'features' | 'sequence';

export interface AugmentationDefinition {
  readonly name: string;
  /** How strong it is; 0 is off. */
  readonly param: ParamSpec & { readonly kind: 'integer' | 'number' };
  readonly source: string;
  readonly inputs: readonly InputKind[];
  readonly tasks: readonly Task[];
  /** Why it does not fit a row of this shape, batch left out. */
  refuses?(rowShape: readonly number[], strength: number): string | undefined;
  /** Absent for mix-up, which changes the target, too. */
  augment?(context: AugmentContext): Value;
}

export interface AugmentContext {
  readonly b: Builder;
  /** On the network's scale, batch first. */
  readonly x: Value;
  readonly strength: number;
  /** Of images: what black and white are on that scale. */
  readonly black: number;
  readonly white: number;
}

/** Tasks with one answer per row. */
export const rowTasks: readonly Task[] = ['classification', 'regression', 'multiLabel'];

export function defineAugmentation<const N extends string>(
  definition: AugmentationDefinition & { readonly name: N },
): AugmentationDefinition & { readonly name: N } {
  return definition;
}

/** Undefined for what no augmentation fits: tokens, graphs. */
export function inputKind(shape: Shape): InputKind | undefined {
  const names = shape
    .slice(1)
    .map(({ name }) => name)
    .join('');
  return names === 'CHW' ? 'image' : names === 'F' ? 'features' : names === 'TF' ? 'sequence' : undefined;
}

/** Uniform from −1 to 1. */
export function eitherWay(b: Builder, shape: readonly number[]): Value {
  return b.subtract(b.multiply(b.random('uniform', shape), 2), 1);
}

/** A whole number from −most to most, each equally likely. */
export function wholeEitherWay(b: Builder, shape: readonly number[], most: number): Value {
  return b.subtract(b.unary('floor', b.multiply(b.random('uniform', shape), 2 * most + 1)), most);
}
