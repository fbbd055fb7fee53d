/** Cross-entropy from logits: log Σ eᶻ − z of the true class, never a softmax that could underflow. */
import { logSumExp } from '../layers/activationMath.ts';
import type { Builder, Value } from '../program/builder.ts';
import { classWeightsSpec, namesWeights, parseClassWeights, weightVector } from './classWeights.ts';
import { defineLoss, isTarget, meanPerSample } from './defineLoss.ts';

/** As in PyTorch: no class has this number. */
const noIndex = -100;

export const crossEntropy = defineLoss({
  type: 'crossEntropy',
  title: 'Cross-entropy',
  answers: ['classes'],
  doc: 'How surprised the network is by the true class: minus the logarithm of the probability it gave it. Guessing among k classes costs ln k.',
  source:
    'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.2.2.3; Szegedy and others 2016 (label smoothing); as torch.nn.CrossEntropyLoss',
  params: {
    classWeights: { ...classWeightsSpec, advanced: true },
    labelSmoothing: {
      kind: 'number',
      label: 'Label smoothing',
      doc: 'Share of the target that is spread over all classes, so that the network need not become ever more certain.',
      default: 0,
      min: 0,
      max: 1,
      step: 0.05,
      advanced: true,
    },
    ignoreIndex: {
      kind: 'integer',
      label: 'Ignored class',
      doc: 'Rows (or time steps) of this class number do not count, as for padding; −100 ignores none.',
      default: noIndex,
      min: noIndex,
      max: 10_000_000,
      step: 1,
      advanced: true,
    },
  },
  weighs: ({ classWeights, ignoreIndex }) => namesWeights(classWeights) || ignoreIndex !== noIndex,
  perSample({ b, params: { classWeights, labelSmoothing, ignoreIndex }, prediction: logits, target, classCounts }) {
    const whole = b.reshape(logSumExp(b, logits), target.shape); // (B), or (B, T)
    const surprise = b.subtract(whole, chosenLogit(b, logits, target));
    const weights = parseClassWeights(classWeights, logits.shape.at(-1) ?? 1, classCounts);
    // Ignored rows take no part in the mean: they weigh 0.
    const counted = ignoreIndex === noIndex ? undefined : b.subtract(1, b.binary('equal', target, ignoreIndex));
    if (weights === undefined && counted === undefined && labelSmoothing === 0) return { loss: meanOverSteps(b, surprise) };

    const vector = weights === undefined ? undefined : weightVector(b, weights);
    const ofTarget =
      vector === undefined
        ? b.constant(1, target.shape)
        : b.sum(b.select(isTarget(b, logits, target), b.broadcastTo(vector, logits.shape), 0), [-1]);
    const weight = counted === undefined ? ofTarget : b.multiply(ofTarget, counted);
    const sharp = b.multiply(surprise, ofTarget);
    const loss = labelSmoothing === 0 ? sharp : smoothed(b, logits, whole, sharp, vector, labelSmoothing);
    return {
      loss: meanOverSteps(b, counted === undefined ? loss : b.multiply(loss, counted)),
      ...(vector === undefined && counted === undefined ? {} : { weight: meanOverSteps(b, weight) }),
    };
  },
});

/** (1 − s) · the loss at the true class + s ÷ classes · Σ of every class's weighted loss. */
function smoothed(b: Builder, logits: Value, whole: Value, sharp: Value, vector: Value | undefined, smoothing: number): Value {
  const classes = logits.shape.at(-1) ?? 1;
  const every = b.subtract(b.reshape(whole, [...whole.shape, 1]), logits); // −log p of every class
  const spread = b.sum(vector === undefined ? every : b.multiply(every, vector), [-1]);
  return b.add(b.multiply(sharp, 1 - smoothing), b.multiply(spread, smoothing / classes));
}

function meanOverSteps(b: Builder, x: Value): Value {
  return x.shape.length === 1 ? x : meanPerSample(b, x);
}

/** −log p[target], (B) or (B, T). */
export function surpriseOf(b: Builder, logits: Value, target: Value): Value {
  return b.subtract(b.reshape(logSumExp(b, logits), target.shape), chosenLogit(b, logits, target));
}

/** z[target], of the target's shape: a masked sum, whose gradient needs no scatter. */
export function chosenLogit(b: Builder, logits: Value, target: Value): Value {
  return b.sum(b.select(isTarget(b, logits, target), logits, 0), [-1]);
}
