/** Mean absolute error. */
import type { LossDefinition } from './defineLoss.ts';

export const mae: LossDefinition = {
  title: 'Mean absolute error',
  tasks: ['regression'],
  doc: 'The mean size of the errors: outliers count no more than in proportion, so the network aims at the median.',
  source: 'Laplace 1774; as torch.nn.L1Loss',
  perSample: (b, prediction, target) => b.mean(b.unary('abs', b.subtract(prediction, target)), [1]),
};
