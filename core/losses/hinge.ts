/** Multi-class hinge loss: every wrong class should stay a margin below the true one; formula as torch.nn.MultiMarginLoss. */
import { chosenLogit } from './crossEntropy.ts';
import { defineLoss, isTarget, meanPerSample } from './defineLoss.ts';

export const hinge = defineLoss({
  type: 'hinge',
  title: 'Hinge',
  answers: ['classes'],
  doc: 'Costs nothing once the true class leads by the margin: the network stops pushing rows that are settled. Its scores are no probabilities.',
  source: 'Crammer, Singer 2001, On the algorithmic implementation of multiclass kernel-based vector machines; as torch.nn.MultiMarginLoss',
  params: {
    margin: { kind: 'number', label: 'Margin', doc: 'By how much the true class should lead.', default: 1, min: 0, max: 1000, step: 0.5 },
    squared: { kind: 'boolean', label: 'Squared', doc: 'Squares what is missing: large misses count much more.', default: false },
  },
  perSample({ b, params: { margin, squared }, prediction, target }) {
    const own = b.reshape(chosenLogit(b, prediction, target), [...target.shape, 1]);
    const missing = b.maximum(b.add(b.subtract(prediction, own), margin), 0);
    const cost = squared ? b.unary('square', missing) : missing;
    const ofOthers = b.select(isTarget(b, prediction, target), 0, cost);
    return { loss: meanPerSample(b, ofOthers) };
  },
});
