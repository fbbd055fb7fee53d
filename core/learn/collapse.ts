/**
 * Linear layers collapse: without activations between them, W₃(W₂(W₁x + b₁) + b₂) + b₃ is one layer W x + b with
 * W = W₃W₂W₁ (Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.1). Sums in double precision.
 */
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

/** @throws Error when one layer does not take what the one before gives */
export function collapse(layers: readonly LinearLayer[]): LinearLayer {
  const [first, ...rest] = layers;
  if (first === undefined) throw new Error('collapse: there is no layer');
  return rest.reduce((whole, layer) => {
    if (layer.inputs !== whole.units) throw new Error(`collapse: ${layer.name} takes ${layer.inputs} numbers, got ${whole.units}`);
    return after(layer, whole);
  }, first);
}

/** One after the other, without activations. */
export function applyAll(layers: readonly LinearLayer[], x: ArrayLike<number>): Float64Array {
  return layers.reduce<Float64Array>((value, layer) => applyLinear(layer, value), Float64Array.from(x));
}

export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
