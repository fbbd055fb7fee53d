/**
 * One file defines one layer: parameters, shape rule, weights and how it lowers to ops. The palette, the inspector
 * and the help page are generated from the definition; a layer knows no pixels and writes no gradient of its own.
 */
import type { ParamValue } from '../graph/document.ts';
import type { Shape } from '../graph/shape.ts';
import type { Problem } from '../problem.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { DataRole } from '../data/dataSet.ts';
import type { Sizes } from './sizes.ts';

export type LayerFamily =
  | 'input'
  | 'output'
  | 'dense'
  | 'convolution'
  | 'pooling'
  | 'activation'
  | 'normalisation'
  | 'regularisation'
  | 'recurrent'
  | 'attention'
  | 'graph'
  | 'structure';

interface ParamBase<T> {
  readonly label: string;
  /** One sentence for the inspector's hint and the help page. */
  readonly doc: string;
  readonly default: T;
  /** Settings that few change: shown in a fold of their own. */
  readonly advanced?: true;
  /** Shown only while the other parameter has one of these values. */
  readonly onlyWith?: { readonly param: string; readonly values: readonly ParamValue[] };
}

/** How a parameter is entered, checked and shown. */
export type ParamSpec =
  | (ParamBase<number> & {
      readonly kind: 'integer' | 'number';
      readonly min: number;
      readonly max: number;
      /** `min` itself is not allowed: above 0. */
      readonly openMin?: true;
      readonly unit?: string;
      readonly step?: number;
    })
  | (ParamBase<boolean> & { readonly kind: 'boolean' })
  | (ParamBase<string> & {
      readonly kind: 'choice';
      readonly options: readonly { readonly value: string; readonly label: string; readonly doc?: string }[];
    })
  /** Whole numbers, one per axis; a single number stands for all of them. Or one of the words. See sizes.ts. */
  | (ParamBase<number | string> & {
      readonly kind: 'sizes';
      /** What the numbers are, in order: height, width. */
      readonly axes: readonly string[];
      readonly min: number;
      readonly max: number;
      readonly unit?: string;
      readonly words?: readonly { readonly value: string; readonly label: string; readonly doc?: string }[];
    })
  /** Free text, e.g. a shape; the layer's shape rule checks it. */
  | (ParamBase<string> & { readonly kind: 'text'; readonly placeholder?: string })
  /** A role of the bound data set, chosen from those of the wanted kind. */
  | (ParamBase<string> & { readonly kind: 'role'; readonly roleKind: 'input' | 'target' });

export type ParamSpecs = Readonly<Record<string, ParamSpec>>;

export type ParamsOf<S extends ParamSpecs> = {
  readonly [K in keyof S]: S[K] extends { kind: 'integer' | 'number' }
    ? number
    : S[K] extends { kind: 'boolean' }
      ? boolean
      : S[K] extends { kind: 'sizes' }
        ? Sizes
        : string;
};

export interface LayerContext<P> {
  readonly params: P;
  /** Shapes of the connected inputs, in port order. */
  readonly inputs: readonly Shape[];
  /** Names of the connected nodes, in port order, for messages. */
  readonly inputNames: readonly string[];
  /** The bound role of Input and Output; absent while no data set is chosen. */
  readonly role?: DataRole;
  /** The node's name, for messages. */
  readonly name: string;
}

/**
 * A shape rule's refusal; the caller adds the place. In `fixes` an empty node id stands for the layer's own node
 * and an empty edge id for its incoming edge at `port` (default 0); shape inference fills them in.
 */
export type ShapeProblem = Omit<Problem, 'where'> & { readonly port?: number };

export type Initialiser =
  | { readonly kind: 'zeros' }
  | { readonly kind: 'ones' }
  | { readonly kind: 'constant'; readonly value: number }
  /** Uniform in [-bound, bound). */
  | { readonly kind: 'uniform'; readonly bound: number }
  | { readonly kind: 'normal'; readonly standardDeviation: number }
  /** Normal, drawn again beyond two deviations. */
  | { readonly kind: 'truncatedNormal'; readonly standardDeviation: number }
  /** As a matrix (first axis, the rest): the fewer of rows and columns orthogonal and of length `gain`. */
  | { readonly kind: 'orthogonal'; readonly gain: number };

export interface WeightSpec {
  /** `weight`, `bias`; the slot is named `<node id>/<name>`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly initialiser: Initialiser;
}

export interface LowerContext<P> extends LayerContext<P> {
  readonly b: Builder;
  readonly values: readonly Value[];
  readonly weights: Readonly<Record<string, Value>>;
  /** Present where the definition declares statistics. */
  readonly statistics?: LoweredStatistics;
  /** Adds (B) to the loss of each sample, as the Kullback-Leibler term of a variational autoencoder. */
  readonly addLoss?: (perSample: Value) => void;
  /** Dropout and batch norm differ between the two. */
  readonly mode: 'train' | 'evaluate';
}

/** State that training keeps but no gradient changes, such as batch norm's running mean. */
export interface LoweredStatistics {
  /** At the start of the step, by name. */
  readonly values: Readonly<Record<string, Value>>;
  /** What holds after this step; only in mode `train`. */
  assign(name: string, value: Value): void;
}

export interface LayerDefinition<S extends ParamSpecs = ParamSpecs> {
  readonly type: string;
  /** Raised when the parameters' meaning changes; `upgrade` then lifts old ones. */
  readonly version: number;
  readonly title: string;
  readonly family: LayerFamily;
  /** Further words the palette search finds it by. */
  readonly keywords: readonly string[];
  readonly doc: {
    /** One paragraph in plain words. */
    readonly summary: string;
    /** Paper or book, with year. */
    readonly source: string;
  };
  readonly params: S;
  /** How many inputs it takes; `max` may be Infinity. */
  readonly inputCount: { readonly min: number; readonly max: number };
  /** What each input is, where they differ: `nodes`, `edges`. */
  readonly ports?: readonly string[];
  readonly hasOutput: boolean;
  /** Whole numbers (B × T) may arrive, or at these ports; everywhere else they are a problem that an Embedding mends. */
  readonly takesTokens?: true | readonly number[];
  /** The output's shape, or why there is none. */
  inferShape(context: LayerContext<ParamsOf<S>>): Shape | ShapeProblem;
  weights(context: LayerContext<ParamsOf<S>>): readonly WeightSpec[];
  /** State that is not trained; every node has its own, also where nodes share weights. Slots as of weights. */
  statistics?(context: LayerContext<ParamsOf<S>>): readonly WeightSpec[];
  lower(context: LowerContext<ParamsOf<S>>): Value;
  /** One short line under the node's name: `128 · ReLU`. */
  describe(context: LayerContext<ParamsOf<S>>): string;
  /** Multiply-adds counted as 2 FLOPs, forward pass of one sample. */
  flops?(context: LayerContext<ParamsOf<S>>): number;
  upgrade?(params: Readonly<Record<string, ParamValue>>, fromVersion: number): Record<string, ParamValue>;
}

export function defineLayer<const S extends ParamSpecs>(definition: LayerDefinition<S>): LayerDefinition<S> {
  return definition;
}

export function isShapeProblem(result: Shape | ShapeProblem): result is ShapeProblem {
  return !Array.isArray(result);
}
