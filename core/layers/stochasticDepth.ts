/** StochasticDepth (torchvision's): in training whole samples are set to 0, the rest grow by 1/(1 − p); before an Add. */
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';

export const stochasticDepth = defineLayer({
  type: 'stochasticDepth',
  version: 1,
  title: 'StochasticDepth',
  family: 'regularisation',
  keywords: ['drop path', 'residual', 'skip', 'regularisation', 'overfitting', 'efficientnet'],
  doc: {
    summary:
      'While training, drops all that arrives with the given probability. At the end of a residual branch, before the Add, it skips the branch now and then, so that very deep networks train like shallower ones. When evaluating, it does nothing.',
    source: 'Huang, Sun, Liu, Sedra, Weinberger 2016, Deep networks with stochastic depth; as torchvision.ops.StochasticDepth',
  },
  params: {
    probability: {
      kind: 'number',
      label: 'Probability',
      doc: 'How often the branch is dropped in training.',
      default: 0.2,
      min: 0,
      max: 0.99,
      step: 0.05,
    },
    mode: {
      kind: 'choice',
      label: 'Drops',
      doc: 'What is dropped together.',
      default: 'row',
      options: [
        { value: 'row', label: 'Each sample for itself', doc: 'Some samples of the batch skip the branch.' },
        { value: 'batch', label: 'The whole batch', doc: 'All samples of the batch skip the branch, or none.' },
      ],
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: ({ inputs }) => onlyShape(inputs),
  weights: () => [],
  lower({ b, params, values, mode }) {
    const x = onlyValue(values);
    if (mode === 'evaluate' || params.probability === 0) return x;
    const draws = b.random(
      'uniform',
      x.shape.map((size, axis) => (axis === 0 && params.mode === 'row' ? size : 1)),
    );
    return b.multiply(x, b.multiply(b.binary('lessEqual', params.probability, draws), 1 / (1 - params.probability)));
  },
  describe: ({ params }) => `drops ${params.mode === 'row' ? 'samples' : 'batches'} at ${+(params.probability * 100).toFixed(1)} %`,
});
