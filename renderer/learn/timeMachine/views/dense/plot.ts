/** From numbers to pixels of a small plot around 0. */
export interface Plot {
  x(value: number): number;
  y(value: number): number;
}

/** @param range of x, to both sides */
export function plotOf({ width, height }: { readonly width: number; readonly height: number }, range: number, ys: readonly number[]): Plot {
  const finite = ys.filter(Number.isFinite);
  const low = Math.min(0, ...finite);
  const high = Math.max(0, ...finite);
  const span = high - low || 1;
  const margin = 10;
  return {
    x: (value) => margin + ((value + range) / (2 * range)) * (width - 2 * margin),
    y: (value) => height - margin - ((value - low) / span) * (height - 2 * margin),
  };
}
