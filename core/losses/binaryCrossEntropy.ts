/** Binary cross-entropy from logits, one question per output; formula as torch.nn.BCEWithLogitsLoss. */
import type { Builder, Value } from '../program/builder.ts';
import { asDistribution, defineLoss, meanPerSample } from './defineLoss.ts';

export const binaryCrossEntropy = defineLoss({
  type: 'binaryCrossEntropy',
  title: 'Binary cross-entropy',
  answers: ['classes', 'labels', 'values', 'verdicts'],
  doc: 'Asks every class for itself, yes or no, instead of letting the classes compete: one against the rest.',
  source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.2.2.2; as torch.nn.BCEWithLogitsLoss',
  params: {
    positiveWeight: {
      kind: 'number',
      label: 'Positive weight',
      doc: 'How much more a missed yes costs than a false one: above 1 finds more, below 1 is surer of what it finds.',
      default: 1,
      min: 0,
      openMin: true,
      max: 1000,
      step: 0.5,
    },
  },
  perSample({ b, params: { positiveWeight }, prediction, target }) {
    const yes = asDistribution(b, prediction, target);
    const missed = b.multiply(b.multiply(yes, positiveWeight), softplus(b, b.unary('negate', prediction)));
    return { loss: meanPerSample(b, b.add(missed, b.multiply(b.subtract(1, yes), softplus(b, prediction)))) };
  },
  /** Each class's own yes, brought to sum 1. */
  probabilities(b, prediction) {
    const yes = b.unary('sigmoid', prediction);
    return b.divide(yes, b.maximum(b.sum(yes, [-1], true), 1e-30));
  },
});

/** log (1 + eˣ), exact at any size. */
function softplus(b: Builder, x: Value): Value {
  const size = b.unary('abs', x);
  // ½ (x + |x|) is max(x, 0) with the slope ½ at 0 that the whole has there.
  const positive = b.multiply(b.add(x, size), 0.5);
  return b.add(positive, b.unary('log1p', b.unary('exp', b.unary('negate', size))));
}
