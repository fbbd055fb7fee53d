/** Data sets as the whole app sees them: typed columns, and the roles a network can be bound to. */
import type { Shape } from '../graph/shape.ts';

export type ColumnType = 'number' | 'category' | 'image' | 'text';

export interface ColumnInfo {
  readonly name: string;
  readonly type: ColumnType;
  /** Rows without a value. */
  readonly missing: number;
  /** Categories in the order of their codes. */
  readonly categories?: readonly string[];
  /** Image columns: channels, height, width. */
  readonly imageShape?: readonly [number, number, number];
  /** Number columns, over the rows that have a value. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Different values, gaps left out; absent for number columns with more than 1,000. */
  readonly distinct?: number;
  /** Number columns: every value is whole. */
  readonly integers?: boolean;
  /** Number columns: every value is above the one before it, as in a row number or a time. */
  readonly increasing?: boolean;
  /** The unit of a number column where the header names one in brackets: `mass (g)`. */
  readonly unit?: string;
}

/** Stored as: number f64 (NaN = gap), category i32 codes (-1 = gap), image u8, text strings. */
export type Column =
  | { readonly info: ColumnInfo; readonly type: 'number'; readonly values: Float64Array }
  | { readonly info: ColumnInfo; readonly type: 'category'; readonly values: Int32Array }
  | { readonly info: ColumnInfo; readonly type: 'image'; readonly values: Uint8Array }
  | { readonly info: ColumnInfo; readonly type: 'text'; readonly values: readonly string[] };

export interface DataSetInfo {
  /** Stable name in commands and configs: `fashion-mnist`, or derived from the file's name. */
  readonly id: string;
  readonly name: string;
  /** SHA-256 over the stored columns: the data's version. */
  readonly hash: string;
  readonly origin: 'sample' | 'csv';
  readonly kind: 'table' | 'images';
  readonly rowCount: number;
  readonly columns: readonly ColumnInfo[];
  /** Rows from this index on are the given test set. */
  readonly testFrom?: number;
  /** The column to predict unless the user chooses another. */
  readonly defaultTarget?: string;
  readonly description: string;
  readonly licence?: string;
}

export interface DataSet {
  readonly info: DataSetInfo;
  readonly columns: readonly Column[];
}

export type Task = 'classification' | 'regression';

/** What an Input or Output node can be bound to. */
export interface DataRole {
  /** `image`, `features`, or the target column's name. */
  readonly name: string;
  readonly kind: 'input' | 'target';
  /**
   * With the batch first; a target of c classes is (B, c), a number target (B, 1). Tokens are (B, T), and a class per
   * time step is (B, T, c).
   */
  readonly shape: Shape;
  readonly task?: Task;
  /** Classification targets. */
  readonly classNames?: readonly string[];
  /** Number targets. */
  readonly unit?: string;
  /** For the node: `1 × 28 × 28, scaled 0–1`, `7 columns, standardised`. */
  readonly description: string;
}
