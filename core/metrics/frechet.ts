/**
 * How far two sets of samples lie apart: the Fréchet distance of the Gaussians with their means and covariances,
 * |μ₁ − μ₂|² + tr(Σ₁ + Σ₂ − 2 (Σ₁ Σ₂)^½) (Fréchet 1957; on a network's features: Heusel and others 2017). All in float64.
 */

export interface Moments {
  readonly mean: Float64Array;
  /** (size × size), divided by n − 1. */
  readonly covariance: Float64Array;
}

/** @param features (count × size), at least two samples */
export function momentsOf(features: ArrayLike<number>, size: number): Moments {
  const count = features.length / size;
  if (!Number.isInteger(count) || count < 2) throw new Error(`moments: ${features.length} numbers are not two or more samples of ${size}`);
  const mean = new Float64Array(size);
  for (let i = 0; i < count; i++) for (let k = 0; k < size; k++) mean[k]! += features[i * size + k]!;
  for (let k = 0; k < size; k++) mean[k]! /= count;
  const covariance = new Float64Array(size * size);
  const centred = new Float64Array(size);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < size; k++) centred[k] = features[i * size + k]! - mean[k]!;
    for (let k = 0; k < size; k++) {
      const own = centred[k]!;
      for (let j = k; j < size; j++) covariance[k * size + j]! += own * centred[j]!;
    }
  }
  for (let k = 0; k < size; k++) {
    for (let j = k; j < size; j++) {
      const value = covariance[k * size + j]! / (count - 1);
      covariance[k * size + j] = value;
      covariance[j * size + k] = value;
    }
  }
  return { mean, covariance };
}

/**
 * tr((Σ₁ Σ₂)^½) is the sum of the square roots of the eigenvalues of Σ₁^½ Σ₂ Σ₁^½, which is symmetric: no complex numbers
 * arise, and what rounding makes negative counts as 0. Singular covariances, of dead units, are no special case.
 */
export function frechetDistance(a: Moments, b: Moments): number {
  const size = a.mean.length;
  if (b.mean.length !== size) throw new Error(`frechet: ${size} features against ${b.mean.length}`);
  let distance = 0;
  for (let k = 0; k < size; k++) distance += (a.mean[k]! - b.mean[k]!) ** 2 + a.covariance[k * size + k]! + b.covariance[k * size + k]!;
  const root = squareRoot(a.covariance, size);
  const middle = multiply(multiply(root, b.covariance, size), root, size);
  for (let k = 0; k < size; k++) {
    for (let j = 0; j < k; j++) {
      const value = (middle[k * size + j]! + middle[j * size + k]!) / 2;
      middle[k * size + j] = value;
      middle[j * size + k] = value;
    }
  }
  for (const value of symmetricEigen(middle, size).values) distance -= 2 * Math.sqrt(Math.max(value, 0));
  // Of equal sets rounding may leave −1e-12.
  return Math.max(distance, 0);
}

/** Of a symmetric positive semidefinite matrix: V √Λ Vᵀ. */
export function squareRoot(matrix: Float64Array, size: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, size);
  const scaled = vectors.slice();
  for (let k = 0; k < size; k++) for (let j = 0; j < size; j++) scaled[k * size + j]! *= Math.sqrt(Math.max(values[j]!, 0));
  const transposed = new Float64Array(size * size);
  for (let k = 0; k < size; k++) for (let j = 0; j < size; j++) transposed[j * size + k] = vectors[k * size + j]!;
  return multiply(scaled, transposed, size);
}

function multiply(a: Float64Array, b: Float64Array, size: number): Float64Array {
  const product = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < size; k++) {
      const factor = a[i * size + k]!;
      if (factor === 0) continue;
      for (let j = 0; j < size; j++) product[i * size + j]! += factor * b[k * size + j]!;
    }
  }
  return product;
}

const maximumSweeps = 60;

/**
 * Jacobi's method, cyclic by rows (Golub, Van Loan: Matrix computations, section 8.5): slow for thousands of features, and as
 * exact as float64 allows.
 * @returns eigenvalues in no order, eigenvectors as the columns of `vectors`
 */
export function symmetricEigen(matrix: Float64Array, size: number): { readonly values: Float64Array; readonly vectors: Float64Array } {
  const a = matrix.slice();
  const vectors = new Float64Array(size * size);
  for (let k = 0; k < size; k++) vectors[k * size + k] = 1;
  for (let sweep = 0; sweep < maximumSweeps; sweep++) {
    let off = 0;
    let all = 0;
    for (let p = 0; p < size; p++) {
      for (let q = 0; q < size; q++) {
        const square = a[p * size + q]! ** 2;
        all += square;
        if (p !== q) off += square;
      }
    }
    if (off <= 1e-32 * all) break;
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  return { values: Float64Array.from({ length: size }, (_, k) => a[k * size + k]!), vectors };
}

/** Makes a[p, q] zero. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q]!;
  if (apq === 0) return;
  const theta = (a[q * size + q]! - a[p * size + p]!) / (2 * apq);
  const t = (theta >= 0 ? 1 : -1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const c = 1 / Math.sqrt(t * t + 1);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const [kp, kq] = [a[k * size + p]!, a[k * size + q]!];
    a[k * size + p] = c * kp - s * kq;
    a[k * size + q] = s * kp + c * kq;
  }
  for (let k = 0; k < size; k++) {
    const [pk, qk] = [a[p * size + k]!, a[q * size + k]!];
    a[p * size + k] = c * pk - s * qk;
    a[q * size + k] = s * pk + c * qk;
    const [vp, vq] = [vectors[k * size + p]!, vectors[k * size + q]!];
    vectors[k * size + p] = c * vp - s * vq;
    vectors[k * size + q] = s * vp + c * vq;
  }
}
