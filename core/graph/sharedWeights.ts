/**
 * Weights that two nodes of a graph share (`weightsOf`), as a network's first and last layer share the rows of its
 * tokens (Press, Wolf 2017). Weights go together by name and must have equal shapes; what the other layer does not have
 * (a bias) stays the layer's own. Two nodes of the same block share everything within.
 */
import { resolveParams } from '../layers/params.ts';
import { block as blockLayer } from '../layers/block.ts';
import type { WeightSpec } from '../layers/defineLayer.ts';
import type { Problem } from '../problem.ts';
import type { GraphParts, LayerNode, NodeId } from './document.ts';
import type { NodeShapes } from './inferShapes.ts';

/** Weights of the layers whose shapes are known. */
export type OwnWeights = Map<NodeId, readonly WeightSpec[]>;

/** The node whose weights a node uses in the end, itself where it has its own; null where they go in a circle or end nowhere. */
export function weightsOwner(graph: GraphParts, node: LayerNode): LayerNode | null {
  const passed = new Set<NodeId>([node.id]);
  let owner = node;
  while (owner.weightsOf !== undefined) {
    const next = graph.nodes.find(({ id }) => id === owner.weightsOf);
    if (next === undefined || passed.has(next.id)) return null;
    passed.add(next.id);
    owner = next;
  }
  return owner;
}

/** Names of the weights that a layer takes from the owner. */
export function sharedNames(own: readonly WeightSpec[], owner: readonly WeightSpec[]): Set<string> {
  return new Set(own.map(({ name }) => name).filter((name) => owner.some((other) => other.name === name)));
}

/** Takes what is shared out of the counts, and reports what can't be shared. */
export function shareWeights(graph: GraphParts, nodes: Map<NodeId, NodeShapes>, weights: OwnWeights): void {
  for (const node of graph.nodes) {
    const shapes = nodes.get(node.id);
    if (node.weightsOf === undefined || shapes === undefined) continue;
    const owner = weightsOwner(graph, node);
    if (owner === null) report(node, graph, shapes, nodes);
    else if (node.type === 'block' || owner.type === 'block') shareBlock(node, owner, shapes, nodes);
    else shareLayer(node, owner, shapes, nodes, weights);
  }
}

function shareLayer(node: LayerNode, owner: LayerNode, shapes: NodeShapes, nodes: Map<NodeId, NodeShapes>, weights: OwnWeights): void {
  const own = weights.get(node.id);
  const theirs = weights.get(owner.id);
  // Another problem hides the shapes: nothing can be said yet.
  if (own === undefined || theirs === undefined) return;
  const names = sharedNames(own, theirs);
  const different = own.find((spec) => {
    const other = theirs.find(({ name }) => name === spec.name);
    return other !== undefined && String(other.shape) !== String(spec.shape);
  });
  if (names.size === 0 || different !== undefined) {
    const other = theirs.find(({ name }) => name === different?.name);
    const reason =
      different === undefined || other === undefined
        ? `${owner.name} has no weights that ${node.name} could use`
        : `its ${different.name} is ${different.shape.join(' × ')}, that of ${owner.name} is ${other.shape.join(' × ')}`;
    nodes.set(node.id, withProblem(shapes, 'weights.shape', node, `${node.name} can't share the weights of ${owner.name}: ${reason}.`));
    return;
  }
  const elements = (shape: readonly number[]) => shape.reduce((product, size) => product * size, 1);
  const shared = own.reduce((sum, { name, shape }) => sum + (names.has(name) ? elements(shape) : 0), 0);
  const parameters = shapes.parameters - shared;
  nodes.set(node.id, {
    ...shapes,
    parameters,
    frozenParameters: node.frozen === true ? parameters : 0,
    sharedParameters: shared,
    summary: `${shapes.summary} · weights of ${owner.name}`,
  });
}

function shareBlock(node: LayerNode, owner: LayerNode, shapes: NodeShapes, nodes: Map<NodeId, NodeShapes>): void {
  const theirs = nodes.get(owner.id);
  const repeats = [node, owner].map(({ params }) => resolveParams(blockLayer, params).repeat);
  const expected =
    node.block !== owner.block || node.type !== owner.type
      ? 'only two nodes of the same block share their weights'
      : repeats[0] !== repeats[1]
        ? `it repeats ${repeats[0]} times, ${owner.name} ${repeats[1]} times`
        : theirs?.inside !== undefined && shapes.inside !== undefined && theirs.parameters !== shapes.parameters
          ? 'other shapes arrive, and its layers would have other weights'
          : null;
  nodes.set(
    node.id,
    expected !== null
      ? withProblem(shapes, 'weights.block', node, `${node.name} can't share the weights of ${owner.name}: ${expected}.`)
      : {
          ...shapes,
          parameters: 0,
          frozenParameters: 0,
          sharedParameters: shapes.parameters,
          summary: `${shapes.summary} · weights of ${owner.name}`,
        },
  );
}

function report(node: LayerNode, graph: GraphParts, shapes: NodeShapes, nodes: Map<NodeId, NodeShapes>): void {
  const source = graph.nodes.find(({ id }) => id === node.weightsOf);
  const message =
    source === undefined
      ? `${node.name} should use the weights of a layer "${node.weightsOf}" that is not beside it.`
      : `${node.name} should use the weights of ${source.name}, which uses those of ${node.name}: nobody has weights of its own.`;
  nodes.set(node.id, withProblem(shapes, source === undefined ? 'weights.missing' : 'weights.circle', node, message));
}

function withProblem(shapes: NodeShapes, code: string, node: LayerNode, message: string): NodeShapes {
  const problem: Problem = {
    code,
    where: { kind: 'node', node: node.id },
    message,
    hint: 'Give it weights of its own, or choose another layer.',
    fixes: [{ kind: 'setWeightsOf', label: `Give ${node.name} weights of its own`, node: node.id, source: null }],
  };
  return { ...shapes, problems: [...shapes.problems, problem] };
}
