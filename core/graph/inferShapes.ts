/**
 * Gives every edge a shape with named dimensions, or a Problem that names both ends, the reason and a fix.
 * Never throws: whatever is wrong stays local, and the rest of the document keeps its shapes.
 */
import type { DataRole } from '../data/dataSet.ts';
import { isShapeProblem, type LayerContext, type LayerDefinition, type ParamSpecs, type ParamsOf } from '../layers/defineLayer.ts';
import { refuseTokens } from '../layers/helpers.ts';
import { checkParams, findLayer, resolveParams } from '../layers/index.ts';
import type { Problem, ProblemFix } from '../problem.ts';
import type { Edge, EdgeId, LayerNode, NetworkDocument, NodeId } from './document.ts';
import type { Shape } from './shape.ts';
import { structureProblems } from './structure.ts';
import { readGraph, topologicalOrder, type Graph } from './walk.ts';

export interface NodeShapes {
  /** Shapes that arrive, in port order; absent where unknown. */
  readonly inputs: readonly (Shape | undefined)[];
  /** Absent where unknown: no data, a problem here or before. */
  readonly output?: Shape;
  readonly parameters: number;
  /** Forward pass of one sample; a multiply-add counts as 2. */
  readonly flops: number;
  /** One short line for under the node's name. */
  readonly summary: string;
  readonly problems: readonly Problem[];
}

export interface EdgeShapes {
  readonly shape?: Shape;
  readonly problem?: Problem;
}

export interface NetworkShapes {
  /** Every node after its inputs; nodes on or behind a cycle are missing. */
  readonly order: readonly NodeId[];
  readonly nodes: ReadonlyMap<NodeId, NodeShapes>;
  readonly edges: ReadonlyMap<EdgeId, EdgeShapes>;
  /** All problems, each once. */
  readonly problems: readonly Problem[];
  readonly parameters: number;
  readonly flops: number;
  /** Nodes whose softmax is not computed but fused into the cross-entropy of the Output behind them. */
  readonly softmaxFused: ReadonlySet<NodeId>;
}

/** The context a layer definition is asked with. */
export type AnyContext = LayerContext<ParamsOf<ParamSpecs>>;

/** `roles`: what the data set offers; null while none is chosen. */
export function inferShapes(document: NetworkDocument, roles: readonly DataRole[] | null): NetworkShapes {
  const graph = readGraph(document);
  const order = topologicalOrder(document, graph);
  const structure = structureProblems(document, graph);
  const softmaxFused = findFusedSoftmax(document, graph, roles);
  const nodes = new Map<NodeId, NodeShapes>();
  const edgeProblems = new Map<EdgeId, Problem>(structure.edges);
  const inferred = new Set(order);

  for (const node of [...order.map((id) => graph.nodes.get(id)), ...document.nodes.filter(({ id }) => !inferred.has(id))]) {
    if (node === undefined) continue;
    const own = [...(structure.nodes.get(node.id) ?? [])];
    nodes.set(node.id, inferNode({ node, graph, roles, done: nodes, own, edgeProblems, fused: softmaxFused.has(node.id) }));
  }

  const edges = new Map<EdgeId, EdgeShapes>(
    document.edges.map((edge) => {
      const shape = nodes.get(edge.from)?.output;
      const problem = edgeProblems.get(edge.id);
      return [edge.id, { ...(shape === undefined ? {} : { shape }), ...(problem === undefined ? {} : { problem }) }];
    }),
  );
  const problems = new Set<Problem>([...structure.document, ...edgeProblems.values()]);
  let parameters = 0;
  let flops = 0;
  for (const node of nodes.values()) {
    parameters += node.parameters;
    flops += node.flops;
    for (const problem of node.problems) problems.add(problem);
  }
  return { order, nodes, edges, problems: [...problems], parameters, flops, softmaxFused };
}

/** The role an Input or Output is bound to. */
export function boundRole(
  definition: LayerDefinition,
  params: ParamsOf<ParamSpecs>,
  roles: readonly DataRole[] | null,
): DataRole | undefined {
  for (const [name, spec] of Object.entries(definition.params)) {
    if (spec.kind === 'role') return roles?.find((role) => role.kind === spec.roleKind && role.name === params[name]);
  }
  return undefined;
}

interface NodeTask {
  readonly node: LayerNode;
  readonly graph: Graph;
  readonly roles: readonly DataRole[] | null;
  readonly done: ReadonlyMap<NodeId, NodeShapes>;
  /** Problems of the structure around this node; more are added. */
  readonly own: Problem[];
  readonly edgeProblems: Map<EdgeId, Problem>;
  readonly fused: boolean;
}

