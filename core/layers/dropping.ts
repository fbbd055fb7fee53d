/** Dropout within layers: the same draw for Dropout itself, between recurrent layers and in transformer blocks. */
import type { Builder, Value } from '../program/builder.ts';
import type { ParamSpec } from './defineLayer.ts';

/** In training each value is 0 with this probability and the rest grow by 1/(1 − p); when evaluating, x as it is. */
export function dropValues(b: Builder, x: Value, probability: number, mode: 'train' | 'evaluate'): Value {
  if (mode === 'evaluate' || probability === 0) return x;
  const kept = b.binary('lessEqual', probability, b.random('uniform', x.shape));
  return b.multiply(x, b.multiply(kept, 1 / (1 - probability)));
}

/** For layers that contain a dropout; the caller says where in `doc`. */
export const dropoutParam = {
  kind: 'number',
  label: 'Dropout',
  doc: 'Share of the values that is dropped in each training step.',
  default: 0,
  min: 0,
  max: 0.99,
  step: 0.05,
} as const satisfies ParamSpec;
