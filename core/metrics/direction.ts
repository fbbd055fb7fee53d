/** Which way a measure improves: the one place that decides what "best" means, in the store, in tables and at curves. */
import type { PartScore } from '../train/records.ts';

/** A number of a part's score. */
export type ScoreQuantity = Exclude<keyof PartScore, 'confusion'>;

const better: { readonly [K in ScoreQuantity]: 'lower' | 'higher' } = {
  loss: 'lower',
  accuracy: 'higher',
  exact: 'higher',
  discriminatorLoss: 'lower',
  rmse: 'lower',
  mae: 'lower',
  r2: 'higher',
  mape: 'lower',
  balancedAccuracy: 'higher',
  top5: 'higher',
  precision: 'higher',
  recall: 'higher',
  f1: 'higher',
  f1Weighted: 'higher',
  matthews: 'higher',
  rocAuc: 'higher',
  prAuc: 'higher',
  logLoss: 'lower',
  calibrationError: 'lower',
  perplexity: 'lower',
  bitsPerCharacter: 'lower',
};

/**
 * @param metric a quantity (`accuracy`) or a part's (`validation/accuracy`)
 * @returns true too for what is no score, such as a learning rate or a gradient's norm
 */
export function isLowerBetter(metric: string): boolean {
  const quantity = metric.slice(metric.indexOf('/') + 1);
  return !Object.hasOwn(better, quantity) || better[quantity as ScoreQuantity] === 'lower';
}
