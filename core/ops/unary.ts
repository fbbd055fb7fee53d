/** Elementwise functions of one f32 tensor. Derivatives at kinks follow PyTorch: sign(0) = 0, so abs has slope 0 at 0. */
import type { Builder, Value } from '../program/builder.ts';
import type { UnaryFn } from '../program/program.ts';
import { defect, defineOp } from './defineOp.ts';
import { unaryLoops } from './unaryLoops.ts';

/** (builder, input x, output y, gradient by y) → gradient by x; null where it is zero almost everywhere. */
type UnaryGradient = ((b: Builder, x: Value, y: Value, g: Value) => Value) | null;

const gradients: { [F in UnaryFn]: UnaryGradient } = {
  negate: (b, _x, _y, g) => b.unary('negate', g),
  abs: (b, x, _y, g) => b.multiply(g, b.unary('sign', x)),
  sign: null,
  exp: (b, _x, y, g) => b.multiply(g, y),
  log: (b, x, _y, g) => b.divide(g, x),
  log1p: (b, x, _y, g) => b.divide(g, b.add(x, 1)),
  sqrt: (b, _x, y, g) => b.divide(g, b.multiply(y, 2)),
  rsqrt: (b, _x, y, g) => b.multiply(g, b.multiply(b.multiply(b.unary('square', y), y), -0.5)),
  reciprocal: (b, _x, y, g) => b.unary('negate', b.multiply(g, b.unary('square', y))),
  square: (b, x, _y, g) => b.multiply(g, b.multiply(x, 2)),
  tanh: (b, _x, y, g) => b.multiply(g, b.subtract(1, b.unary('square', y))),
  sigmoid: (b, _x, y, g) => b.multiply(g, b.multiply(y, b.subtract(1, y))),
  erf: (b, x, _y, g) => b.multiply(g, b.multiply(b.unary('exp', b.unary('negate', b.unary('square', x))), 2 / Math.sqrt(Math.PI))),
  sin: (b, x, _y, g) => b.multiply(g, b.unary('cos', x)),
  cos: (b, x, _y, g) => b.unary('negate', b.multiply(g, b.unary('sin', x))),
  floor: null,
  isFinite: null,
};

export const unary = defineOp('unary', {
  inferType(_attrs, [x]) {
    if (x.dtype !== 'f32') defect('unary', 'needs f32', [x]);
    return x;
  },
  gradient({ b, attrs, inputs: [x], output, gradient }) {
    const rule = gradients[attrs.fn];
    return [rule === null ? null : () => rule(b, x, output, gradient)];
  },
  reference({ attrs, inputs: [x], output: { data } }) {
    const loop = unaryLoops[attrs.fn];
    if (data.length === x.data.length) return () => loop(x.data, data);
    // One element stands for all of x: its image is repeated.
    const first = data.subarray(0, 1);
    return () => {
      loop(x.data, first);
      for (let i = 1; i < data.length; i++) data[i] = data[0]!;
    };
  },
});
