/** Puts `value` before and after the elements along one axis. */
import { checkAxis, defect, defineOp } from './defineOp.ts';

export const pad = defineOp('pad', {
  inferType({ axis, before, after }, inputs) {
    const [x] = inputs;
    checkAxis('pad', axis, inputs);
    if (before < 0 || after < 0) defect('pad', `${before} before and ${after} after; slice instead`, inputs);
    return { shape: x.shape.map((size, i) => (i === axis ? before + size + after : size)), dtype: x.dtype };
  },
  gradient: ({ b, attrs: { axis, before }, inputs: [x], gradient }) => [() => b.slice(gradient, axis, before, x.shape[axis]!)],
});
