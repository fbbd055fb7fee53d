/** Images (B, C, H, W) and sequences (B, T, F) as planes of places, one per channel; a sequence is one row of places. */

export interface Grid {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  /** Channels stand behind the places instead of in front. */
  readonly isSequence: boolean;
}

export interface GridPlace {
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

/** Of the first sample; undefined for other shapes. */
export function gridOf(shape: readonly number[]): Grid | undefined {
  const [, a = 1, b = 1, c = 1] = shape;
  if (shape.length === 4) return { channels: a, rows: b, columns: c, isSequence: false };
  return shape.length === 3 ? { channels: b, rows: 1, columns: a, isSequence: true } : undefined;
}

export function elementIn({ channels, rows, columns, isSequence }: Grid, { channel, row, column }: GridPlace): number {
  return isSequence ? column * channels + channel : (channel * rows + row) * columns + column;
}

export function placeOf({ channels, rows, columns, isSequence }: Grid, element: number): GridPlace {
  const own = element % (channels * rows * columns);
  if (isSequence) return { channel: own % channels, row: 0, column: Math.floor(own / channels) };
  return { channel: Math.floor(own / (rows * columns)), row: Math.floor(own / columns) % rows, column: own % columns };
}

/** One channel, row by row. */
export function planeOf(numbers: ArrayLike<number> | undefined, grid: Grid, channel: number): Float32Array | undefined {
  if (numbers === undefined) return undefined;
  const { rows, columns } = grid;
  return Float32Array.from({ length: rows * columns }, (_, i) => numbers[elementIn(grid, { channel, row: Math.floor(i / columns), column: i % columns })]!); // prettier-ignore
}
