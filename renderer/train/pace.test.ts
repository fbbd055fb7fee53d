import { describe, expect, it } from 'vitest';
import { Pace, remainingMs, samplesPerSecond } from './pace.ts';

describe('pace', () => {
  it('is unknown before two records', () => {
    const pace = new Pace();
    expect(pace.msPerStep).toBeUndefined();
    pace.add({ step: 10, elapsedMs: 100 });
    expect(pace.msPerStep).toBeUndefined();
  });

  it('follows a change of speed within the window', () => {
    const pace = new Pace();
    for (let i = 0; i <= 100; i++) pace.add({ step: i, elapsedMs: i * 100 });
    for (let i = 1; i <= 100; i++) pace.add({ step: 100 + i, elapsedMs: 10_000 + i * 200 });
    expect(pace.msPerStep).toBeCloseTo(200, 6);
  });

  it('forgets what came before a resume and ignores doubles', () => {
    const pace = new Pace();
    pace.add({ step: 50, elapsedMs: 500 });
    pace.add({ step: 60, elapsedMs: 600 });
    pace.add({ step: 60, elapsedMs: 600 });
    expect(pace.msPerStep).toBe(10);
    pace.add({ step: 20, elapsedMs: 200 });
    expect(pace.msPerStep).toBeUndefined();
  });

  it('keeps few points of a fast training', () => {
    const pace = new Pace();
    const began = performance.now();
    // 200,000 steps a second for ten seconds.
    for (let i = 0; i <= 2_000_000; i++) pace.add({ step: i, elapsedMs: i * 0.005 });
    expect(pace.msPerStep).toBeCloseTo(0.005, 6);
    expect(performance.now() - began).toBeLessThan(2000);
  });

  it('gives samples per second and the remaining time', () => {
    expect(samplesPerSecond(2, 64)).toBe(32_000);
    expect(samplesPerSecond(undefined, 64)).toBeUndefined();
    expect(remainingMs({ step: 100, totalSteps: 300, elapsedMs: 1000 }, 10)).toBe(2000);
    expect(remainingMs({ step: 0, totalSteps: 300, elapsedMs: 0 }, 10)).toBe(3000);
    expect(remainingMs({ step: 0, totalSteps: 300, elapsedMs: 0 }, undefined)).toBeUndefined();
    expect(remainingMs({ step: 300, totalSteps: 300, elapsedMs: 9 }, 1)).toBe(0);
  });
});
