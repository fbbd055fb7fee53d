/** How metrics and moments stand on screen; counts, shares and times come from `ui/format.ts`. */
import { formatDuration, formatPercent, noValue } from '../ui/format.ts';

const oneDigit = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** Keeps a number and its unit on one line. */
const noBreak = '\u00a0';

/** Always the same number of digits for the same size, so that a changing value does not jump: `0.281`, `43.92`, `1,234.5`. */
export function formatValue(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? 'infinite' : '−infinite';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e9) return value.toExponential(2).replaceAll('-', '−').replace('e+', 'e');
  const text = size >= 1000 ? oneDigit.format(value) : size >= 100 ? value.toFixed(1) : size >= 10 ? value.toFixed(2) : value.toFixed(3);
  return text.replace('-', '−');
}

/** How long something took: `0.4 s` below ten seconds, then `mm:ss`. */
export function formatElapsed(durationMs: number): string {
  return durationMs >= 0 && durationMs < 10_000 ? `${(durationMs / 1000).toFixed(1)}${noBreak}s` : formatDuration(durationMs);
}

/** `today 14:05`, `yesterday 09:12`, `3 Feb 14:05`, `3 Feb 2024`. */
export function formatMoment(time: number, now = Date.now()): string {
  const date = new Date(time);
  const today = new Date(now);
  const clock = date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  const midnight = new Date(today.getFullYear(), today.getMonth(), today.getDate()).getTime();
  if (time >= midnight) return `today ${clock}`;
  if (time >= midnight - 86_400_000) return `yesterday ${clock}`;
  const day = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return date.getFullYear() === today.getFullYear() ? `${day} ${clock}` : `${day} ${date.getFullYear()}`;
}

/** Written as percents. */
const shares: ReadonlySet<string> = new Set([
  'accuracy',
  'balancedAccuracy',
  'top5',
  'precision',
  'recall',
  'f1',
  'f1Weighted',
  'calibrationError',
  'mape',
]);

/** The metric's own way of writing: accuracies as shares, errors with the target's unit. */
export function formatMetric(metric: string, value: number | undefined, unit?: string): string {
  if (value === undefined) return noValue;
  const quantity = metricQuantity(metric);
  if (shares.has(quantity)) return formatPercent(value);
  const text = formatValue(value);
  return unit !== undefined && unit !== '' && (quantity === 'rmse' || quantity === 'mae') ? `${text}${noBreak}${unit}` : text;
}

/** `validation/accuracy` → `accuracy`. */
export function metricQuantity(metric: string): string {
  return metric.slice(metric.indexOf('/') + 1);
}

export function metricPart(metric: string): string {
  return metric.slice(0, Math.max(0, metric.indexOf('/')));
}
