/**
 * Where a network has an activation that acts on every number by itself, and the same network with another one there:
 * in one layer, to see what it alone does to the gradients, or in all of them.
 */
import { findBlock } from '../graph/blocks.ts';
import type { BlockId, LayerNode, NetworkDocument, NodeId, ParamValues } from '../graph/document.ts';
import { findLayer } from '../layers/index.ts';
import { resolveParams } from '../layers/params.ts';
import { isCurve, type CurveActivation } from './activationCurve.ts';

/** A layer's activation: its parameter, or itself where it stands alone; undefined for none, and for those that act on rows. */
export function activationOf({ type, params }: { readonly type: string; readonly params: ParamValues }): CurveActivation | undefined {
  const definition = findLayer(type);
  const name: unknown = isCurve(type) ? type : definition === undefined ? undefined : resolveParams(definition, params)['activation'];
  return isCurve(name) && name !== 'linear' ? name : undefined;
}

/** Whether the layer offers this activation. */
function canHave({ type }: LayerNode, name: CurveActivation): boolean {
  const spec = findLayer(type)?.params['activation'];
  return isCurve(type) || (spec?.kind === 'choice' && spec.options.some(({ value }) => value === name));
}

function withActivation(node: LayerNode, name: CurveActivation): LayerNode {
  if (!canHave(node, name) || activationOf(node) === name) return node;
  if (!isCurve(node.type)) return { ...node, params: { ...node.params, activation: name } };
  const type = name === 'linear' ? 'identity' : name;
  return { ...node, type, typeVersion: findLayer(type)!.version, params: {} };
}

export interface ActivationSite {
  /** Nodes that lead to it: the blocks it stands in, and itself. */
  readonly path: readonly NodeId[];
  readonly activation: CurveActivation;
}

/** All of them but those that give the network's answer, in the document's order. */
export function activationSites(document: NetworkDocument): ActivationSite[] {
  const answers = new Set(document.nodes.filter(({ type }) => type === 'output').map(({ id }) => id));
  const last = new Set(document.edges.filter(({ to }) => answers.has(to)).map(({ from }) => from));
  const within = (nodes: readonly LayerNode[], path: readonly NodeId[]): ActivationSite[] =>
    nodes.flatMap((node) => {
      const own = [...path, node.id];
      const activation = path.length === 0 && last.has(node.id) ? undefined : activationOf(node);
      const inside = findBlock(document, node.block)?.nodes ?? [];
      return activation === undefined ? within(inside, own) : [{ path: own, activation }];
    });
  return within(document.nodes, []);
}

/** Of a lowered layer (`n5/0/n2`): the nodes that lead to it, whichever repetition it is. */
export const pathOf = (lowered: string): readonly NodeId[] => lowered.split('/').filter((_, i) => i % 2 === 0);

/** A lowered layer (`n5/1/n2`) in words: the blocks it stands in, with the repetition where there are several: `stage_1 #2 › relu_1`. */
export function placeOf(document: NetworkDocument, lowered: string): string {
  const words: string[] = [];
  let nodes: readonly LayerNode[] | undefined = document.nodes;
  const parts = lowered.split('/');
  for (let i = 0; i < parts.length; i += 2) {
    const node: LayerNode | undefined = nodes?.find(({ id }) => id === parts[i]);
    if (node === undefined) return lowered;
    const repeats = Number(node.params['repeat'] ?? 1) > 1;
    words.push(repeats && parts[i + 1] !== undefined ? `${node.name} #${Number(parts[i + 1]) + 1}` : node.name);
    nodes = findBlock(document, node.block)?.nodes;
  }
  return words.join(' › ');
}

/**
 * The network with this activation at these places, where the layer offers it. A block is one drawing however often it
 * is used: what changes in it changes wherever it stands.
 */
export function swapActivations(document: NetworkDocument, name: CurveActivation, sites: readonly ActivationSite[]): NetworkDocument {
  const changed = new Map<BlockId | undefined, Set<NodeId>>();
  for (const { path } of sites) {
    let block: BlockId | undefined;
    for (const id of path.slice(0, -1)) block = (block === undefined ? document : findBlock(document, block))?.nodes.find((node) => node.id === id)?.block; // prettier-ignore
    changed.set(block, (changed.get(block) ?? new Set()).add(path.at(-1)!));
  }
  const swapIn = (block: BlockId | undefined, nodes: readonly LayerNode[]): readonly LayerNode[] =>
    nodes.map((node) => (changed.get(block)?.has(node.id) === true ? withActivation(node, name) : node));
  return {
    ...document,
    nodes: swapIn(undefined, document.nodes),
    blocks: document.blocks.map((block) => ({ ...block, nodes: swapIn(block.id, block.nodes) })),
  };
}
