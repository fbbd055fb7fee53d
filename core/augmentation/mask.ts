/** Hides whole steps of a sequence: all their numbers become 0. */
import { defineAugmentation } from './defineAugmentation.ts';

export const mask = defineAugmentation({
  name: 'mask',
  param: {
    kind: 'number',
    label: 'Masked steps',
    doc: 'Probability that a step of the sequence is hidden, all its numbers 0. 0 is off, 0.1 usual.',
    default: 0,
    min: 0,
    max: 0.95,
  },
  source: 'Park and others 2019, SpecAugment',
  inputs: ['sequence'],
  tasks: ['forecasting', 'sequenceLabelling'],
  augment({ b, x, strength }) {
    const [batch = 1, steps = 1] = x.shape;
    return b.select(b.binary('less', b.random('uniform', [batch, steps, 1]), strength), 0, x);
  },
});
