/**
 * What the user draws: layers, the edges between them and named blocks of both, as versioned JSON.
 * Nothing here knows shapes or pixels beyond a node's position on the canvas.
 */

export const documentFormat = 'layerbench.network';
export const documentVersion = 2;

export type NodeId = string;
export type EdgeId = string;
export type BlockId = string;

/** A layer parameter as it stands in JSON; its meaning comes from the layer's definition. */
export type ParamValue = number | string | boolean | null | readonly number[];
export type ParamValues = Readonly<Record<string, ParamValue>>;

export interface LayerNode {
  readonly id: NodeId;
  /** The layer definition's `type`, e.g. `dense`. */
  readonly type: string;
  /** The definition's version the parameters were written with. */
  readonly typeVersion: number;
  /** Shown on the node, unique within its graph: `dense_1`. */
  readonly name: string;
  /** Only what differs from the defaults. */
  readonly params: ParamValues;
  /** Nodes of type `block`: which block stands here. */
  readonly block?: BlockId;
  /** A node of the same graph whose weights are used here too: one parameter, its gradient the sum of both uses. */
  readonly weightsOf?: NodeId;
  /** Its weights (a block's: all within) stay as they start: no gradient, no optimizer state. */
  readonly frozen?: true;
  /** Canvas position of the node's top left corner, in canvas pixels at zoom 1. */
  readonly position: { readonly x: number; readonly y: number };
}

export interface Edge {
  readonly id: EdgeId;
  readonly from: NodeId;
  readonly to: NodeId;
  /** Which input of `to`: 0 for layers with one input, the order of operands for Add and Concat. */
  readonly toPort: number;
}

/** Nodes and edges; ids are unique within one graph. */
export interface GraphParts {
  readonly nodes: readonly LayerNode[];
  readonly edges: readonly Edge[];
}

/**
 * A graph that can stand as a node, as often as wanted, and repeat: its nodes of type `blockInput` are the inputs in
 * their order, its one `blockOutput` is what leaves.
 */
export interface BlockDefinition extends GraphParts {
  readonly id: BlockId;
  /** Unique within the document: `transformer block`. */
  readonly name: string;
}

export interface NetworkDocument extends GraphParts {
  readonly format: typeof documentFormat;
  readonly version: typeof documentVersion;
  readonly name: string;
  readonly blocks: readonly BlockDefinition[];
}
