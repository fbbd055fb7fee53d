/** What the programs of one training session are built from. */
import type { RunConfig } from '../train/runConfig.ts';
import type { AnyOptimizer } from '../optimizers/index.ts';
import type { AnyTask } from '../tasks/index.ts';
import type { Builder, Value } from './builder.ts';
import type { LoweredNetwork, ParameterSlot } from './lowerNetwork.ts';

export interface Session {
  readonly network: LoweredNetwork;
  readonly config: RunConfig;
  readonly task: AnyTask;
  readonly optimizer: AnyOptimizer;
  readonly classCounts?: readonly number[];
}

export function trainableOf(network: LoweredNetwork): ParameterSlot[] {
  return network.parameters.filter(({ frozen }) => frozen !== true);
}

export function slotOf(b: Builder, { slot, spec }: ParameterSlot): Value {
  return b.slot(slot, { shape: spec.shape, dtype: 'f32' });
}
