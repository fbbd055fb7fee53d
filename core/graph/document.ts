/**
 * What the user draws: layers and the edges between them, as versioned JSON.
 * Nothing here knows shapes or pixels beyond a node's position on the canvas.
 */

export const documentFormat = 'layerbench.network';
export const documentVersion = 1;

export type NodeId = string;
export type EdgeId = string;

/** A layer parameter as it stands in JSON; its meaning comes from the layer's definition. */
export type ParamValue = number | string | boolean | null | readonly number[];
export type ParamValues = Readonly<Record<string, ParamValue>>;

export interface LayerNode {
  readonly id: NodeId;
  /** The layer definition's `type`, e.g. `dense`. */
  readonly type: string;
  /** The definition's version the parameters were written with. */
  readonly typeVersion: number;
  /** Shown on the node, unique within the document: `dense_1`. */
  readonly name: string;
  /** Only what differs from the defaults. */
  readonly params: ParamValues;
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

export interface NetworkDocument {
  readonly format: typeof documentFormat;
  readonly version: typeof documentVersion;
  readonly name: string;
  readonly nodes: readonly LayerNode[];
  readonly edges: readonly Edge[];
}
