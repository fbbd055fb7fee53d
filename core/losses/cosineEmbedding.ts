/** Cosine embedding loss: 1 − cos for pairs that belong together, max(0, cos − margin) for others; as torch.nn.CosineEmbeddingLoss. */
import { range } from '../ops/shapes.ts';
import type { Builder, Value } from '../program/builder.ts';
import { asDistribution, defineLoss } from './defineLoss.ts';

/** Added to both squared lengths, as PyTorch does. */
const epsilon = 1e-12;

export const cosineEmbedding = defineLoss({
  type: 'cosineEmbedding',
  title: 'Cosine',
  answers: ['classes'],
  doc: 'Looks at the direction of the outputs alone: 1 minus the cosine of the angle to the true class’s axis. Calm with few rows, because making outputs longer gains nothing.',
  source: 'Barz, Denzler 2020, Deep learning on small datasets without pre-training using cosine loss; as torch.nn.CosineEmbeddingLoss',
  params: {},
  perSample({ b, prediction, target }) {
    return { loss: cosineDistance(b, prediction, asDistribution(b, prediction, target)) };
  },
});

/**
 * (B), the mean over time steps where there are any.
 * @param sign (B) of 1 for pairs that belong together and −1 for others; absent where all do
 */
export function cosineDistance(b: Builder, x: Value, y: Value, sign?: Value, margin = 0): Value {
  const square = (a: Value) => b.add(b.sum(b.unary('square', a), [-1]), epsilon);
  const cosine = b.multiply(b.sum(b.multiply(x, y), [-1]), b.unary('rsqrt', b.multiply(square(x), square(y))));
  const apart = b.subtract(1, cosine);
  const distance = sign === undefined ? apart : b.select(b.binary('lessEqual', 0, sign), apart, b.maximum(b.subtract(cosine, margin), 0));
  return distance.shape.length === 1 ? distance : b.mean(distance, range(distance.shape.length).slice(1));
}
