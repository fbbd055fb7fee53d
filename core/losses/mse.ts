/** Mean squared error. */
import { defineLoss, meanPerSample } from './defineLoss.ts';

export const mse = defineLoss({
  type: 'mse',
  title: 'Mean squared error',
  answers: ['numbers', 'values', 'verdicts'],
  doc: 'The mean of the squared errors: large errors count much more than small ones, so single outliers pull hard.',
  source: 'Legendre 1805; as torch.nn.MSELoss',
  params: {},
  perSample: ({ b, prediction, target }) => ({ loss: meanPerSample(b, b.unary('square', b.subtract(prediction, target))) }),
});
