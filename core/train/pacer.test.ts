import { describe, expect, it } from 'vitest';
import { createPacer } from './pacer.ts';

describe('pacer', () => {
  it("begins with one step and stays below 50 ms once it knows a step's time", () => {
    const pacer = createPacer(10_000);
    const stepMs = 0.3;
    let longest = 0;
    for (let chunk = 0; chunk < 20; chunk++) {
      const steps = pacer.steps('train');
      longest = Math.max(longest, steps * stepMs);
      pacer.measured('train', steps, steps * stepMs);
    }
    expect(createPacer(10).steps('train')).toBe(1);
    expect(longest).toBeLessThanOrEqual(50);
    expect(longest).toBeGreaterThan(30);
  });

  it('never asks for less than a step or more than the ring holds', () => {
    const pacer = createPacer(7);
    pacer.measured('train', 1, 900);
    expect(pacer.steps('train')).toBe(1);
    for (let i = 0; i < 5; i++) pacer.measured('train', pacer.steps('train'), 0);
    expect(pacer.steps('train')).toBe(7);
  });

  it('shrinks at once when steps become slower', () => {
    const pacer = createPacer(1000);
    pacer.measured('train', 100, 10);
    expect(pacer.steps('train')).toBe(400);
    pacer.measured('train', 400, 400);
    expect(pacer.steps('train')).toBe(40);
  });

  it('measures each program for itself', () => {
    const pacer = createPacer(1000);
    pacer.measured('evaluate', 100, 40);
    expect(pacer.steps('evaluate')).toBe(100);
    expect(pacer.steps('train')).toBe(1);
  });
});
