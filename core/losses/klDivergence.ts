/** Kullback-Leibler divergence of the predicted from the wanted distribution; formula as torch.nn.KLDivLoss by 'batchmean'. */
import { logSumExp } from '../layers/activationMath.ts';
import { asDistribution, defineLoss } from './defineLoss.ts';

export const klDivergence = defineLoss({
  type: 'klDivergence',
  title: 'KL divergence',
  answers: ['classes'],
  doc: 'How many nats are lost by believing the prediction where the target holds: 0 only when both distributions are the same. With smoothed targets it is cross-entropy less what no network can save.',
  source: 'Kullback, Leibler 1951, On information and sufficiency; as torch.nn.KLDivLoss',
  params: {
    smoothing: {
      kind: 'number',
      label: 'Smoothing',
      doc: 'Share of the target that is spread over all classes.',
      default: 0.1,
      min: 0,
      max: 1,
      step: 0.05,
    },
  },
  perSample({ b, params: { smoothing }, prediction, target }) {
    const classes = prediction.shape.at(-1) ?? 1;
    const given = asDistribution(b, prediction, target);
    const wanted = target.dtype === 'f32' ? given : b.add(b.multiply(given, 1 - smoothing), smoothing / classes);
    const logPrediction = b.subtract(prediction, logSumExp(b, prediction));
    // 0 · log 0 is 0.
    const logWanted = b.unary('log', b.maximum(wanted, 1e-37));
    const lost = b.sum(b.multiply(wanted, b.subtract(logWanted, logPrediction)), [-1]); // (B), or (B, T)
    return { loss: lost.shape.length === 1 ? lost : b.mean(lost, [1]) };
  },
});
