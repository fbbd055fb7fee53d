/** The learning rate stays. */
import { defineSchedule, warmUpSpecs } from './defineSchedule.ts';

export const constant = defineSchedule({
  kind: 'constant',
  title: 'Constant',
  doc: 'The learning rate stays as it is.',
  source: 'Robbins, Monro 1951, A stochastic approximation method',
  params: { ...warmUpSpecs, warmUp: { ...warmUpSpecs.warmUp, advanced: true } },
  factor: () => 1,
});
