/** The learning rate falls by the same share in every epoch, a little at every step; as torch.optim.lr_scheduler.ExponentialLR. */
import { defineSchedule, warmUpSpecs } from './defineSchedule.ts';

export const exponential = defineSchedule({
  kind: 'exponential',
  title: 'Exponential',
  doc: 'Multiplies the learning rate with a factor in every epoch, a little at every step.',
  source: 'Li, Arora 2020, An exponential learning rate schedule for deep learning; as ExponentialLR of PyTorch',
  params: {
    gamma: {
      kind: 'number',
      label: 'Factor',
      doc: 'What is left of the learning rate after one epoch.',
      default: 0.9,
      min: 0,
      openMin: true,
      max: 1,
      step: 0.05,
    },
    ...warmUpSpecs,
  },
  factor: ({ gamma }, { step, stepsPerEpoch }) => gamma ** (step / stepsPerEpoch),
});
