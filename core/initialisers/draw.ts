/** Fills a weight with its start values. */
import type { Initialiser } from '../layers/defineLayer.ts';
import type { Random } from '../random/philox.ts';

/** @param shape of the weight; the first axis is the outputs */
export function drawWeights(initialiser: Initialiser, shape: readonly number[], random: Random): Float32Array {
  const values = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if (initialiser.kind === 'orthogonal') return orthogonal(values, shape[0] ?? 1, initialiser.gain, random);
  const draw = drawer(initialiser, random);
  // A plain loop: Float32Array.from with a function takes several times as long.
  for (let k = 0; k < values.length; k++) values[k] = draw();
  return values;
}

function drawer(initialiser: Exclude<Initialiser, { kind: 'orthogonal' }>, random: Random): () => number {
  switch (initialiser.kind) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => initialiser.value;
    case 'uniform':
      return () => (2 * random.uniform() - 1) * initialiser.bound;
    case 'normal':
      return () => random.normal() * initialiser.standardDeviation;
    case 'truncatedNormal':
      return () => {
        let value = random.normal();
        while (Math.abs(value) > 2) value = random.normal();
        return value * initialiser.standardDeviation;
      };
    default:
      return initialiser satisfies never;
  }
}

/**
 * A normal matrix (outputs, the rest) made orthogonal by modified Gram-Schmidt in float64, twice, which is as exact as
 * Householder's way (Giraud, Langou, Rozložník, van den Eshof 2005). The fewer of rows and columns are orthonormal; as the
 * draws are normal, all such matrices are equally likely.
 */
function orthogonal(values: Float32Array, rows: number, gain: number, random: Random): Float32Array {
  const columns = values.length / rows;
  const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
  const vectors = Array.from({ length: count }, () => Float64Array.from({ length }, () => random.normal()));
  vectors.forEach((vector, i) => {
    for (let pass = 0; pass < 2; pass++) {
      for (let j = 0; j < i; j++) {
        const other = vectors[j]!;
        let dot = 0;
        for (let k = 0; k < length; k++) dot += vector[k]! * other[k]!;
        for (let k = 0; k < length; k++) vector[k]! -= dot * other[k]!;
      }
      const norm = Math.sqrt(vector.reduce((sum, x) => sum + x * x, 0));
      for (let k = 0; k < length; k++) vector[k]! /= norm;
    }
  });
  vectors.forEach((vector, i) => {
    for (let k = 0; k < length; k++) values[rows <= columns ? i * columns + k : k * columns + i] = gain * vector[k]!;
  });
  return values;
}
