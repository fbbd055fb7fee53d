/** What goes into a trained network and what it answers, as people read it. */
import type { Task } from '../data/dataSet.ts';

/** Images of one size, row-major bytes, C × H × W each. */
export interface ImageSheet {
  readonly shape: readonly [number, number, number];
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** One value a person types for a column. */
export interface UseField {
  readonly name: string;
  readonly type: 'number' | 'category';
  /** Of the training rows' values: their median or most frequent one; what stands there before anything is typed. */
  readonly usual: number | string | null;
  readonly unit?: string;
  /** Number fields: over the whole data set. Other values are allowed, the network has just never seen such. */
  readonly range?: { readonly min: number; readonly max: number };
  readonly integers?: boolean;
  readonly categories?: readonly string[];
  /** A gap (null) is a value the network knows. */
  readonly gaps: boolean;
}

/** What can be done with a finished run; a run has those that are there. */
export interface UseAbilities {
  readonly task: Task;
  /** `use.predict`. */
  readonly predict?: {
    readonly answer: 'classes' | 'labels' | 'number' | 'steps' | 'values';
    readonly fields: readonly UseField[];
    /** C, H, W where an image goes in. */
    readonly image?: readonly [number, number, number];
    /** False where only rows of the data set can go in: graphs, windows of rows. */
    readonly typed: boolean;
    readonly classNames?: readonly string[];
    readonly unit?: string;
  };
  /** `use.generate`: how many tokens it sees at once, and which there are. */
  readonly generate?: { readonly window: number; readonly alphabet: readonly string[]; readonly prompt: string };
  /** `use.translate`. */
  readonly translate?: {
    readonly source: string;
    readonly target: string;
    readonly longest: number;
    readonly alphabet: string;
    readonly examples: readonly { readonly row: number; readonly source: string; readonly target: string }[];
  };
  /** `use.forecast`; `first` is the first row that can be forecast, `rowCount` the one behind the end. */
  readonly forecast?: {
    readonly column: string;
    readonly unit?: string;
    readonly past: number;
    readonly horizon: number;
    readonly first: number;
    readonly rowCount: number;
  };
  /** `use.nodes`. */
  readonly nodes?: { readonly count: number; readonly classNames: readonly string[] };
  /** `use.sample`. */
  readonly sample?: {
    readonly image?: readonly [number, number, number];
    readonly samplers: readonly ('ddpm' | 'ddim')[];
    /** Noise steps of the diffusion: all of them are DDPM's, DDIM takes any number of them. */
    readonly steps?: number;
    /** Classes that can be asked for. */
    readonly classNames?: readonly string[];
  };
  /** Rows of the test part (else validation, else training) to begin with, at most 24. */
  readonly examples: readonly number[];
  readonly examplesPart: 'test' | 'validation' | 'train';
}

/** What goes in: a row or an image of the data set, or what a person types or draws. */
export type UseItem =
  | { readonly row: number }
  | {
      /** By field; one that is missing takes its usual value. */
      readonly values?: Readonly<Record<string, number | string | null>>;
      /** C × H × W bytes, 0–255, as the data set stores its images. */
      readonly image?: Uint8Array;
    };

/** What a network says to one item. `truth` stands where the item is a row whose target is known. */
export type UseAnswer =
  | {
      readonly kind: 'classes';
      readonly classNames: readonly string[];
      readonly probabilities: readonly number[];
      readonly predicted: string;
      readonly truth?: string;
    }
  | {
      readonly kind: 'labels';
      readonly names: readonly string[];
      readonly probabilities: readonly number[];
      readonly truth?: readonly boolean[];
    }
  | { readonly kind: 'number'; readonly value: number; readonly unit?: string; readonly truth?: number }
  /** A class for every step of a window. */
  | {
      readonly kind: 'steps';
      readonly classNames: readonly string[];
      readonly predicted: readonly string[];
      /** Of the predicted class. */
      readonly probabilities: readonly number[];
      readonly truth?: readonly string[];
    }
  /** The input again, after an autoencoder: `error` is the mean square on the training scale. */
  | {
      readonly kind: 'values';
      readonly error: number;
      /** What went in and what came out. */
      readonly image?: { readonly original: ImageSheet; readonly output: ImageSheet };
      readonly fields?: readonly {
        readonly name: string;
        readonly original: number | string | null;
        readonly output: number | string | null;
      }[];
    };

/** A row of the data set as it goes into the network: to be shown, or changed and predicted again. */
export interface UseRow {
  readonly row: number;
  readonly values: Readonly<Record<string, number | string | null>>;
  readonly image?: ImageSheet;
  readonly truth?: string | number | null;
}

export interface Forecast {
  readonly column: string;
  readonly unit?: string;
  /** Row of the first forecast value. */
  readonly row: number;
  /** Up to three times `past` rows before it; null is a gap. */
  readonly history: readonly (number | null)[];
  readonly values: readonly number[];
  /** What really came, where the data set goes on; shorter than `values` near its end. */
  readonly actual: readonly (number | null)[];
}

export interface NodeAnswers {
  readonly classNames: readonly string[];
  /** (nodes, classes) */
  readonly probabilities: Float32Array;
  /** (nodes): class codes; truth is -1 where there is none. */
  readonly predicted: Int32Array;
  readonly truth: Int32Array;
  /** (nodes): 0 training, 1 validation, 2 test, 3 none of them. */
  readonly part: Uint8Array;
  /** (edges, 2) as the data set lists them. */
  readonly edges: Int32Array;
}
