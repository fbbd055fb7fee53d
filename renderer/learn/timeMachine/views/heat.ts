/** Colours of heat maps that stand side by side, and how one walks through them. */

/** A frame around cells. */
export interface Frame {
  readonly row: number;
  readonly column: number;
  readonly rows?: number;
  readonly columns?: number;
  readonly isFaint?: boolean;
}

type Rgb = readonly [number, number, number];

export interface HeatColours {
  readonly high: Rgb;
  readonly low: Rgb;
  readonly none: Rgb;
}

/** RGBA, row by row; the square root keeps small numbers apart from 0. */
export function heatPixels(numbers: ArrayLike<number>, count: number, most: number, { high, low, none }: HeatColours): Uint8ClampedArray {
  const pixels = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    const number = numbers[i] ?? 0;
    const share = 0.85 * Math.sqrt(Math.min(1, Math.abs(number) / most));
    const end = number < 0 ? low : high;
    for (let c = 0; c < 3; c++) pixels[4 * i + c] = none[c]! + (end[c]! - none[c]!) * share;
    pixels[4 * i + 3] = 255;
  }
  return pixels;
}

const moves: Readonly<Record<string, readonly [number, number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/** Where a key leads from a cell, row-major; undefined for any other key. */
export function walked(key: string, from: number, rows: number, columns: number): number | undefined {
  const move = moves[key];
  if (move === undefined) return undefined;
  const clamp = (value: number, count: number) => Math.min(count - 1, Math.max(0, value));
  return clamp(Math.floor(from / columns) + move[0], rows) * columns + clamp((from % columns) + move[1], columns);
}

/** Pixels of a cell: whole and half ones where they are large enough to be seen, so that neighbours align. */
export function cellSize(room: number, count: number, most: number): number {
  const size = Math.min(most, room / count);
  return size >= 4 ? Math.floor(2 * size) / 2 : size;
}

/** The cell under the pointer, of a grid that the event's element is filled with. */
export function cellUnder(event: MouseEvent, rows: number, columns: number): number {
  const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
  const clamp = (share: number, count: number) => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  return clamp((event.clientY - box.top) / box.height, rows) * columns + clamp((event.clientX - box.left) / box.width, columns);
}
