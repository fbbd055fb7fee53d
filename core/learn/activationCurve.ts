/** An activation and its derivative, both computed through the ops' own rules, in double precision. */
import { record } from '../explain/record.ts';
import { applyActivation, type ActivationName } from '../layers/activationMath.ts';
import { createBuilder, type Builder } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { ValueId } from '../program/program.ts';

/** Those that act on every number by itself. */
export const curveNames = [
  'relu',
  'leakyRelu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'mish',
  'sigmoid',
  'tanh',
  'softplus',
  'hardSigmoid',
  'hardSwish',
  'linear',
] as const satisfies readonly ActivationName[];

export type CurveActivation = (typeof curveNames)[number];

export const isCurve = (name: unknown): name is CurveActivation => (curveNames as readonly unknown[]).includes(name);

export interface ActivationCurve {
  readonly values: Float64Array;
  readonly slopes: Float64Array;
}

export function activationCurve(name: CurveActivation, x: Float64Array): ActivationCurve {
  const b = createBuilder({ name: 'activation', batchSize: 0 });
  const input = b.slot('x', { shape: [x.length], dtype: 'f32' });
  const y = applyActivation(b, input, name);
  const [slope] = gradients(b, b.sum(y, [0]), [input]);
  const dataOf = compute(b, x);
  return { values: dataOf(y.id), slopes: dataOf(slope!.id) };
}

/** What one sample's row of numbers becomes; those that act on the whole row, such as softmax, among them. */
export function activate(name: ActivationName, x: Float64Array): Float64Array {
  if (name === 'linear') return x;
  const b = createBuilder({ name: 'activation', batchSize: 0 });
  const y = applyActivation(b, b.slot('x', { shape: [x.length], dtype: 'f32' }), name);
  return compute(b, x)(y.id);
}

function compute(b: Builder, x: Float64Array): (id: ValueId) => Float64Array {
  const request = { slotData: () => x, rows: new Int32Array(0), scalars: new Float32Array(0), seed: 0, step: 0, precision: 'f64' } as const;
  const recording = record(b.build(), request);
  return (id) => Float64Array.from(recording.dataOf(id));
}

export interface Histogram {
  readonly from: number;
  readonly to: number;
  readonly counts: readonly number[];
}

export function histogramOf(values: ArrayLike<number>, from: number, to: number, bins: number): Histogram {
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const at = Math.floor(((values[i]! - from) / (to - from)) * bins);
    // What lies beyond is counted at the ends.
    counts[Math.min(bins - 1, Math.max(0, at))]!++;
  }
  return { from, to, counts };
}

/** Share of numbers at which the activation is as good as flat: nothing is learned through them. */
export function flatShare(name: CurveActivation, values: Float64Array, below = 0.01): number {
  if (values.length === 0) return 0;
  const { slopes } = activationCurve(name, values);
  return slopes.reduce((count, slope) => count + (Math.abs(slope) < below ? 1 : 0), 0) / values.length;
}

export function normOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! ** 2;
  return Math.sqrt(sum);
}
