/** What crosses between the host's thread and the one in which a finished run works: what is asked, answers, progress. */
import type { EngineInfo } from '../../core/engines/engine.ts';
import type { Forecast, ImageSheet, NodeAnswers, UseAbilities, UseAnswer, UseItem, UseRow } from '../../core/use/answers.ts';
import type { WritingOptions } from '../../core/use/text.ts';
import type { Trajectory } from '../../core/use/trajectory.ts';
import type { SampleOptions } from '../../core/use/useSession.ts';
import type { TrainedReference } from './protocol.ts';

/** Features of a classifier's layer, for comparing sets of images. */
export interface ImageFeatures {
  readonly layer: string;
  readonly units: number;
  /** (images, units) */
  readonly features: Float32Array;
  /** (images): class codes. */
  readonly predicted: Int32Array;
}

export interface UseAsks {
  describe: { args: Record<never, never>; result: UseAbilities & { readonly step: number; readonly engine: EngineInfo } };
  rows: { args: { readonly rows: readonly number[] }; result: readonly UseRow[] };
  predict: { args: { readonly items: readonly UseItem[] }; result: readonly UseAnswer[] };
  generate: {
    args: { readonly prompt: string; readonly options: WritingOptions };
    result: { readonly prompt: string; readonly text: string };
  };
  translate: { args: { readonly text: string }; result: { readonly text: string; readonly probability: number } };
  forecast: { args: { readonly row?: number }; result: Forecast };
  nodes: { args: Record<never, never>; result: NodeAnswers };
  sample: { args: { readonly options: SampleOptions }; result: ImageSheet };
  trajectory: { args: { readonly options: Omit<SampleOptions, 'count'> }; result: Trajectory };
  features: { args: { readonly images: ImageSheet; readonly layer?: string }; result: ImageFeatures };
}

export type UseAskName = keyof UseAsks;

export type UseAsk = { [K in UseAskName]: { readonly kind: K } & UseAsks[K]['args'] }[UseAskName];

export interface UseQuestion {
  /** The same checkpoint file is the same network: it stays loaded. */
  readonly source: TrainedReference;
  readonly ask: UseAsk;
}

export interface UseProgressMessage {
  readonly done: number;
  readonly total: number;
  readonly unit: 'tokens' | 'steps';
  readonly text?: string;
  readonly images?: ImageSheet;
}
