import { describe, expect, it } from 'vitest';
import type { Trajectory } from '../../../electron/contract/calls.ts';
import { bytesOf, cleanFrom, keptAt, looked, nearestLook, pixelAt, placeOf, schedulePath } from './pixels.ts';

const trajectory: Trajectory = {
  shape: [1, 1, 2],
  sampler: 'ddim',
  taken: 2,
  steps: [3, 1],
  signal: Float32Array.of(1, 0.75, 0.5, 0.25),
  images: Float32Array.of(1, 2, 3, 4),
  noise: Float32Array.of(5, 6, 7, 8),
  clean: Float32Array.of(0, 0.5, -0.5, 1),
  result: Float32Array.of(0, 1),
};

describe('a look at a trajectory', () => {
  it('has its own numbers and share of the image', () => {
    expect([...looked(trajectory, 'image', 1)]).toEqual([3, 4]);
    expect([...looked(trajectory, 'noise', 0)]).toEqual([5, 6]);
    expect([keptAt(trajectory, 0), keptAt(trajectory, 1)]).toEqual([0.25, 0.75]);
    expect(pixelAt([3, 4, 5], 2 * 20 + 7)).toEqual({ x: 2, y: 1, channel: 2 });
  });

  it('is drawn between black and white', () => {
    expect([...bytesOf(Float32Array.of(-2, -1, 0, 1), 'image')]).toEqual([0, 0, 128, 255]);
    expect([...bytesOf(Float32Array.of(-3, 0, 3), 'noise')]).toEqual([0, 128, 255]);
  });

  it('is found again in another trajectory', () => {
    expect(nearestLook([999, 500, 1], 700)).toBe(1);
    expect(nearestLook([999, 500, 1], 0)).toBe(2);
  });

  it('has x₀ by the formula', () => {
    expect(cleanFrom(1, 0.5, 0.25)).toBeCloseTo((1 - Math.sqrt(0.75) * 0.5) / 0.5, 12);
  });
});

it('the schedule is a falling curve', () => {
  expect(schedulePath(trajectory.signal, 30, 20)).toBe('M0.0,0.0 L10.0,5.0 L20.0,10.0 L30.0,15.0');
  expect(placeOf(0, 1, 30)).toBe(15);
});
