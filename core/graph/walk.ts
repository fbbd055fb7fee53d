/** Order, cycles and neighbours of a document's graph. Tolerates everything a well-formed file may hold. */
import type { Edge, GraphParts, LayerNode, NodeId } from './document.ts';

export interface Graph {
  readonly nodes: ReadonlyMap<NodeId, LayerNode>;
  /** Incoming edges by node, in port order; edges with a missing end are left out. */
  readonly incoming: ReadonlyMap<NodeId, readonly Edge[]>;
  readonly outgoing: ReadonlyMap<NodeId, readonly Edge[]>;
  /** Edges with a missing end. */
  readonly dangling: readonly Edge[];
}

export function readGraph(document: GraphParts): Graph {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const incoming = new Map<NodeId, Edge[]>(document.nodes.map((node) => [node.id, []]));
  const outgoing = new Map<NodeId, Edge[]>(document.nodes.map((node) => [node.id, []]));
  const dangling: Edge[] = [];
  for (const edge of document.edges) {
    if (!nodes.has(edge.from) || !nodes.has(edge.to)) {
      dangling.push(edge);
      continue;
    }
    outgoing.get(edge.from)?.push(edge);
    incoming.get(edge.to)?.push(edge);
  }
  for (const edges of incoming.values()) edges.sort((a, b) => a.toPort - b.toPort);
  return { nodes, incoming, outgoing, dangling };
}

/** Every node after all its inputs, in document order where free; nodes on or behind a cycle are left out. */
export function topologicalOrder(document: GraphParts, graph: Graph): NodeId[] {
  const waiting = new Map(document.nodes.map((node) => [node.id, graph.incoming.get(node.id)?.length ?? 0]));
  const order = document.nodes.filter((node) => waiting.get(node.id) === 0).map((node) => node.id);
  for (let i = 0; i < order.length; i++) {
    for (const edge of graph.outgoing.get(order[i] ?? '') ?? []) {
      const left = (waiting.get(edge.to) ?? 0) - 1;
      waiting.set(edge.to, left);
      if (left === 0) order.push(edge.to);
    }
  }
  return order;
}

/** One closed path of edges for each group of nodes that can reach each other. */
export function findCycles(document: GraphParts, graph: Graph): Edge[][] {
  const ordered = new Set(topologicalOrder(document, graph));
  const cycles: Edge[][] = [];
  const covered = new Set<NodeId>();
  for (const { id } of document.nodes) {
    if (ordered.has(id) || covered.has(id)) continue;
    const cycle = pathBetween(graph, id, id);
    if (cycle === null) continue;
    // Further nodes of the same group would only report the same knot again.
    const before = ancestors(graph, id);
    for (const other of descendants(graph, id)) {
      if (before.has(other)) covered.add(other);
    }
    cycles.push(cycle);
  }
  return cycles;
}

/** The shortest path of at least one edge, or null. */
export function pathBetween(graph: Graph, from: NodeId, to: NodeId): Edge[] | null {
  const cameBy = new Map<NodeId, Edge>();
  const queue: NodeId[] = [from];
  for (let i = 0; i < queue.length; i++) {
    for (const edge of graph.outgoing.get(queue[i] ?? '') ?? []) {
      if (cameBy.has(edge.to)) continue;
      cameBy.set(edge.to, edge);
      if (edge.to === to) {
        const path = [edge];
        for (let first = edge; first.from !== from;) {
          const before = cameBy.get(first.from);
          if (before === undefined) return null;
          path.unshift(before);
          first = before;
        }
        return path;
      }
      queue.push(edge.to);
    }
  }
  return null;
}

/** The nodes from which `id` can be reached, itself included. */
export function ancestors(graph: Graph, id: NodeId): ReadonlySet<NodeId> {
  return spread(id, (node) => (graph.incoming.get(node) ?? []).map((edge) => edge.from));
}

/** The nodes that can be reached from `id`, itself included. */
export function descendants(graph: Graph, id: NodeId): ReadonlySet<NodeId> {
  return spread(id, (node) => (graph.outgoing.get(node) ?? []).map((edge) => edge.to));
}

function spread(start: NodeId, next: (node: NodeId) => readonly NodeId[]): ReadonlySet<NodeId> {
  const found = new Set<NodeId>([start]);
  // A Set's iteration also visits what is added meanwhile.
  for (const node of found) for (const other of next(node)) found.add(other);
  return found;
}
