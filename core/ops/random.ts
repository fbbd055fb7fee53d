/**
 * Leaf: random numbers from Philox4x32-10 keyed by (session seed, step, stream), so that an element's value
 * depends on nothing else: not on the order of ops, the engine or the number of threads.
 */
import { normalAngle, normalRadius, philox4x32, uniformOf } from '../random/philox.ts';
import { defineOp } from './defineOp.ts';

export const random = defineOp('random', {
  inferType: (attrs) => ({ shape: attrs.shape, dtype: 'f32' }),
  gradient: null,
  reference({ attrs, output: { data }, state }) {
    const counter = new Uint32Array(4);
    const words = new Uint32Array(4);
    const draw = (block: number) => {
      counter[0] = block;
      counter[1] = attrs.stream;
      counter[2] = state.step[0]!;
      counter[3] = state.step[1]!;
      philox4x32(counter, state.key, words);
    };
    if (attrs.distribution === 'uniform') {
      return () => {
        for (let i = 0; i < data.length; i++) {
          if (i % 4 === 0) draw(i / 4);
          data[i] = uniformOf(words[i % 4]!);
        }
      };
    }
    return () => {
      // Words come in pairs of radius and angle, which give a pair of normals.
      for (let i = 0; i < data.length; i += 2) {
        if (i % 4 === 0) draw(i / 4);
        const radius = normalRadius(words[i % 4]!);
        const angle = normalAngle(words[(i % 4) + 1]!);
        data[i] = radius * Math.cos(angle);
        if (i + 1 < data.length) data[i + 1] = radius * Math.sin(angle);
      }
    };
  },
});
