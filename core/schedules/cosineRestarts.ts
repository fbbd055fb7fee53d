/** Half cosine waves one after the other, each longer; as torch.optim.lr_scheduler.CosineAnnealingWarmRestarts. */
import { cosineBetween, defineSchedule, minimumSpec, warmUpSpecs } from './defineSchedule.ts';

export const cosineRestarts = defineSchedule({
  kind: 'cosineRestarts',
  title: 'Cosine with restarts',
  doc: 'Falls along half a cosine wave and starts again at the full learning rate, each time over a longer stretch.',
  source: 'Loshchilov, Hutter 2017, SGDR: stochastic gradient descent with warm restarts; as CosineAnnealingWarmRestarts of PyTorch',
  params: {
    first: {
      kind: 'number',
      label: 'First cycle',
      doc: 'Epochs of the first wave.',
      default: 1,
      min: 0,
      openMin: true,
      max: 1_000_000,
      unit: 'epochs',
      step: 1,
    },
    longer: {
      kind: 'integer',
      label: 'Longer by',
      doc: 'How many times longer each wave is than the one before.',
      default: 2,
      min: 1,
      max: 100,
      step: 1,
    },
    minimum: minimumSpec,
    ...warmUpSpecs,
  },
  factor({ first, longer, minimum }, { step, stepsPerEpoch }) {
    let length = Math.max(1, Math.round(first * stepsPerEpoch));
    let at = step;
    if (longer === 1) at %= length;
    while (at >= length) {
      at -= length;
      length *= longer;
    }
    return cosineBetween(at / length, minimum);
  },
});
