import { describe, expect, it } from 'vitest';
import { remainingSignal } from './noiseSchedule.ts';

describe('remainingSignal', () => {
  it('is that of the papers', () => {
    const linear = remainingSignal('linear', 1000);
    // 1 − 10⁻⁴ after the first step; 4.0358e-5 is left after the last (Ho, Jain, Abbeel 2020, section 4: L_T ≈ 10⁻⁵ bits).
    expect(linear[0]).toBeCloseTo(0.9999, 12);
    expect(linear[999]).toBeCloseTo(4.0358e-5, 8);
    const cosine = remainingSignal('cosine', 1000);
    // f(t) ÷ f(0) with f(t) = cos²((t ÷ T + 0.008) ÷ 1.008 · π ÷ 2), Nichol and Dhariwal 2021, equation 17.
    const wave = (t: number) => Math.cos((((t / 1000 + 0.008) / 1.008) * Math.PI) / 2) ** 2;
    expect(cosine[499]).toBeCloseTo(wave(500) / wave(0), 12);
    expect(cosine[999]).toBeGreaterThan(0);
  });

  it.each(['linear', 'cosine'] as const)('%s falls from nearly all to nearly nothing, for few steps too', (schedule) => {
    for (const steps of [20, 100, 1000]) {
      const signal = remainingSignal(schedule, steps);
      expect(signal.length).toBe(steps);
      expect(signal.every((value, t) => value > 0 && value < (t === 0 ? 1 : signal[t - 1]!))).toBe(true);
      expect(signal[0]).toBeGreaterThan(0.9);
      expect(signal[steps - 1]).toBeLessThan(0.01);
    }
  });
});
