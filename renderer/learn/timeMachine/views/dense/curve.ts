/** An activation's curve, computed by the same op rules as the layer's own numbers. */
import { record } from '../../../../../core/explain/record.ts';
import { activations, isActivationName } from '../../../../../core/layers/activationMath.ts';
import { createBuilder } from '../../../../../core/program/builder.ts';

export interface Curve {
  readonly x: Float32Array;
  readonly y: ArrayLike<number>;
}

/** f over evenly spaced numbers from `from` to `to`; undefined for what does not act on every number by itself. */
export function activationCurve(name: string, from: number, to: number, count = 97): Curve | undefined {
  if (!isActivationName(name) || name === 'softmax' || name === 'logSoftmax') return undefined;
  const x = Float32Array.from({ length: count }, (_, i) => from + ((to - from) * i) / (count - 1));
  const b = createBuilder({ name: 'curve', batchSize: 0 });
  const y = activations[name].apply(b, b.slot('x', { shape: [count], dtype: 'f32' }));
  const request = { slotData: () => x, rows: new Int32Array(), scalars: new Float32Array(), seed: 0, step: 0 };
  return { x, y: record(b.build(), request).dataOf(y.id) };
}
