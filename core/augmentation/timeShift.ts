/** Reads a sequence some steps late: it ends earlier, its first step is repeated. */
import { defineAugmentation } from './defineAugmentation.ts';

export const timeShift = defineAugmentation({
  name: 'timeShift',
  param: {
    kind: 'integer',
    label: 'Time shift',
    doc: 'The sequence is read up to so many steps late, as if the newest rows were not known yet. 0 is off.',
    default: 0,
    min: 0,
    max: 65_536,
    unit: 'steps',
  },
  source: 'Um and others 2017, Data augmentation of wearable sensor data',
  inputs: ['sequence'],
  tasks: ['forecasting'],
  refuses([steps = 1], strength) {
    return strength < steps ? undefined : `expected fewer than the ${steps} steps of the sequence, got ${strength}`;
  },
  augment({ b, x, strength }) {
    const [batch = 1, steps = 1, features = 1] = x.shape;
    const late = b.cast(b.unary('floor', b.multiply(b.random('uniform', [batch, 1]), strength + 1)), 'i32');
    const step = b.maximum(b.subtract(b.iota([batch, steps], 1), late), 0);
    const at = b.add(b.multiply(b.iota([batch, steps], 0), steps), step);
    return b.gather(b.reshape(x, [batch * steps, features]), at);
  },
});
