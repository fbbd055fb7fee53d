/**
 * Leaf: random numbers from Philox4x32-10 keyed by (session seed, step, stream), so that an element's value
 * depends on nothing else: not on the order of ops, the engine or the number of threads.
 */
import { defineOp } from './defineOp.ts';

export const random = defineOp('random', {
  inferType: (attrs) => ({ shape: attrs.shape, dtype: 'f32' }),
  gradient: null,
});
