/**
 * Everything that decides a run besides the network and the data themselves: one versioned JSON type for the
 * interface, the command line (`--config`, `--set path=value`), forks and sweeps.
 */
import type { AugmentationConfig } from '../augmentation/index.ts';
import type { EngineKind } from '../engines/engine.ts';
import type { LossConfig, LossName } from '../losses/index.ts';
import type { OptimizerConfig, OptimizerName } from '../optimizers/index.ts';
import type { ScheduleConfig, ScheduleName } from '../schedules/index.ts';
import type { TaskConfig } from '../tasks/index.ts';
import type { ControlsConfig } from './controlSpecs.ts';

export const runConfigVersion = 3;

export interface SplitConfig {
  /** Share of the rows that are not a given test set. Shares sum to 1; `test` is 0 where a test set is given. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly seed: number;
  /** Keeps the classes' shares equal in every part. */
  readonly stratify: boolean;
  /** A category column that divides the rows instead of the shares: train, validation, test. */
  readonly column?: string;
}

export type GapFill = 'mean' | 'median' | 'mostFrequent' | 'ownCategory';
export type Scaling = 'standardise' | 'minMax' | 'none';

/** How one column becomes features. Fitted on the training part only. */
export interface ColumnPreparation {
  readonly use: boolean;
  readonly gaps: GapFill;
  /** Number columns. */
  readonly scaling: Scaling;
}

export interface PreparationConfig {
  /** Column to predict. */
  readonly target: string;
  /** By column name; a column that is not listed takes the default for its type. */
  readonly columns: Readonly<Record<string, ColumnPreparation>>;
  /** Number targets are trained on this scale and reported in their own units. */
  readonly targetScaling: Scaling;
}

export type {
  AugmentationConfig,
  TaskConfig,
  LossConfig,
  LossName,
  OptimizerConfig,
  OptimizerName,
  ScheduleConfig,
  ScheduleName,
  ControlsConfig,
};

export interface RunConfig {
  readonly version: typeof runConfigVersion;
  /** The network's name and, once a run has started, the content hash of its document. */
  readonly network: { readonly name: string; readonly hash?: string };
  /** The data set's id and, once a run has started, its content hash. */
  readonly data: { readonly id: string; readonly hash?: string };
  readonly split: SplitConfig;
  readonly preparation: PreparationConfig;
  readonly task: TaskConfig;
  readonly loss: LossConfig;
  readonly optimizer: OptimizerConfig;
  readonly schedule: ScheduleConfig;
  readonly controls: ControlsConfig;
  /** How training batches are changed at random; what is not named is off. */
  readonly augmentation?: AugmentationConfig;
  /** Factors on the learning rate by layer (id or name; a block's counts for all inside it); layers that are not listed have 1. */
  readonly layerRates: Readonly<Record<string, number>>;
  readonly epochs: number;
  readonly batchSize: number;
  readonly engine: { readonly kind: 'auto' | EngineKind; readonly threads: number };
  readonly seed: number;
}
