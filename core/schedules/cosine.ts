/** The learning rate falls along half a cosine wave; as torch.optim.lr_scheduler.CosineAnnealingLR. */
import { cosineBetween, defineSchedule, minimumSpec, warmUpSpecs } from './defineSchedule.ts';

export const cosine = defineSchedule({
  kind: 'cosine',
  title: 'Cosine',
  doc: 'Lets the learning rate fall along half a cosine wave to its minimum at the end: slowly, then fast, then slowly.',
  source: 'Loshchilov, Hutter 2017, SGDR: stochastic gradient descent with warm restarts; as CosineAnnealingLR of PyTorch',
  params: { minimum: minimumSpec, ...warmUpSpecs },
  factor: ({ minimum }, { step, totalSteps }) => cosineBetween(Math.min(1, step / totalSteps), minimum),
});
