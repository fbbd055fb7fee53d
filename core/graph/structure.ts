/** What is wrong with a document's graph itself, before any shape: cycles, unknown layers, names, edges, counts. */
import { findLayer } from '../layers/index.ts';
import type { Problem } from '../problem.ts';
import { inputCountOf } from './blocks.ts';
import type { Edge, EdgeId, LayerNode, NetworkDocument, NodeId } from './document.ts';
import { uniqueName } from './names.ts';
import { ancestors, findCycles, type Graph } from './walk.ts';

export interface StructureProblems {
  readonly document: readonly Problem[];
  readonly nodes: ReadonlyMap<NodeId, readonly Problem[]>;
  readonly edges: ReadonlyMap<EdgeId, Problem>;
}

export function structureProblems(document: NetworkDocument, graph: Graph): StructureProblems {
  const nodes = new Map<NodeId, Problem[]>();
  const edges = new Map<EdgeId, Problem>();
  // A problem of an edge stays the same object on its node, so that it is counted once.
  const report = (node: LayerNode, problem: Problem): void => {
    const placed: Problem = problem.where === undefined ? { ...problem, where: { kind: 'node', node: node.id } } : problem;
    nodes.set(node.id, [...(nodes.get(node.id) ?? []), placed]);
  };
  const nameOf = (id: NodeId): string => graph.nodes.get(id)?.name ?? `"${id}"`;

  const names = new Set<string>();
  for (const node of document.nodes) {
    if (names.has(node.name)) {
      const name = uniqueName(node.type, new Set([...names, ...document.nodes.map((other) => other.name)]));
      report(node, {
        code: 'node.duplicateName',
        message: `Two layers are named ${node.name}, expected every name once.`,
        hint: `Rename one, for example to ${name}.`,
        fixes: [{ kind: 'renameNode', label: `Rename to ${name}`, node: node.id, name }],
      });
    }
    names.add(node.name);
    checkNode(node, document, graph, report, nameOf, edges);
  }

  for (const edge of graph.dangling) {
    const missing = graph.nodes.has(edge.from) ? edge.to : edge.from;
    const present = graph.nodes.get(edge.from) ?? graph.nodes.get(edge.to);
    edges.set(edge.id, {
      code: 'edge.dangling',
      where: { kind: 'edge', edge: edge.id },
      message: `A connection ${graph.nodes.has(edge.from) ? 'from' : 'to'} ${present?.name ?? 'nowhere'} leads ${graph.nodes.has(edge.from) ? 'to' : 'from'} a layer "${missing}" that is not in the document.`,
      hint: 'Remove the connection.',
      fixes: [{ kind: 'removeEdge', label: 'Remove the connection', edge: edge.id }],
    });
  }

  const cycles = findCycles(document, graph).map((path): Problem => cycleProblem(path, nameOf, edges));
  return { document: cycles, nodes, edges };
}

function checkNode(
  node: LayerNode,
  document: NetworkDocument,
  graph: Graph,
  report: (node: LayerNode, problem: Problem) => void,
  nameOf: (id: NodeId) => string,
  edges: Map<EdgeId, Problem>,
): void {
  const definition = findLayer(node.type);
  if (definition === undefined) {
    report(node, {
      code: 'layer.unknown',
      message: `${node.name} is a layer of type "${node.type}", which this Layerbench does not know.`,
      hint: 'Open the document with a newer Layerbench, or remove the layer.',
      fixes: [{ kind: 'removeNode', label: `Remove ${node.name}`, node: node.id }],
    });
    return;
  }
  if (node.typeVersion > definition.version) {
    report(node, {
      code: 'layer.newer',
      message: `${node.name} was saved with version ${node.typeVersion} of ${definition.title}, this Layerbench knows up to version ${definition.version}.`,
      hint: 'Open the document with a newer Layerbench.',
    });
  }
  const incoming = graph.incoming.get(node.id) ?? [];
  const { min, max } = inputCountOf(document, node);
  if (incoming.length < min) {
    report(node, {
      code: 'node.unconnected',
      message: `${node.name} has ${incoming.length === 0 ? 'no input' : `only the input ${nameOf(incoming[0]?.from ?? '')}`}, expected ${countInputs(min, max)}${portList(definition.ports, min)}.`,
      ...(edgesFix(definition.ports?.[incoming.length], node, graph) ?? {
        hint: `Connect another layer to ${node.name}.`,
        ...looseEndFix(node, graph),
      }),
    });
  }
  incoming.slice(max).forEach((edge) => {
    const problem: Problem = {
      code: 'edge.tooMany',
      where: { kind: 'edge', edge: edge.id },
      message:
        max === 0
          ? `${node.name} takes no input, but ${nameOf(edge.from)} is connected to it.`
          : `${node.name} takes ${countInputs(min, max)}, but ${nameOf(incoming[0]?.from ?? '')} and ${nameOf(edge.from)} are both connected.`,
      hint: max === 0 ? 'Remove the connection.' : 'Remove one connection, or join the branches with Add or Concat.',
      fixes: [{ kind: 'removeEdge', label: `Disconnect ${nameOf(edge.from)}`, edge: edge.id }],
    };
    edges.set(edge.id, problem);
    report(node, problem);
  });
  const source = incoming.find((edge) => findLayer(graph.nodes.get(edge.from)?.type ?? '')?.hasOutput === false);
  if (source !== undefined) {
    edges.set(source.id, {
      code: 'edge.fromOutput',
      where: { kind: 'edge', edge: source.id },
      message: `${nameOf(source.from)} ends the network, but is connected on to ${node.name}.`,
      hint: 'Remove the connection.',
      fixes: [{ kind: 'removeEdge', label: 'Remove the connection', edge: source.id }],
    });
  }
}

