/**
 * What was fitted for a column, as plain data, and the one function that applies it to a cell: training prepares its rows
 * with it, a file of one's own is scored with it, and an exported model carries it along.
 */

export type Encoding =
  /** (own − shift) ÷ scale; scale 0: the column tells nothing and is always 0. A gap becomes `fill`, marked where there is a gap feature. */
  | { readonly kind: 'number'; readonly shift: number; readonly scale: number; readonly fill: number; readonly gapFeature: boolean }
  /**
   * One-hot over `width`. A category that no training row has (`seen` false) is all zeros, as is one that is not listed; a
   * gap is 1 at `gapAt`, nowhere where that lies beyond the width.
   */
  | {
      readonly kind: 'category';
      readonly categories: readonly string[];
      readonly seen: readonly boolean[];
      readonly gapAt: number;
      readonly width: number;
    }
  /** As it is. */
  | { readonly kind: 'vector'; readonly width: number }
  /** Bytes: pixel × multiply + add, computed by the program. */
  | { readonly kind: 'image'; readonly shape: readonly [number, number, number]; readonly multiply: number; readonly add: number };

/** What becomes features of a row. */
export type FeatureEncoding = Exclude<Encoding, { kind: 'image' }>;

export interface ColumnEncoding {
  readonly column: string;
  readonly encoding: Encoding;
}

/** Features of a row. */
export function encodedWidth(encoding: FeatureEncoding): number {
  if (encoding.kind === 'number') return encoding.gapFeature ? 2 : 1;
  return encoding.width;
}

/** A cell of a number column; NaN is a gap. Writes the column's features to `out`, which holds zeros from `at` on. */
export function encodeNumber(encoding: Extract<Encoding, { kind: 'number' }>, value: number, out: Float32Array, at: number): void {
  const { shift, scale, fill, gapFeature } = encoding;
  const gap = Number.isNaN(value);
  // A value that only other rows have must not make a constant column speak.
  out[at] = scale === 0 ? 0 : ((gap ? fill : value) - shift) * (1 / scale);
  if (gapFeature) out[at + 1] = gap ? 1 : 0;
}

/** A cell of a category column by its code; −1 is a gap, a code beyond the list an unknown category. */
export function encodeCategory(encoding: Extract<Encoding, { kind: 'category' }>, code: number, out: Float32Array, at: number): void {
  const { seen, gapAt, width } = encoding;
  if (code < 0) {
    if (gapAt >= 0 && gapAt < width) out[at + gapAt] = 1;
  } else if (seen[code] === true) out[at + code] = 1;
}
