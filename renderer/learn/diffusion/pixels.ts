/** Images of a trajectory as pixels, and the formula of one pixel with its numbers. */
import type { Trajectory } from '../../../electron/contract/calls.ts';

export type Kind = 'image' | 'noise' | 'clean';

/** Numbers of one look. */
export function looked(trajectory: Trajectory, kind: Kind, at: number): Float32Array {
  const all = { image: trajectory.images, noise: trajectory.noise, clean: trajectory.clean }[kind];
  const size = trajectory.result.length;
  return all.subarray(at * size, (at + 1) * size);
}

/** Bytes for the screen; noise is drawn up to ±3, images between −1 and 1. */
export function bytesOf(numbers: Float32Array, kind: Kind): Uint8Array {
  const scale = kind === 'noise' ? 127.5 / 3 : 127.5;
  return Uint8Array.from(numbers, (number) => Math.min(255, Math.max(0, Math.round(127.5 + scale * number))));
}

export const keptAt = ({ signal, steps }: Trajectory, at: number): number => signal[steps[at] ?? 0] ?? 1;

/** The look of another trajectory that is nearest in noise. */
export function nearestLook(steps: readonly number[], t: number): number {
  return steps.reduce((best, own, i) => (Math.abs(own - t) < Math.abs(steps[best]! - t) ? i : best), 0);
}

/** ᾱ by noise step as a path in a box; the curve has a point for every pixel at most. */
export function schedulePath(signal: Float32Array, width: number, height: number): string {
  const count = Math.min(signal.length, width);
  const points = Array.from({ length: count }, (_, i) => {
    const t = count === 1 ? 0 : Math.round((i * (signal.length - 1)) / (count - 1));
    return `${placeOf(t, signal.length, width).toFixed(1)},${((1 - signal[t]!) * height).toFixed(1)}`;
  });
  return `M${points.join(' L')}`;
}

export const placeOf = (t: number, total: number, width: number): number => (total < 2 ? width / 2 : (t / (total - 1)) * width);

/** Column and row (and channel) of an element of C × H × W. */
export function pixelAt([, height, width]: Trajectory['shape'], element: number): { x: number; y: number; channel: number } {
  return { x: element % width, y: Math.floor(element / width) % height, channel: Math.floor(element / (width * height)) };
}

/** x₀ = (xₜ − √(1 − ᾱ)·ε) / √ᾱ before it is clipped. */
export const cleanFrom = (image: number, noise: number, kept: number): number => (image - Math.sqrt(1 - kept) * noise) / Math.sqrt(kept);
