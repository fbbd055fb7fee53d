/** Every optimizer, by its `type` in a run config, in the order they are offered. Adding one: its file and a line here. */
import type { ParamSpecs, ParamsOf } from '../layers/defineLayer.ts';
import { defaultsOf } from '../layers/specs.ts';
import { adadelta } from './adadelta.ts';
import { adagrad } from './adagrad.ts';
import { adam } from './adam.ts';
import { adamax } from './adamax.ts';
import { adamW } from './adamW.ts';
import type { OptimizerDefinition } from './defineOptimizer.ts';
import { lamb } from './lamb.ts';
import { lars } from './lars.ts';
import { lion } from './lion.ts';
import { nAdam } from './nAdam.ts';
import { rAdam } from './rAdam.ts';
import { rmsProp } from './rmsProp.ts';
import { sgd } from './sgd.ts';

export type { OptimizerDefinition } from './defineOptimizer.ts';

export const optimizers = {
  adam,
  adamw: adamW,
  sgd,
  rmsprop: rmsProp,
  adagrad,
  adadelta,
  adamax,
  nadam: nAdam,
  radam: rAdam,
  lamb,
  lars,
  lion,
};

export type OptimizerName = keyof typeof optimizers;

export type OptimizerConfig = {
  [K in OptimizerName]: { readonly type: K } & ParamsOf<(typeof optimizers)[K]['params']>;
}[OptimizerName];

/** Any of them, with a config that is its own. */
export type AnyOptimizer = OptimizerDefinition<ParamSpecs, OptimizerConfig>;

type ConfigOf<K extends OptimizerName> = Extract<OptimizerConfig, { type: K }>;

export const optimizerNames = Object.keys(optimizers) as OptimizerName[];

/** The definition that belongs to a config. */
export function optimizerOf(config: OptimizerConfig): AnyOptimizer {
  return optimizers[config.type] as AnyOptimizer;
}

/** An optimizer's config with every parameter at its default. */
export function defaultOptimizer<K extends OptimizerName>(type: K): ConfigOf<K> {
  return { type, ...defaultsOf(optimizers[type].params) } as unknown as ConfigOf<K>;
}
