/** What crosses between the host's thread and those that plan and try out engines: plain JSON. */
import type { MessagePort } from 'node:worker_threads';
import type { GpuLimits } from '../../core/engines/webgpu/shader.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import type { Problem } from '../../core/problem.ts';
import type { RatePoint } from '../../core/train/rateRange.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { EngineSpeed, KernelMeasurement, KernelText, TrainingPlan } from '../contract/calls.ts';
import type { DataReference } from './protocol.ts';

export interface TrialSource {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  readonly data: DataReference;
}

export type TrialJob = TrialSource & { readonly budgetMs: number; readonly lane?: MessagePort } & (
    | { readonly kind: 'speeds'; readonly choices: readonly RunConfig['engine'][] }
    | { readonly kind: 'kernels' }
    | { readonly kind: 'rates' }
  );

export type TrialMessage =
  | { readonly kind: 'speed'; readonly speed: EngineSpeed }
  | { readonly kind: 'kernels'; readonly measurement: KernelMeasurement }
  | { readonly kind: 'rate'; readonly point: RatePoint }
  | { readonly kind: 'failed'; readonly problem: Problem }
  | { readonly kind: 'end' };

export type PlanRequest = { readonly id: number } & TrialSource &
  ({ readonly kind: 'plan' } | { readonly kind: 'text'; readonly kernel: number; readonly gpu?: GpuLimits });

export type PlanReply = { readonly id: number } & (
  | { readonly kind: 'plan'; readonly plan: TrainingPlan }
  | { readonly kind: 'text'; readonly kernel: KernelText }
  | { readonly kind: 'failed'; readonly problem: Problem }
);
