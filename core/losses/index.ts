/** Every loss, by its `type` in a run config, in the order they are offered. Adding one: its file and a line here. */
import type { ParamSpecs, ParamsOf } from '../layers/defineLayer.ts';
import { defaultsOf } from '../layers/specs.ts';
import type { Answer } from '../tasks/defineTask.ts';
import { binaryCrossEntropy } from './binaryCrossEntropy.ts';
import { cosineEmbedding } from './cosineEmbedding.ts';
import { crossEntropy } from './crossEntropy.ts';
import type { LossDefinition } from './defineLoss.ts';
import { focal } from './focal.ts';
import { hinge } from './hinge.ts';
import { huber } from './huber.ts';
import { klDivergence } from './klDivergence.ts';
import { mae } from './mae.ts';
import { mse } from './mse.ts';
import { smoothL1 } from './smoothL1.ts';

export type { LossDefinition } from './defineLoss.ts';

export const losses = {
  crossEntropy,
  focal,
  binaryCrossEntropy,
  klDivergence,
  hinge,
  cosineEmbedding,
  mse,
  mae,
  huber,
  smoothL1,
};

export type LossName = keyof typeof losses;

export type LossConfig = { [K in LossName]: { readonly type: K } & ParamsOf<(typeof losses)[K]['params']> }[LossName];

/** Any of them, with a config that is its own. */
export type AnyLoss = LossDefinition<ParamSpecs, LossConfig>;

export const lossNames = Object.keys(losses) as LossName[];

/** The definition that belongs to a config. */
export function lossOf(config: LossConfig): AnyLoss {
  return losses[config.type] as AnyLoss;
}

/** A loss's config with every parameter at its default. */
export function defaultLossConfig<K extends LossName>(type: K): Extract<LossConfig, { type: K }> {
  return { type, ...defaultsOf(losses[type].params) } as unknown as Extract<LossConfig, { type: K }>;
}

/** The losses that compare such answers. */
export function lossesFor(answer: Answer): LossName[] {
  return lossNames.filter((name) => (losses[name].answers as readonly Answer[]).includes(answer));
}
