/** Smooth L1: Huber ÷ β, so that large errors count the same for every β. */
import { defineLoss } from './defineLoss.ts';
import { huberPerSample } from './huber.ts';

export const smoothL1 = defineLoss({
  type: 'smoothL1',
  title: 'Smooth L1',
  answers: ['numbers', 'values'],
  doc: 'The absolute error with its corner rounded off up to β: like Huber, but a large error always counts by its size.',
  source: 'Girshick 2015, Fast R-CNN, equation 3; as torch.nn.SmoothL1Loss',
  params: {
    beta: {
      kind: 'number',
      label: 'β',
      doc: 'Up to where the corner is rounded, on the training scale.',
      default: 1,
      min: 0,
      openMin: true,
      max: 1000,
      step: 0.1,
    },
  },
  perSample: ({ b, params: { beta }, prediction, target }) => ({
    loss: b.divide(huberPerSample(b, prediction, target, beta), beta),
  }),
});
