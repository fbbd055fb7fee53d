/** The learning rate falls to 0 at the end, along a power; as torch.optim.lr_scheduler.PolynomialLR. */
import { defineSchedule, warmUpSpecs } from './defineSchedule.ts';

export const polynomial = defineSchedule({
  kind: 'polynomial',
  title: 'Polynomial',
  doc: 'Lets the learning rate fall to 0 at the end of the training: evenly with power 1, faster at first with a larger one.',
  source: 'Chen, Papandreou, Kokkinos, Murphy, Yuille 2017, DeepLab; as PolynomialLR of PyTorch',
  params: {
    power: { kind: 'number', label: 'Power', doc: '1 falls evenly.', default: 1, min: 0, openMin: true, max: 100, step: 0.5 },
    ...warmUpSpecs,
  },
  factor: ({ power }, { step, totalSteps }) => Math.max(0, 1 - step / totalSteps) ** power,
});
