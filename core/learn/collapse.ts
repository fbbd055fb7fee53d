/**
 * Linear layers collapse: without activations between them, W₃(W₂(W₁x + b₁) + b₂) + b₃ is one layer W x + b with
 * W = W₃W₂W₁ (Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.1). Sums in double precision.
 */
import type { ActivationName } from '../layers/activationMath.ts';
import { activate } from './activationCurve.ts';

export interface LinearLayer {
  readonly name: string;
  /** (units, inputs), row-major. */
  readonly weight: ArrayLike<number>;
  /** (units) */
  readonly bias: ArrayLike<number>;
  readonly units: number;
  readonly inputs: number;
}

export function applyLinear({ weight, bias, units, inputs }: LinearLayer, x: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: units }, (_, o) => {
    let sum = bias[o]!;
    for (let i = 0; i < inputs; i++) sum += weight[o * inputs + i]! * x[i]!;
    return sum;
  });
}

/** Both as one: first the inner, then the outer. */
function after(outer: LinearLayer, inner: LinearLayer): LinearLayer {
  const { units, inputs: middle } = outer;
  const { inputs } = inner;
  const weight = new Float64Array(units * inputs);
  for (let o = 0; o < units; o++) {
    for (let k = 0; k < middle; k++) {
      const factor = outer.weight[o * middle + k]!;
      for (let i = 0; i < inputs; i++) weight[o * inputs + i]! += factor * inner.weight[k * inputs + i]!;
    }
  }
  return { name: '', weight, bias: applyLinear(outer, inner.bias), units, inputs };
}

/**
 * From the output's side: networks narrow towards it, so the products in between stay small.
 * @throws Error when one layer does not take what the one before gives
 */
export function collapse(layers: readonly LinearLayer[]): LinearLayer {
  const last = layers.at(-1);
  if (last === undefined) throw new Error('collapse: there is no layer');
  return layers.slice(0, -1).reduceRight((whole, layer) => {
    if (layer.units !== whole.inputs) throw new Error(`collapse: ${layer.name} gives ${layer.units} numbers, ${whole.inputs} are taken`);
    return after(whole, layer);
  }, last);
}

export interface DenseLayer extends LinearLayer {
  readonly activation: ActivationName;
}

/** Layers that became one. */
export interface MergedLayer extends DenseLayer {
  readonly of: readonly DenseLayer[];
}

/** Without the activations of the layers named; the last one's, which stands between none, stays. */
export function withoutActivations(layers: readonly DenseLayer[], removed: ReadonlySet<string>): DenseLayer[] {
  return layers.map((layer, i) => (i < layers.length - 1 && removed.has(layer.name) ? { ...layer, activation: 'linear' } : layer));
}

/** Every stretch of layers without an activation in between, multiplied into one. */
export function mergeLinear(layers: readonly DenseLayer[]): MergedLayer[] {
  const runs: DenseLayer[][] = [];
  for (const layer of layers) {
    const run = runs.at(-1);
    if (run !== undefined && run.at(-1)!.activation === 'linear') run.push(layer);
    else runs.push([layer]);
  }
  return runs.map((run) => ({
    ...collapse(run),
    name: run.map(({ name }) => name).join(' '),
    activation: run.at(-1)!.activation,
    of: run,
  }));
}

/** One after the other, with their activations. */
export function applyDense(layers: readonly DenseLayer[], x: ArrayLike<number>): Float64Array {
  return layers.reduce<Float64Array>((value, layer) => activate(layer.activation, applyLinear(layer, value)), Float64Array.from(x));
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
