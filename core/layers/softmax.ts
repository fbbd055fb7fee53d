/** Softmax along the last axis: eˣ ÷ Σ eˣ. */
import { softmax as apply } from './activationMath.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireFeatures } from './helpers.ts';

export const softmax = defineLayer({
  type: 'softmax',
  version: 1,
  title: 'Softmax',
  family: 'activation',
  keywords: ['activation', 'probability', 'classification'],
  doc: {
    summary:
      'Turns a row of numbers into probabilities that sum to 1. Directly before Output it is fused into the cross-entropy loss and applied once, which is more exact than computing it first.',
    source: 'Bridle 1990, Probabilistic interpretation of feedforward classification network outputs',
  },
  params: {},
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireFeatures(context) ?? onlyShape(context.inputs),
  weights: () => [],
  lower: ({ b, values }) => apply(b, onlyValue(values)),
  describe: () => 'probabilities',
});
