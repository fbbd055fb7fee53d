/** Small documents with blocks for tests. */
import type { BlockDefinition, LayerNode, NetworkDocument, ParamValues } from '../graph/document.ts';
import { draw } from './documents.ts';

/** A block from short words, as `draw`: its id is its name. */
export function drawBlock(name: string, nodes: string, edges: string, params: Readonly<Record<string, ParamValues>> = {}): BlockDefinition {
  const { nodes: drawn, edges: lines } = draw(nodes, edges, params);
  return { id: name, name, nodes: drawn.map(nameBlock), edges: lines };
}

/** A document of which nodes `name:block=id` stand for blocks. */
export function drawWithBlocks(
  nodes: string,
  edges: string,
  params: Readonly<Record<string, ParamValues>>,
  blocks: readonly BlockDefinition[],
): NetworkDocument {
  const document = draw(nodes, edges, params);
  return { ...document, nodes: document.nodes.map(nameBlock), blocks };
}

/** The type `block=id` is a block with its id. */
function nameBlock(node: LayerNode): LayerNode {
  const [type = '', block] = node.type.split('=');
  return block === undefined ? node : { ...node, type, block };
}

/** The node with one field changed. */
export function changeNode(document: NetworkDocument, id: string, change: Partial<LayerNode>): NetworkDocument {
  return { ...document, nodes: document.nodes.map((node) => (node.id === id ? { ...node, ...change } : node)) };
}

/** in → dense of `units` → out. */
export const denseBlock = (units: number): BlockDefinition =>
  drawBlock('dense block', 'in:blockInput d:dense out:blockOutput', 'in>d d>out', { d: { units, activation: 'tanh' } });

/** features (5) → dense of 6 → the block three times → dense of 1 → output. */
export const repeatedBlock = (units = 6, repeat = 3): NetworkDocument =>
  drawWithBlocks(
    'in:input first:dense body:block=dense-block last:dense out:output',
    'in>first first>body body>last last>out',
    { in: { role: 'features' }, first: { units: 6 }, body: { repeat }, last: { units: 1 }, out: { role: 'mass' } },
    [{ ...denseBlock(units), id: 'dense-block' }],
  );
