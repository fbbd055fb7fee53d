/** Rotary positions (Su and others 2021, RoFormer): the score of two steps depends on their distance. */
import type { Builder, Value } from '../program/builder.ts';

/**
 * Features i and i + d/2 of (..., T, d) turn by t · base^(−2i/d). Pairs lie half a
 * head apart, as in Llama; the paper's neighbouring pairs are the same up to the order of the features.
 */
export function rotate(b: Builder, x: Value, base: number): Value {
  const [steps = 1, size = 1] = x.shape.slice(-2);
  const half = size / 2;
  const frequency = b.unary('exp', b.multiply(b.cast(b.iota([steps, half], 1), 'f32'), (-2 / size) * Math.log(base)));
  const angle = b.multiply(b.cast(b.iota([steps, half], 0), 'f32'), frequency); // (T, d/2)
  const [cosine, sine] = [b.unary('cos', angle), b.unary('sin', angle)];
  const [first, second] = [b.slice(x, -1, 0, half), b.slice(x, -1, half, half)];
  return b.concat(
    [b.subtract(b.multiply(first, cosine), b.multiply(second, sine)), b.add(b.multiply(second, cosine), b.multiply(first, sine))],
    -1,
  );
}
