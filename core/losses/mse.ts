/** Mean squared error. */
import type { LossDefinition } from './defineLoss.ts';

export const mse: LossDefinition = {
  title: 'Mean squared error',
  tasks: ['regression'],
  doc: 'The mean of the squared errors: large errors count much more than small ones, so single outliers pull hard.',
  source: 'Legendre 1805; as torch.nn.MSELoss',
  perSample: (b, prediction, target) => b.mean(b.unary('square', b.subtract(prediction, target)), [1]),
};
