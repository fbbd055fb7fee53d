/** How much of an image is left after t of T steps of noise: ᾱ, falling from nearly 1 to nearly 0. */

export type NoiseScheduleName = 'linear' | 'cosine';

/**
 * ᾱ by step, (T). Linear: β from 10⁻⁴ to 0.02 for T = 1000, scaled for other T (Ho, Jain, Abbeel 2020). Cosine: Nichol,
 * Dhariwal 2021, equation 17, with β at most 0.999.
 */
export function remainingSignal(schedule: NoiseScheduleName, steps: number): Float64Array {
  const signal = new Float64Array(steps);
  const wave = (t: number): number => Math.cos((((t / steps + 0.008) / 1.008) * Math.PI) / 2) ** 2;
  let product = 1;
  for (let t = 0; t < steps; t++) {
    const linear = ((1e-4 + ((0.02 - 1e-4) * t) / Math.max(1, steps - 1)) * 1000) / steps;
    const beta = schedule === 'linear' ? linear : 1 - wave(t + 1) / wave(t);
    product *= 1 - Math.min(beta, 0.999);
    signal[t] = product;
  }
  return signal;
}
