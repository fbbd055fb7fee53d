/** Reverses the order along one axis. */
import { checkAxis, defineOp } from './defineOp.ts';

export const flip = defineOp('flip', {
  inferType({ axis }, inputs) {
    checkAxis('flip', axis, inputs);
    return inputs[0];
  },
  gradient: ({ b, attrs: { axis }, gradient }) => [() => b.flip(gradient, axis)],
});