function inferNode({ node, graph, roles, done, own, edgeProblems, fused }: NodeTask): NodeShapes {
  const incoming = graph.incoming.get(node.id) ?? [];
  const inputs = incoming.map((edge) => done.get(edge.from)?.output);
  const definition = findLayer(node.type);
  if (definition === undefined) return { inputs, parameters: 0, flops: 0, summary: 'unknown layer', problems: own };

  own.push(...checkParams(definition, node), ...checkBinding(definition, node, roles));
  const params = resolveParams(definition, node.params);
  const role = boundRole(definition, params, roles);
  const context: AnyContext = {
    params,
    inputs: inputs.filter((shape) => shape !== undefined),
    inputNames: incoming.map((edge) => graph.nodes.get(edge.from)?.name ?? '?'),
    name: node.name,
    ...(role === undefined ? {} : { role }),
  };
  const summary = `${definition.describe(context)}${fused ? ', fused into cross-entropy' : ''}`;
  const unknown: NodeShapes = { inputs, parameters: 0, flops: 0, summary, problems: own };
  const noData = definition.type === 'input' && role === undefined && (roles !== null || params.shape === '');
  // A name that stands twice hides nothing about shapes; every other problem would make them a guess.
  const blocked = own.some(({ code }) => code !== 'node.duplicateName');
  if (blocked || noData || context.inputs.length < incoming.length) return unknown;

  const result = refuseTokens(definition, context) ?? definition.inferShape(context);
  if (isShapeProblem(result)) {
    const problem = completeProblem(result, node, incoming, graph, role);
    own.push(problem);
    const edge = incoming[result.port ?? 0];
    if (edge !== undefined) edgeProblems.set(edge.id, problem);
    return unknown;
  }
  const parameters = definition
    .weights(context)
    .reduce((sum, weight) => sum + weight.shape.reduce((product, size) => product * size, 1), 0);
  return {
    inputs,
    parameters,
    summary,
    problems: own,
    flops: definition.flops?.(context) ?? 0,
    ...(definition.hasOutput ? { output: result } : {}),
  };
}

function checkBinding(definition: LayerDefinition, node: LayerNode, roles: readonly DataRole[] | null): Problem[] {
  if (roles === null) return [];
  return Object.entries(definition.params).flatMap(([param, spec]): Problem[] => {
    if (spec.kind !== 'role') return [];
    const offered = roles.filter((role) => role.kind === spec.roleKind);
    const bound = node.params[param] ?? spec.default;
    if (offered.some((role) => role.name === bound)) return [];
    const names = offered.map((role) => `"${role.name}"`).join(', ');
    const what = spec.roleKind === 'input' ? 'input' : 'target';
    return [
      {
        code: bound === '' ? 'binding.none' : 'binding.missing',
        where: { kind: 'node', node: node.id, param },
        message:
          bound === ''
            ? `${node.name} is not bound to the data: it should name ${offered.length === 1 ? `the ${what} ${names}` : `one of the ${what}s ${names}`}.`
            : `${node.name} is bound to "${String(bound)}", but the data set offers ${offered.length === 0 ? `no ${what}` : `the ${what}${offered.length === 1 ? '' : 's'} ${names}`}.`,
        hint: offered[0] === undefined ? 'Choose another data set.' : `Bind it to "${offered[0].name}".`,
        fixes: offered.map((role) => ({
          kind: 'setParam',
          label: `Bind ${node.name} to "${role.name}"`,
          node: node.id,
          param,
          value: role.name,
        })),
      },
    ];
  });
}

/** Fills in the place and, in the fixes, the ids that a layer's shape rule can't know. */
function completeProblem(
  refusal: Omit<Problem, 'where'> & { port?: number },
  node: LayerNode,
  incoming: readonly Edge[],
  graph: Graph,
  role: DataRole | undefined,
): Problem {
  const { port = 0, fixes = [], ...rest } = refusal;
  const edge = incoming[port]?.id ?? '';
  const completed = fixes.map((fix): ProblemFix => {
    if (fix.kind === 'insertAfter' || fix.kind === 'removeEdge') return fix.edge === '' ? { ...fix, edge } : fix;
    if (fix.kind === 'setConfig' || fix.kind === 'connect') return fix;
    return fix.node === '' ? { ...fix, node: node.id } : fix;
  });
  if (refusal.code === 'output.units' && role !== undefined)
    completed.push(unitsFix(node, edge, role.shape.at(-1)?.size ?? 1, incoming, graph));
  return { ...rest, where: { kind: 'node', node: node.id }, ...(completed.length > 0 ? { fixes: completed } : {}) };
}

/** Set the Dense that decides how many units arrive; where there is none, insert one. */
function unitsFix(node: LayerNode, edge: EdgeId, units: number, incoming: readonly Edge[], graph: Graph): ProblemFix {
  const count = `${units} ${units === 1 ? 'unit' : 'units'}`;
  for (let from = incoming[0]?.from; from !== undefined;) {
    const source = graph.nodes.get(from);
    if (source === undefined) break;
    if (source.type === 'dense')
      return { kind: 'setParam', label: `Set ${source.name} to ${count}`, node: source.id, param: 'units', value: units };
    const family = findLayer(source.type)?.family;
    if (family !== 'activation' && family !== 'regularisation') break;
    from = graph.incoming.get(from)?.[0]?.from;
  }
  return { kind: 'insertAfter', label: `Insert a Dense with ${count} before ${node.name}`, edge, layer: 'dense', params: { units } };
}

/** A softmax that ends directly in a classification Output is applied once, inside the loss. */
function findFusedSoftmax(document: NetworkDocument, graph: Graph, roles: readonly DataRole[] | null): Set<NodeId> {
  const fused = new Set<NodeId>();
  for (const node of document.nodes) {
    const definition = findLayer(node.type);
    if (node.type !== 'output' || definition === undefined) continue;
    if (boundRole(definition, resolveParams(definition, node.params), roles)?.task !== 'classification') continue;
    for (const edge of graph.incoming.get(node.id) ?? []) {
      const source = graph.nodes.get(edge.from);
      if (source !== undefined && isSoftmax(source)) fused.add(source.id);
    }
  }
  return fused;
}

export function isSoftmax(node: LayerNode): boolean {
  const activation = node.type === 'dense' ? node.params.activation : node.type;
  return activation === 'softmax' || activation === 'logSoftmax';
}
