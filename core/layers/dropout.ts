/** Dropout (inverted): in training each value is set to 0 with probability p, the rest grow by 1/(1 − p). */
import { defineLayer } from './defineLayer.ts';
import { dropValues } from './dropping.ts';
import { onlyShape, onlyValue } from './helpers.ts';

export const dropout = defineLayer({
  type: 'dropout',
  version: 1,
  title: 'Dropout',
  family: 'regularisation',
  keywords: ['regularisation', 'overfitting', 'noise'],
  doc: {
    summary:
      'While training, each value is dropped (set to 0) with the given probability and the others are scaled up to keep the mean, so that no unit can rely on one other unit alone. When evaluating, it does nothing.',
    source:
      'Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, Dropout: a simple way to prevent neural networks from overfitting',
  },
  params: {
    probability: {
      kind: 'number',
      label: 'Probability',
      doc: 'Share of the values that is dropped in each training step.',
      default: 0.5,
      min: 0,
      max: 0.99,
      step: 0.05,
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: ({ inputs }) => onlyShape(inputs),
  weights: () => [],
  lower: ({ b, params, values, mode }) => dropValues(b, onlyValue(values), params.probability, mode),
  describe: ({ params }) => `drops ${+(params.probability * 100).toFixed(1)} %`,
});