/** `: nodes and edges` */
function portList(ports: readonly string[] | undefined, min: number): string {
  return ports === undefined ? '' : `: ${ports.slice(0, min).join(' and ')}`;
}

/** A graph layer without its edges: they come from an Input of edges, past all other layers. */
function edgesFix(port: string | undefined, node: LayerNode, graph: Graph): Pick<Problem, 'hint' | 'fixes'> | undefined {
  if (port !== 'edges') return undefined;
  const source = [...graph.nodes.values()].find(({ type, params }) => type === 'input' && isInputOfEdges(params));
  if (source === undefined) return { hint: `Add an Input bound to the edges and connect it to ${node.name}, after its nodes.` };
  return {
    hint: `Connect the Input ${source.name} to ${node.name}, after its nodes.`,
    fixes: [{ kind: 'connect', label: `Connect ${source.name} to ${node.name}`, from: source.id, to: node.id }],
  };
}

function isInputOfEdges({ role, shape }: LayerNode['params']): boolean {
  return role === 'edges' || (typeof shape === 'string' && /^\s*\d+\s*edges?\s*$/.test(shape));
}

/** Where exactly one layer leads nowhere, it is most likely the one that belongs here. */
function looseEndFix(node: LayerNode, graph: Graph): Pick<Problem, 'fixes'> {
  const loose = [...graph.nodes.values()].filter(
    ({ id, type }) =>
      findLayer(type)?.hasOutput === true && (graph.outgoing.get(id) ?? []).length === 0 && !ancestors(graph, id).has(node.id),
  );
  const source = loose[0];
  if (source === undefined || loose.length > 1) return {};
  return { fixes: [{ kind: 'connect', label: `Connect ${source.name} to ${node.name}`, from: source.id, to: node.id }] };
}

function cycleProblem(path: readonly Edge[], nameOf: (id: NodeId) => string, edges: Map<EdgeId, Problem>): Problem {
  const last = path.at(-1);
  const route = [...path.map((edge) => nameOf(edge.from)), nameOf(last?.to ?? '')];
  const shown = route.length > 8 ? [...route.slice(0, 4), '…', ...route.slice(-3)] : route;
  const problem: Problem = {
    code: 'graph.cycle',
    where: { kind: 'edge', edge: last?.id ?? '' },
    message: `The connections form a cycle, ${shown.join(' → ')}; a network must flow from Input to Output.`,
    hint: 'Remove one of these connections.',
    fixes: path
      .slice(-8)
      .reverse()
      .map((edge) => ({
        kind: 'removeEdge',
        label: `Disconnect ${nameOf(edge.from)} from ${nameOf(edge.to)}`,
        edge: edge.id,
      })),
  };
  for (const edge of path) edges.set(edge.id, problem);
  return problem;
}

function countInputs(min: number, max: number): string {
  const inputs = (count: number): string => `${count === 1 ? 'one' : count} ${count === 1 ? 'input' : 'inputs'}`;
  if (min === max) return inputs(min);
  return max === Infinity ? `at least ${inputs(min)}` : `${min} to ${inputs(max)}`;
}
