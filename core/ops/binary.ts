/**
 * Elementwise functions of two tensors of equal shape and dtype. Where maximum or minimum tie, each side gets half
 * the gradient, as in PyTorch; against a constant the other side gets none, so that maximum(x, 0) is PyTorch's relu.
 */
import type { Builder, Value } from '../program/builder.ts';
import type { BinaryFn } from '../program/program.ts';
import { binaryLoops } from './binaryLoops.ts';
import { defect, defineOp, elementStep, type InputGradient } from './defineOp.ts';
import { sameShape } from './shapes.ts';

type BinaryGradient = (b: Builder, left: Value, right: Value, output: Value, g: Value) => readonly [InputGradient, InputGradient];

export function isComparison(fn: BinaryFn): boolean {
  return fn === 'equal' || fn === 'less' || fn === 'lessEqual';
}

/** The gradient where `winner` beats `loser`, half of it where they tie. */
function whereWinning(b: Builder, winner: Value, loser: Value, wins: Value, g: Value): Value {
  const strict = b.select(wins, g, 0);
  if (b.opOf(loser).op === 'constant') return strict;
  return b.add(strict, b.select(b.binary('equal', winner, loser), b.multiply(g, 0.5), 0));
}

const none: BinaryGradient = () => [null, null];

const gradients: { [F in BinaryFn]: BinaryGradient } = {
  add: (_b, _x, _y, _out, g) => [() => g, () => g],
  subtract: (b, _x, _y, _out, g) => [() => g, () => b.unary('negate', g)],
  multiply: (b, x, y, _out, g) => [() => b.multiply(g, y), () => b.multiply(g, x)],
  divide: (b, _x, y, out, g) => [() => b.divide(g, y), () => b.unary('negate', b.multiply(g, b.divide(out, y)))],
  maximum: (b, x, y, _out, g) => [
    () => whereWinning(b, x, y, b.binary('less', y, x), g),
    () => whereWinning(b, y, x, b.binary('less', x, y), g),
  ],
  minimum: (b, x, y, _out, g) => [
    () => whereWinning(b, x, y, b.binary('less', x, y), g),
    () => whereWinning(b, y, x, b.binary('less', y, x), g),
  ],
  // x^0 has slope 0 by x, and 0^y slope 0 by y, where the formulas would give 0 · ∞.
  power: (b, x, y, out, g) => [
    () => b.select(b.binary('equal', y, 0), 0, b.multiply(g, b.multiply(y, b.binary('power', x, b.subtract(y, 1))))),
    () => b.multiply(g, b.select(b.binary('equal', x, 0), 0, b.multiply(out, b.unary('log', x)))),
  ],
  equal: none,
  less: none,
  lessEqual: none,
};

export const binary = defineOp('binary', {
  inferType({ fn }, inputs) {
    const [x, y] = inputs;
    if (!sameShape(x.shape, y.shape)) defect('binary', `${fn} needs equal shapes`, inputs);
    if (x.dtype !== y.dtype) defect('binary', `${fn} needs equal dtypes`, inputs);
    if (isComparison(fn)) return { shape: x.shape, dtype: 'f32' };
    if (x.dtype === 'u8') defect('binary', `${fn} needs f32 or i32, cast first`, inputs);
    return x;
  },
  gradient: ({ b, attrs, inputs: [x, y], output, gradient }) => gradients[attrs.fn](b, x, y, output, gradient),
  reference({ attrs, inputs: [x, y], output }) {
    const loop = binaryLoops[attrs.fn];
    const [xStep, yStep] = [elementStep(x), elementStep(y)];
    return () => loop(x.data, y.data, output.data, xStep, yStep);
  },
});
