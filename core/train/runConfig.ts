/**
 * Everything that decides a run besides the network and the data themselves: one versioned JSON type for the
 * interface, the command line (`--config`, `--set path=value`), forks and sweeps.
 */
import type { Task } from '../data/dataSet.ts';
import type { EngineKind } from '../engines/engine.ts';

export const runConfigVersion = 1;

export interface SplitConfig {
  /** Share of the rows that are not a given test set. Shares sum to 1; `test` is 0 where a test set is given. */
  readonly train: number;
  readonly validation: number;
  readonly test: number;
  readonly seed: number;
  /** Keeps the classes' shares equal in every part. */
  readonly stratify: boolean;
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

export type LossName = 'crossEntropy' | 'mse' | 'mae' | 'huber';

interface AdamSettings {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly weightDecay: number;
}

export type OptimizerConfig =
  | {
      readonly type: 'sgd';
      readonly learningRate: number;
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weightDecay: number;
    }
  | ({ readonly type: 'adam' } & AdamSettings)
  /** Weight decay decoupled from the gradient. */
  | ({ readonly type: 'adamw' } & AdamSettings);

export type OptimizerName = OptimizerConfig['type'];

export interface RunConfig {
  readonly version: typeof runConfigVersion;
  /** The network's name and, once a run has started, the content hash of its document. */
  readonly network: { readonly name: string; readonly hash?: string };
  /** The data set's id and, once a run has started, its content hash. */
  readonly data: { readonly id: string; readonly hash?: string };
  readonly split: SplitConfig;
  readonly preparation: PreparationConfig;
  readonly task: Task;
  readonly loss: LossName;
  readonly optimizer: OptimizerConfig;
  readonly epochs: number;
  readonly batchSize: number;
  readonly engine: { readonly kind: 'auto' | EngineKind; readonly threads: number };
  readonly seed: number;
}
