/** Data sets as the whole app sees them: typed columns, and the roles a network can be bound to. */
import type { Shape } from '../graph/shape.ts';

export type ColumnType = 'number' | 'category' | 'image' | 'text' | 'vector' | 'graph';

export interface ColumnInfo {
  readonly name: string;
  readonly type: ColumnType;
  /** Rows without a value. */
  readonly missing: number;
  /** Categories in the order of their codes. */
  readonly categories?: readonly string[];
  /** Image columns: channels, height, width. */
  readonly imageShape?: readonly [number, number, number];
  /** Vector columns: numbers per row. */
  readonly vectorSize?: number;
  /** Graph columns: what every row is padded to. */
  readonly graph?: GraphSize;
  /** Number columns, over the rows that have a value. */
  readonly range?: { readonly min: number; readonly max: number };
  /** Different values, gaps left out; absent for number columns with more than 1,000. */
  readonly distinct?: number;
  /** Number columns: every value is whole. */
  readonly integers?: boolean;
  /** Number columns: every value is above the one before it, as in a row number or a time. */
  readonly increasing?: boolean;
  /** Text columns of at most 500 different characters: all of them in order, and the length of the longest text. */
  readonly alphabet?: string;
  readonly longest?: number;
  /** The unit of a number column where the header names one in brackets: `mass (g)`. */
  readonly unit?: string;
}

/** Most nodes, most edges as stored, and numbers per node. */
export interface GraphSize {
  readonly nodes: number;
  readonly edges: number;
  readonly features: number;
}

/** One graph per row, each padded to the largest; what lies beyond a row's counts is 0 and means nothing. */
export interface GraphValues {
  /** (rows) */
  readonly nodeCounts: Int32Array;
  /** (rows) */
  readonly edgeCounts: Int32Array;
  /** (rows, nodes, features) */
  readonly features: Float32Array;
  /** (rows, edges, 2): source and target within the row's own nodes; an undirected edge is stored once. */
  readonly edges: Int32Array;
}

/** Stored as: number f64 (NaN = gap), category i32 codes (-1 = gap), image u8, text strings, vector f32, graph padded. */
export type Column =
  | { readonly info: ColumnInfo; readonly type: 'number'; readonly values: Float64Array }
  | { readonly info: ColumnInfo; readonly type: 'category'; readonly values: Int32Array }
  | { readonly info: ColumnInfo; readonly type: 'image'; readonly values: Uint8Array }
  | { readonly info: ColumnInfo; readonly type: 'text'; readonly values: readonly string[] }
  | { readonly info: ColumnInfo; readonly type: 'vector'; readonly values: Float32Array }
  | { readonly info: ColumnInfo; readonly type: 'graph'; readonly values: GraphValues };

/** What a delimited text file can hold. */
export type TableColumn = Extract<Column, { type: 'number' | 'category' | 'text' }>;

export interface DataSetInfo {
  /** Stable name in commands and configs: `fashion-mnist`, or derived from the file's name. */
  readonly id: string;
  readonly name: string;
  /** SHA-256 over the stored columns: the data's version. */
  readonly hash: string;
  readonly origin: 'sample' | 'csv' | 'text';
  /**
   * `text`: a table with the one category column `character`, a row per character in reading order. `graph`: rows are
   * the nodes of one graph. `graphs`: every row is a graph.
   */
  readonly kind: 'table' | 'images' | 'text' | 'graph' | 'graphs';
  readonly rowCount: number;
  readonly columns: readonly ColumnInfo[];
  /** Kind `graph`. */
  readonly edges?: { readonly count: number; readonly directed: boolean };
  /** Rows from this index on are the given test set. */
  readonly testFrom?: number;
  /** The category column that says which part a row belongs to: `train`, `validation` or `test`. It is no feature. */
  readonly partColumn?: string;
  /** The column to predict unless the user chooses another. */
  readonly defaultTarget?: string;
  readonly description: string;
  readonly licence?: string;
}

export interface DataSet {
  readonly info: DataSetInfo;
  readonly columns: readonly Column[];
  /** Kind `graph`: (edges, 2) rows it leads from and to; an undirected edge is stored once. */
  readonly edges?: Int32Array;
}

/** What is asked of a network; one file each in core/tasks. */
export type Task =
  | 'classification'
  | 'regression'
  | 'multiLabel'
  | 'sequenceLabelling'
  | 'nextToken'
  | 'forecasting'
  | 'sequenceToSequence'
  | 'nodeClassification'
  | 'autoencoding'
  | 'adversarial'
  | 'diffusion';

/** What an Input or Output node can be bound to. */
export interface DataRole {
  /** `image`, `features`, or the target column's name. */
  readonly name: string;
  readonly kind: 'input' | 'target';
  /**
   * With the batch first; a target of c classes is (B, c), a number target (B, 1), h steps ahead (B, h). Tokens are
   * (B, T), a class per time step is (B, T, c), per node of a graph (B, N, c). A target may be an image (B, C, H, W).
   */
  readonly shape: Shape;
  readonly task?: Task;
  /** Targets of classes, labels or tokens, and inputs of tokens: the names by code. */
  readonly classNames?: readonly string[];
  /** Number targets. */
  readonly unit?: string;
  /** For the node: `1 × 28 × 28, scaled 0–1`, `7 columns, standardised`. */
  readonly description: string;
}
