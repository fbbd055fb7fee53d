/** Where the networks stand on the plot, and which of their names fit beside them. */

export interface PlotPoint {
  readonly id: string;
  readonly title: string;
  readonly year: number;
  /** Above zero: the axis is logarithmic. */
  readonly value: number;
}

export interface PlacedPoint extends PlotPoint {
  /** Pixels from the left and the top. */
  readonly x: number;
  readonly y: number;
  /** On which side its name fits; absent where it would lie over another. */
  readonly side?: 'right' | 'left';
}

export interface Plot {
  readonly points: readonly PlacedPoint[];
  readonly years: readonly { readonly at: number; readonly text: string }[];
  readonly values: readonly { readonly at: number; readonly value: number }[];
}

const radius = 6;
const letter = 6.4;
const line = 15;

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

const overlap = (a: Box, b: Box): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** @param width of the plot, in pixels, as `height` */
export function placePoints(points: readonly PlotPoint[], width: number, height: number): Plot {
  if (points.length === 0 || width <= 0 || height <= 0) return { points: [], years: [], values: [] };
  const values = points.map(({ value }) => Math.log10(value));
  const [low, high] = [Math.floor(Math.min(...values)), Math.max(Math.floor(Math.min(...values)) + 1, Math.ceil(Math.max(...values)))];
  const allYears = points.map(({ year }) => year);
  const [first, last] = [Math.min(...allYears) - 1, Math.max(...allYears) + 2];
  const x = (year: number): number => (width * (year - first)) / (last - first);
  const y = (value: number): number => height * (1 - (Math.log10(value) - low) / (high - low));
  const dots = points.map((point) => ({ ...point, x: x(point.year), y: y(point.value) }));
  const taken: Box[] = dots.map((dot) => ({ left: dot.x - radius, right: dot.x + radius, top: dot.y - radius, bottom: dot.y + radius }));
  // The largest first: they are looked for most.
  const placed = new Map<string, 'right' | 'left'>();
  for (const dot of [...dots].sort((a, b) => b.value - a.value)) {
    const long = dot.title.length * letter;
    for (const side of ['right', 'left'] as const) {
      const left = side === 'right' ? dot.x + radius + 3 : dot.x - radius - 3 - long;
      const box = { left, right: left + long, top: dot.y - line / 2, bottom: dot.y + line / 2 };
      if (left < 0 || box.right > width || taken.some((other) => overlap(box, other))) continue;
      taken.push(box);
      placed.set(dot.id, side);
      break;
    }
  }
  const everyYears = Math.ceil((last - first) / Math.max(2, width / 70));
  const powers = Math.ceil((high - low) / Math.max(2, height / 34));
  const between = (from: number, to: number, by: number) => {
    const start = Math.ceil(from / by) * by;
    return Array.from({ length: Math.max(0, Math.floor((to - start) / by) + 1) }, (_, i) => start + i * by);
  };
  return {
    points: dots.map((dot) => {
      const side = placed.get(dot.id);
      return side === undefined ? dot : { ...dot, side };
    }),
    years: between(first, last, everyYears).map((year) => ({ at: x(year) / width, text: String(year) })),
    values: between(low, high, powers).map((power) => ({ at: 1 - (power - low) / (high - low), value: 10 ** power })),
  };
}
