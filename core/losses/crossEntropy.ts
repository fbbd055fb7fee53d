/** Cross-entropy from logits: log Σ eᶻ − z of the true class, never a softmax that could underflow. */
import { logSumExp } from '../layers/activationMath.ts';
import { range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { LossDefinition } from './defineLoss.ts';

export const crossEntropy: LossDefinition = {
  title: 'Cross-entropy',
  tasks: ['classification'],
  doc: 'How surprised the network is by the true class: minus the logarithm of the probability it gave it. Guessing among k classes costs ln k.',
  source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.2.2.3; as torch.nn.CrossEntropyLoss',
  perSample(b, logits, target) {
    const whole = b.reshape(logSumExp(b, logits), target.shape);
    const surprise = b.subtract(whole, chosenLogit(b, logits, target)); // (B), or (B, T)
    return surprise.shape.length === 1 ? surprise : b.mean(surprise, range(surprise.shape.length).slice(1));
  },
};

/** z[target], of the target's shape: a masked sum, whose gradient needs no scatter. */
function chosenLogit(b: Builder, logits: Value, target: Value): Value {
  const classes = b.iota(logits.shape, -1); // (B, classes), or (B, T, classes)
  const isTarget = b.binary('equal', classes, b.reshape(target, [...target.shape, 1]));
  return b.sum(b.select(isTarget, logits, 0), [-1]);
}
