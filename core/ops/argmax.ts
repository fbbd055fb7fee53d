/** The first index of the maximum along one axis, i32; the axis is removed. A NaN counts as the maximum. */
import { checkAxis, defect, defineOp } from './defineOp.ts';

export const argmax = defineOp('argmax', {
  inferType({ axis }, inputs) {
    const [x] = inputs;
    checkAxis('argmax', axis, inputs);
    if (x.shape[axis] === 0) defect('argmax', 'nothing has no maximum', inputs);
    return { shape: x.shape.filter((_, i) => i !== axis), dtype: 'i32' };
  },
  gradient: null,
});
