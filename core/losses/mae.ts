/** Mean absolute error. */
import { defineLoss, meanPerSample } from './defineLoss.ts';

export const mae = defineLoss({
  type: 'mae',
  title: 'Mean absolute error',
  answers: ['numbers', 'values'],
  doc: 'The mean size of the errors: outliers count no more than in proportion, so the network aims at the median.',
  source: 'Laplace 1774; as torch.nn.L1Loss',
  params: {},
  perSample: ({ b, prediction, target }) => ({ loss: meanPerSample(b, b.unary('abs', b.subtract(prediction, target))) }),
});
