/** The learning rate falls by a factor every few epochs; as torch.optim.lr_scheduler.StepLR. */
import { defineSchedule, warmUpSpecs } from './defineSchedule.ts';

export const step = defineSchedule({
  kind: 'step',
  title: 'Step',
  doc: 'Multiplies the learning rate with a factor every few epochs.',
  source: 'He, Zhang, Ren, Sun 2016, Deep residual learning for image recognition; as StepLR of PyTorch',
  params: {
    every: {
      kind: 'number',
      label: 'Every',
      doc: 'Epochs from one fall to the next.',
      default: 5,
      min: 0,
      openMin: true,
      max: 1_000_000,
      unit: 'epochs',
      step: 1,
    },
    gamma: {
      kind: 'number',
      label: 'Factor',
      doc: 'What the learning rate is multiplied with.',
      default: 0.1,
      min: 0,
      openMin: true,
      max: 1,
      step: 0.1,
    },
    ...warmUpSpecs,
  },
  factor: ({ every, gamma }, { step: at, stepsPerEpoch }) => gamma ** Math.floor(at / Math.max(1, Math.round(every * stepsPerEpoch))),
});
