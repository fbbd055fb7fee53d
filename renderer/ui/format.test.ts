import { describe, expect, it } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatSpan,
  shortCount,
  formatFlops,
  formatNumber,
  formatPercent,
  formatPlural,
  noValue,
} from './format.ts';

describe('format', () => {
  it.each([
    [1234.5, '1,234.5'],
    [0.28134, '0.2813'],
    [0, '0'],
    [12, '12'],
    [1.2e-7, '1.2e-7'],
    [3e9, '3e9'],
    [-0.5, '-0.5'],
    [Number.NaN, noValue],
  ])('writes the number %d as %s', (value, expected) => expect(formatNumber(value)).toBe(expected));

  it('writes shares as percent', () => {
    expect(formatPercent(0.852)).toBe('85.2 %');
    expect(formatPercent(1)).toBe('100.0 %');
    expect(formatPercent(Number.NaN)).toBe(noValue);
  });

  it.each([
    [0, '00:00'],
    [6_400, '00:06'],
    [750_000, '12:30'],
    [3_723_000, '1:02:03'],
    [-1, noValue],
    [Infinity, noValue],
  ])('writes %d ms as %s', (durationMs, expected) => expect(formatDuration(durationMs)).toBe(expected));

  it.each([
    [784, '784'],
    [61_706, '61.7K'],
    [60_000, '60K'],
    [25_557_032, '25.6M'],
    [174_604_259_328, '175B'],
    [15e12, '15T'],
    [NaN, '–'],
  ])('writes %d, as papers do, as %s', (count, expected) => expect(shortCount(count)).toBe(expected));

  it.each([
    [0.0042, '4.2 ms'],
    [1, '1 s'],
    [95, '1.6 min'],
    [7200, '2 h'],
    [86_400 * 3.24, '3.2 days'],
    [86_400 * 365.25, '1 year'],
    [86_400 * 365.25 * 41_000, '41k years'],
    [86_400 * 365.25 * 1e12, '1,000,000M years'],
    [NaN, '–'],
  ])('writes %d s, which may be long, as %s', (seconds, expected) => expect(formatSpan(seconds)).toBe(expected));

  it('writes counts, sizes and work', () => {
    expect(formatCount(109386)).toBe('109,386');
    expect(formatBytes(512)).toBe('512 B');
    expect(formatBytes(14_200_000)).toBe('14.2 MB');
    expect(formatFlops(235_200)).toBe('235 kFLOP');
    expect(formatFlops(999_900)).toBe('1 MFLOP');
  });

  it('writes how long ago', () => {
    expect(formatAgo(1000, 1200)).toBe('just now');
    expect(formatAgo(0, 2000)).toBe('2 s ago');
    expect(formatAgo(0, 125_000)).toBe('2 min ago');
    expect(formatAgo(5000, 0)).toBe('just now');
  });

  it('agrees in number', () => {
    expect(formatPlural(1, 'problem')).toBe('1 problem');
    expect(formatPlural(1200, 'layer')).toBe('1,200 layers');
  });
});
