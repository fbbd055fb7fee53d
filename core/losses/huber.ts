/** Huber loss with δ = 1: squared for small errors, absolute for large ones. */
import type { LossDefinition } from './defineLoss.ts';

export const huber: LossDefinition = {
  title: 'Huber',
  tasks: ['regression'],
  doc: 'Squared for errors up to 1 on the training scale, absolute beyond: precise near the goal, calm about outliers.',
  source: 'Huber 1964, Robust estimation of a location parameter; as torch.nn.HuberLoss with delta 1',
  perSample(b, prediction, target) {
    const error = b.subtract(prediction, target);
    const size = b.unary('abs', error);
    const squared = b.multiply(b.unary('square', error), 0.5);
    return b.mean(b.select(b.binary('lessEqual', size, 1), squared, b.subtract(size, 0.5)), [1]);
  },
};
