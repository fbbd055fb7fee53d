/** How numbers, times and sizes are written on screen: 85.2 %, 1,234.5, mm:ss. */

const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A value that is not a finite number is shown as a dash, never as NaN. */
export const noValue = '–';

/** `1,234` */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? counts.format(value) : noValue;
}

/** `61.7K`, `175B`, `15T`: three digits, as papers write sizes. */
export function shortCount(count: number): string {
  if (!Number.isFinite(count)) return noValue;
  const scales = [
    [1e12, 'T'],
    [1e9, 'B'],
    [1e6, 'M'],
    [1e3, 'K'],
  ] as const;
  const [size, letter] = scales.find(([from]) => count >= from) ?? [1, ''];
  return `${Number((count / size).toPrecision(3))}${letter}`;
}

/** `1,234.5`, four significant digits below 1: `0.2813`, `1.2e-7`. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return noValue;
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e9) return trimExponent(value.toExponential(2));
  if (size >= 1000) return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
  return String(Number(value.toPrecision(digits)));
}

function trimExponent(text: string): string {
  return text.replace(/\.?0+e/, 'e').replace('e+', 'e');
}

/** A share of 1 as `85.2 %`. */
export function formatPercent(share: number, digits = 1): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : noValue;
}

/** `00:06`, `12:30`, `1:02:03` from milliseconds. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs) || durationMs < 0) return noValue;
  const seconds = Math.floor(durationMs / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds < 3600 ? minutes : `${Math.floor(seconds / 3600)}:${minutes}`;
}

/** `0.42 s`, `12 min`, `3.2 days`, `41k years`: as long as it may be. */
export function formatSpan(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return noValue;
  const year = 365.25 * 86_400;
  const [size, one, many] = (
    [
      [1e6 * year, 'M years', 'M years'],
      [1e3 * year, 'k years', 'k years'],
      [year, 'year', 'years'],
      [86_400, 'day', 'days'],
      [3600, 'h', 'h'],
      [60, 'min', 'min'],
      [1, 's', 's'],
    ] as const
  ).find(([unit]) => seconds >= unit) ?? [1e-3, 'ms', 'ms'];
  const count = Number((seconds / size).toPrecision(2));
  const unit = count === 1 ? one : many;
  return `${formatCount(count) === String(count) ? count : formatNumber(count, 2)}${unit.endsWith(' years') ? '' : ' '}${unit}`;
}

/** `just now`, `2 s ago`, `5 min ago`, then the time or the date. */
export function formatAgo(timeMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - timeMs) / 1000));
  if (seconds < 1) return 'just now';
  if (seconds < 60) return `${seconds} s ago`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return formatDate(timeMs);
}

/** `12 Mar 2026, 14:05` */
export function formatDate(timeMs: number): string {
  return new Date(timeMs).toLocaleString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
}

/** `512 B`, `14.2 MB` */
export function formatBytes(sizeBytes: number): string {
  return formatScaled(sizeBytes, 'B');
}

/** `235 kFLOP`; one multiply-add counts as two. */
export function formatFlops(flops: number): string {
  return formatScaled(flops, 'FLOP');
}

function formatScaled(value: number, unit: string): string {
  if (!Number.isFinite(value)) return noValue;
  const prefixes = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'];
  let power = 0;
  while (Math.abs(value) >= 999.5 && power < prefixes.length - 1) {
    value /= 1000;
    power++;
  }
  return `${Number(value.toPrecision(3))} ${prefixes[power]}${unit}`;
}

/** `1 layer`, `8 layers` */
export function formatPlural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
