/** What crosses between the host's thread and the one that races optimizers over a network's loss. */
import type { RaceRequest } from '../../core/learn/raceBench.ts';
import type { TrialSource } from './trialProtocol.ts';

export interface RaceQuestion {
  readonly source: TrialSource;
  readonly request: RaceRequest;
  /** What would take longer is only estimated; without it, nothing is. */
  readonly mostMs?: number;
}
