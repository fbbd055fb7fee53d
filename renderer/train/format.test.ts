import { describe, expect, it } from 'vitest';
import { formatElapsed, formatMetric, formatMoment, formatValue, metricPart, metricQuantity } from './format.ts';

describe('numbers on screen', () => {
  it.each([
    [0.281, '0.281'],
    [2.3026, '2.303'],
    [43.921, '43.92'],
    [123.45, '123.5'],
    [1234.5, '1,234.5'],
    [0, '0'],
    [-1.5, '−1.500'],
    [0.000123, '1.23e−4'],
    [NaN, 'not a number'],
    [Infinity, 'infinite'],
  ])('%d is %s', (value, text) => {
    expect(formatValue(value)).toBe(text);
  });

  it('writes a metric in its own way', () => {
    expect(formatMetric('validation/accuracy', 0.852)).toBe('85.2 %');
    expect(formatMetric('train/rmse', 301.26, 'g')).toBe('301.3\u00a0g');
    expect(formatMetric('train/loss', 0.5, 'g')).toBe('0.500');
    expect(formatMetric('train/loss', undefined)).toBe('–');
    expect(formatElapsed(412)).toBe('0.4\u00a0s');
    expect(formatElapsed(65_400)).toBe('01:05');
    expect(metricPart('validation/loss')).toBe('validation');
    expect(metricQuantity('validation/loss')).toBe('loss');
  });

  it('names the day only when it is not today', () => {
    const now = new Date(2026, 1, 3, 15, 0).getTime();
    expect(formatMoment(new Date(2026, 1, 3, 9, 5).getTime(), now)).toBe('today 09:05');
    expect(formatMoment(new Date(2026, 1, 2, 9, 5).getTime(), now)).toBe('yesterday 09:05');
    expect(formatMoment(new Date(2026, 0, 2, 9, 5).getTime(), now)).toBe('2 Jan 09:05');
    expect(formatMoment(new Date(2024, 0, 2, 9, 5).getTime(), now)).toBe('2 Jan 2024');
  });
});
