import { describe, expect, it } from 'vitest';
import { readScale } from './scaleSettings.ts';

describe('readScale', () => {
  it('takes what was remembered', () => {
    const set = { axis: 'time', optimizer: 'lion', precision: 'bfloat16', hardware: 'a100', count: 8, utilisation: 38 };
    expect(readScale(set)).toEqual(set);
  });

  it('puts the usual in the place of what is no choice', () => {
    const usual = readScale({});
    expect(usual).toMatchObject({ axis: 'parameters', precision: 'mixed', count: 1, utilisation: 40 });
    expect(readScale({ axis: 'price', optimizer: 3, hardware: 'abacus', count: 0, utilisation: 101 })).toEqual(usual);
  });
});
