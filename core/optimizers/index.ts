/** Every optimizer, by its `type` in a run config. */
import type { OptimizerConfig, OptimizerName } from '../train/runConfig.ts';
import { adam } from './adam.ts';
import { adamW } from './adamW.ts';
import type { OptimizerDefinition } from './defineOptimizer.ts';
import { sgd } from './sgd.ts';

export type { OptimizerDefinition } from './defineOptimizer.ts';

type ConfigOf<K extends OptimizerName> = Extract<OptimizerConfig, { type: K }>;

export const optimizers: { readonly [K in OptimizerName]: OptimizerDefinition<ConfigOf<K>> } = {
  adam,
  adamw: adamW,
  sgd,
};

/** The definition that belongs to a config, with their types kept together. */
export function optimizerOf<K extends OptimizerName>(config: ConfigOf<K>): OptimizerDefinition<ConfigOf<K>> {
  return optimizers[config.type as K];
}

/** An optimizer's config with every parameter at its default. */
export function defaultOptimizer<K extends OptimizerName>(type: K): ConfigOf<K> {
  const values = Object.entries(optimizers[type].params).map(([name, spec]) => [name, spec.default]);
  return { type, ...Object.fromEntries(values) } as ConfigOf<K>;
}
