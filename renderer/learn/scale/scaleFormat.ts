/** How the figures of networks are written, from thousands to trillions. */
import { formatBytes, formatFlops, formatSpan, noValue } from '../../ui/format.ts';
import type { Axis } from './scaleSettings.ts';

const scales = [
  [1e12, 'T'],
  [1e9, 'B'],
  [1e6, 'M'],
  [1e3, 'K'],
] as const;

/** `61.7K`, `175B`, `15T`: three digits, as papers write sizes. */
export function shortCount(count: number | undefined): string {
  if (count === undefined || !Number.isFinite(count)) return noValue;
  const [size, letter] = scales.find(([from]) => count >= from) ?? [1, ''];
  return `${Number((count / size).toPrecision(3))}${letter}`;
}

export function shortValue(axis: Axis, value: number | undefined): string {
  if (value === undefined) return noValue;
  if (axis === 'memory') return formatBytes(value);
  if (axis === 'time') return formatSpan(value);
  return axis === 'parameters' || axis === 'seen' ? shortCount(value) : formatFlops(value);
}
