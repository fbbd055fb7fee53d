import { describe, expect, it } from 'vitest';
import { classBars, labelBars } from './bars.ts';

describe('bars', () => {
  it('few classes keep their order; the likeliest and the true one are marked', () => {
    const { bars, left } = classBars(['cat', 'dog', 'cow'], [0.2, 0.7, 0.1], 'cat');
    expect(left).toBe(0);
    expect(bars.map(({ name, chosen, isTrue }) => [name, chosen, isTrue])).toEqual([
      ['cat', false, true],
      ['dog', true, false],
      ['cow', false, false],
    ]);
  });

  it('of many classes the ten likeliest are shown', () => {
    const names = Array.from({ length: 30 }, (_, i) => `class ${i}`);
    const { bars, left } = classBars(
      names,
      names.map((_, i) => i / 435),
    );
    expect(left).toBe(20);
    expect(bars[0]).toMatchObject({ name: 'class 29', chosen: true });
    expect(bars).toHaveLength(10);
  });

  it('labels are chosen from one half on', () => {
    expect(labelBars(['a', 'b'], [0.5, 0.49], [false, true]).map(({ chosen, isTrue }) => [chosen, isTrue])).toEqual([
      [true, false],
      [false, true],
    ]);
  });
});
