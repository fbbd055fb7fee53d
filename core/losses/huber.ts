/** Huber loss: squared for errors up to δ, absolute beyond. */
import type { Builder, Value } from '../program/builder.ts';
import { defineLoss, meanPerSample } from './defineLoss.ts';

export const huber = defineLoss({
  type: 'huber',
  title: 'Huber',
  answers: ['numbers', 'values'],
  doc: 'Squared for errors up to δ on the training scale, absolute beyond: precise near the goal, calm about outliers.',
  source: 'Huber 1964, Robust estimation of a location parameter; as torch.nn.HuberLoss',
  params: {
    delta: {
      kind: 'number',
      label: 'δ',
      doc: 'Where squared becomes absolute, on the training scale.',
      default: 1,
      min: 0,
      openMin: true,
      max: 1000,
      step: 0.1,
    },
  },
  perSample: ({ b, params: { delta }, prediction, target }) => ({ loss: huberPerSample(b, prediction, target, delta) }),
});

/** ½ e² up to |e| = δ, then δ (|e| − ½ δ); the mean over a sample's numbers, (B). */
export function huberPerSample(b: Builder, prediction: Value, target: Value, delta: number): Value {
  const error = b.subtract(prediction, target);
  const size = b.unary('abs', error);
  const squared = b.multiply(b.unary('square', error), 0.5);
  return meanPerSample(b, b.select(b.binary('lessEqual', size, delta), squared, b.multiply(b.subtract(size, 0.5 * delta), delta)));
}
