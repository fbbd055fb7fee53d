/** The measures of a score in the order they are shown: the common ones always, the others on demand. */
import type { ScoreQuantity } from '../../core/metrics/direction.ts';

export type { ScoreQuantity };

export const scoreQuantities: { readonly common: readonly ScoreQuantity[]; readonly further: readonly ScoreQuantity[] } = {
  common: ['loss', 'accuracy', 'balancedAccuracy', 'f1', 'rmse', 'mae', 'r2', 'bitsPerCharacter'],
  further: [
    'f1Weighted',
    'precision',
    'recall',
    'top5',
    'rocAuc',
    'prAuc',
    'matthews',
    'logLoss',
    'calibrationError',
    'mape',
    'perplexity',
  ],
};
