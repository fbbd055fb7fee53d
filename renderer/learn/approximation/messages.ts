/** What crosses between the page and the thread that fits. */
import type { FitConfig, FitState } from '../../../core/learn/approximation.ts';

export type FitRequest =
  | { readonly kind: 'fit'; readonly config: FitConfig }
  | { readonly kind: 'compare'; readonly configs: readonly FitConfig[] }
  | { readonly kind: 'pause' | 'resume' | 'stop' };

export type FitAnswer =
  | { readonly kind: 'frame'; readonly state: FitState; readonly parameters: number }
  | { readonly kind: 'compared'; readonly index: number; readonly maximumError: number };
