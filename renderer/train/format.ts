/** Numbers as they stand on screen: 85.2 %, 1,234.5, mm:ss. Files and the command line use plain numbers. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const oneDigit = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
/** Keeps a number and its unit on one line. */
const noBreak = '\u00a0';
export const noValue = '–';

export function formatCount(value: number): string {
  return grouped.format(value);
}

/** A share of one as a percentage: 0.852 → `85.2 %`. */
export function formatPercent(share: number): string {
  return Number.isFinite(share) ? `${oneDigit.format(share * 100)}${noBreak}%` : noValue;
}

/** Three significant digits, grouped above a thousand, powers of ten only where nothing else is readable. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'not a number' : value > 0 ? 'infinite' : '−infinite';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size < 1e-3 || size >= 1e9) return value.toExponential(2).replaceAll('-', '−').replace('e+', 'e');
  const text = size >= 1000 ? oneDigit.format(value) : size >= 100 ? value.toFixed(1) : size >= 10 ? value.toFixed(2) : value.toFixed(3);
  return text.replace('-', '−');
}

/** Milliseconds as `mm:ss`, from an hour on as `h:mm:ss`. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs) || durationMs < 0) return '--:--';
  const seconds = Math.round(durationMs / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
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

export function formatBytes(sizeBytes: number): string {
  if (sizeBytes < 1000) return `${sizeBytes}${noBreak}B`;
  if (sizeBytes < 1e6) return `${oneDigit.format(sizeBytes / 1e3)}${noBreak}kB`;
  return `${oneDigit.format(sizeBytes / 1e6)}${noBreak}MB`;
}

/** The metric's own way of writing: accuracies as shares, errors with the target's unit. */
export function formatMetric(metric: string, value: number | undefined, unit?: string): string {
  if (value === undefined) return noValue;
  const quantity = metricQuantity(metric);
  if (quantity === 'accuracy') return formatPercent(value);
  const text = formatNumber(value);
  return unit !== undefined && unit !== '' && (quantity === 'rmse' || quantity === 'mae') ? `${text}${noBreak}${unit}` : text;
}

/** `validation/accuracy` → `accuracy`. */
export function metricQuantity(metric: string): string {
  return metric.slice(metric.indexOf('/') + 1);
}

export function metricPart(metric: string): string {
  return metric.slice(0, Math.max(0, metric.indexOf('/')));
}
