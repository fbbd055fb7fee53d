/**
 * Mixes every sample with another of its batch, and their losses alike: λ of the one, 1 − λ of the other, λ from Beta(α, α), one
 * per step. The other is the sample as far from the batch's end as this one from its start.
 */
import type { Builder, Value } from '../program/builder.ts';
import { defineAugmentation, rowTasks } from './defineAugmentation.ts';

export const mixUp = defineAugmentation({
  name: 'mixUp',
  param: {
    kind: 'number',
    label: 'Mix-up',
    doc: 'α of Beta(α, α), from which the share of one sample in a mixture of two is drawn: near 0 hardly mixed, 1 all mixtures alike. 0 is off, 0.2 usual.',
    default: 0,
    min: 0,
    max: 1,
  },
  source: 'Zhang and others 2018, mixup: beyond empirical risk minimization',
  inputs: ['image', 'features'],
  tasks: rowTasks,
});

/** Below them u^(1/α) leaves single precision. */
const smallestAlpha = 0.1;
const smallestUniform = 2e-4;
/** At α = 1 half of them are refused, at smaller α fewer: that all are has a probability of 2^-20. */
const tries = 20;

/** (1), by Jöhnk's method: x ÷ (x + y) for x = u^(1/α), y = v^(1/α), the first pair with x + y ≤ 1. */
export function mixingShare(b: Builder, alpha: number): Value {
  const exponent = 1 / Math.max(alpha, smallestAlpha);
  const draw = (): Value => b.binary('power', b.maximum(b.random('uniform', [tries]), smallestUniform), exponent);
  const [x, y] = [draw(), draw()];
  const sum = b.add(x, y);
  const first = b.argmax(b.binary('lessEqual', sum, 1), 0);
  return b.gather(b.divide(x, sum), b.reshape(first, [1]));
}

/** λ · value + (1 − λ) · the value of the other sample. */
export function mixed(b: Builder, value: Value, share: Value): Value {
  const other = b.flip(value, 0);
  return b.add(
    other,
    b.multiply(
      b.subtract(value, other),
      b.reshape(
        share,
        value.shape.map(() => 1),
      ),
    ),
  );
}
