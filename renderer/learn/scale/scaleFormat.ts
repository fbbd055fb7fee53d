/** How the figures of networks are written, from thousands to trillions. */
import { formatBytes, formatFlops, formatSpan, noValue, shortCount } from '../../ui/format.ts';
import type { Axis } from './scaleSettings.ts';

export function shortValue(axis: Axis, value: number | undefined): string {
  if (value === undefined) return noValue;
  if (axis === 'memory') return formatBytes(value);
  if (axis === 'time') return formatSpan(value);
  return axis === 'parameters' || axis === 'seen' ? shortCount(value) : formatFlops(value);
}
