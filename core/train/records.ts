/** What a training says while it runs; declared once, stored, sent and drawn in this one shape. */
import type { EngineInfo } from '../engines/engine.ts';
import type { Problem } from '../problem.ts';
import type { PlateauState } from '../schedules/index.ts';
import type { StoppingState } from './earlyStopping.ts';

/** `train/loss`, `validation/accuracy`, `train/rmse`, ... */
export type MetricName = string;

export interface TrainingRecord {
  readonly type: 'record';
  /** Optimizer steps done so far. */
  readonly step: number;
  /** step ÷ steps per epoch. */
  readonly epoch: number;
  /** Training time since the run began, pauses and interruptions left out, milliseconds. */
  readonly elapsedMs: number;
  readonly metrics: Readonly<Record<MetricName, number>>;
}

/** All that a bit-exact continuation needs. */
export interface Checkpoint {
  readonly step: number;
  readonly epoch: number;
  readonly elapsedMs: number;
  readonly numerics: string;
  /** The learning rate that the schedule multiplies; it may differ from the config's after `setLearningRate`. */
  readonly learningRate: number;
  /** What a schedule on plateau remembers. */
  readonly plateau?: PlateauState;
  /** Of the present epoch so far, where a schedule on plateau watches the training loss. */
  readonly epochLoss?: { readonly sum: number; readonly steps: number };
  /** What early stopping remembers. */
  readonly stopping?: StoppingState;
  /** Every parameter, optimizer and statistic slot, by name; under `best/` those of the best epoch, where they will be restored. */
  readonly slots: Readonly<Record<string, Float32Array | Int32Array>>;
}

export interface PartScore {
  readonly loss: number;
  /** Classes and labels: share of right answers; steps that are padding do not count. */
  readonly accuracy?: number;
  /** Share of samples with every step or label right. */
  readonly exact?: number;
  /** Adversarial pairs; `loss` is the generator's. */
  readonly discriminatorLoss?: number;
  /** Numbers in the target's own units, images and features on the training scale. */
  readonly rmse?: number;
  readonly mae?: number;
  readonly r2?: number;
  /** Mean of |error| ÷ |true value|. */
  readonly mape?: number;
  /** What follows stands in the scores of finished runs. Averages over classes are macro: every class counts the same. */
  readonly balancedAccuracy?: number;
  /** Share of rows with the true class among the five likeliest. */
  readonly top5?: number;
  readonly precision?: number;
  readonly recall?: number;
  readonly f1?: number;
  readonly f1Weighted?: number;
  readonly matthews?: number;
  readonly rocAuc?: number;
  readonly prAuc?: number;
  /** Nats. */
  readonly logLoss?: number;
  readonly calibrationError?: number;
  /** Text. */
  readonly perplexity?: number;
  readonly bitsPerCharacter?: number;
  /** Rows are true classes, columns predicted ones. */
  readonly confusion?: readonly (readonly number[])[];
}

export type TrainingEvent =
  /** The engine is ready and the first step is about to run. */
  | {
      readonly type: 'started';
      readonly engine: EngineInfo;
      readonly stepsPerEpoch: number;
      readonly totalSteps: number;
      readonly parameterCount: number;
      readonly samples: { readonly train: number; readonly validation: number; readonly test: number };
    }
  | TrainingRecord
  | { readonly type: 'checkpoint'; readonly checkpoint: Checkpoint }
  /** The engine was lost and another goes on from here: what was said of later steps no longer counts. */
  | { readonly type: 'rewound'; readonly step: number; readonly epoch: number; readonly elapsedMs: number }
  | { readonly type: 'paused'; readonly step: number }
  | { readonly type: 'continued'; readonly step: number }
  | { readonly type: 'notice'; readonly problem: Problem }
  | {
      readonly type: 'finished';
      readonly reason: 'completed' | 'stopped';
      readonly step: number;
      readonly epoch: number;
      readonly elapsedMs: number;
      readonly train: PartScore;
      readonly validation?: PartScore;
    };

/** What can be asked of a running training between two chunks of steps. */
export type TrainingCommand =
  | { readonly type: 'pause' }
  | { readonly type: 'continue' }
  | { readonly type: 'stop' }
  | { readonly type: 'step' }
  | { readonly type: 'setLearningRate'; readonly learningRate: number };
