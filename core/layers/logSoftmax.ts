/** LogSoftmax along the last axis: x − log Σ eˣ. */
import { logSoftmax as apply } from './activationMath.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireFeatures } from './helpers.ts';

export const logSoftmax = defineLayer({
  type: 'logSoftmax',
  version: 1,
  title: 'LogSoftmax',
  family: 'activation',
  keywords: ['activation', 'probability', 'classification'],
  doc: {
    summary:
      'The logarithm of softmax, computed without overflow. Directly before Output it is fused into the cross-entropy loss and applied once.',
    source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.2.2.3',
  },
  params: {},
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireFeatures(context) ?? onlyShape(context.inputs),
  weights: () => [],
  lower: ({ b, values }) => apply(b, onlyValue(values)),
  describe: () => 'log probabilities',
});
