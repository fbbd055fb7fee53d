/** What crosses between the host's thread and a trainer's: plain JSON and file names, never weights. */
import type { MessagePort } from 'node:worker_threads';
import type { PreparedData } from '../../core/data/prepared.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import type { Problem } from '../../core/problem.ts';
import type { PartScore, TrainingCommand, TrainingEvent } from '../../core/train/records.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';

/** A data set in the cache, as `readDataSet` of `electron/files/dataCache.ts` finds it. */
export interface DataReference {
  readonly folder: string;
  readonly hash: string;
}

export interface TrainerJob {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  readonly data: DataReference;
  /** Made when missing; files in it are named after their step. */
  readonly checkpointFolder: string;
  /** A checkpoint file to go on from. */
  readonly resumeFrom?: string;
  /** Where the engine is reached that computes on a graphics card (`electron/host/gpuHub.ts`). */
  readonly gpu?: MessagePort;
}

/** A run with its weights. */
export interface TrainedReference {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  readonly data: DataReference;
  readonly checkpointFile: string;
}

export interface ScoreJob extends TrainedReference {
  readonly part: keyof PreparedData['parts'];
  readonly gpu?: MessagePort;
}

export type WorkerJob = ({ readonly kind: 'train' } & TrainerJob) | ({ readonly kind: 'score' } & ScoreJob);

export interface CheckpointSaved {
  readonly type: 'checkpoint';
  readonly file: string;
  readonly sizeBytes: number;
  readonly step: number;
  readonly epoch: number;
  readonly elapsedMs: number;
  readonly learningRate: number;
}

/** A run ends with exactly one `finished` or `failed`, and nothing comes after it. */
export type TrainerEvent =
  | Exclude<TrainingEvent, { type: 'checkpoint' }>
  | CheckpointSaved
  /** `stack`: of a defect of ours, for the log. */
  | { readonly type: 'failed'; readonly problem: Problem; readonly stack?: string };

/** Worker to host. */
export type WorkerMessage =
  | { readonly kind: 'events'; readonly events: readonly TrainerEvent[] }
  | { readonly kind: 'score'; readonly score: PartScore }
  /** Of a scoring, which goes on. */
  | { readonly kind: 'notice'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly stack?: string };

/** Host to worker. */
export type WorkerCommand = TrainingCommand;
