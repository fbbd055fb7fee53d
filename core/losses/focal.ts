/** Focal loss: cross-entropy that lets go of what is already well classified, (1 − p)^γ · −log p. */
import { classWeightsSpec, parseClassWeights, weightVector } from './classWeights.ts';
import { surpriseOf } from './crossEntropy.ts';
import { defineLoss, isTarget, meanPerSample } from './defineLoss.ts';

export const focal = defineLoss({
  type: 'focal',
  title: 'Focal',
  answers: ['classes'],
  doc: 'Cross-entropy that fades for rows the network already gets right, so that the few hard ones are not drowned by many easy ones. For very unequal classes.',
  source: 'Lin, Goyal, Girshick, He, Dollár 2017, Focal loss for dense object detection, equation 5',
  params: {
    gamma: {
      kind: 'number',
      label: 'γ',
      doc: 'How fast easy rows fade; 0 is cross-entropy.',
      default: 2,
      min: 0,
      max: 10,
      step: 0.5,
    },
    classWeights: { ...classWeightsSpec, doc: `α of the paper. ${classWeightsSpec.doc}` },
  },
  perSample({ b, params: { gamma, classWeights }, prediction, target, classCounts }) {
    const surprise = surpriseOf(b, prediction, target); // (B), or (B, T)
    // Rounding must not put p above 1; below 1e-7 the product is nothing and its root has no slope.
    const doubt = b.maximum(b.subtract(1, b.unary('exp', b.unary('negate', surprise))), 1e-7);
    const faded = gamma === 0 ? surprise : b.multiply(b.binary('power', doubt, gamma), surprise);
    const weights = parseClassWeights(classWeights, prediction.shape.at(-1) ?? 1, classCounts);
    const loss =
      weights === undefined
        ? faded
        : b.multiply(
            faded,
            b.sum(b.select(isTarget(b, prediction, target), b.broadcastTo(weightVector(b, weights), prediction.shape), 0), [-1]),
          );
    return { loss: loss.shape.length === 1 ? loss : meanPerSample(b, loss) };
  },
});
