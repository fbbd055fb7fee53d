/**
 * Gives every edge a shape with named dimensions, or a Problem that names both ends, the reason and a fix.
 * Never throws: whatever is wrong stays local, and the rest of the document keeps its shapes. A block is inferred once
 * for each combination of arriving shapes, however often it stands or repeats, so that large networks take no longer.
 */
import type { DataRole } from '../data/dataSet.ts';
import { isShapeProblem, type LayerContext, type LayerDefinition, type ParamSpecs, type ParamsOf } from '../layers/defineLayer.ts';
import { refuseEdges, refuseTokens } from '../layers/helpers.ts';
import { checkParams, findLayer, resolveParams } from '../layers/index.ts';
import type { Problem } from '../problem.ts';
import { tasks } from '../tasks/index.ts';
import { completeProblem } from './completeProblem.ts';
import type { EdgeId, LayerNode, NetworkDocument, NodeId } from './document.ts';
import { inferBlock, inferBlockEnd, inferredWithin, type BlockScope } from './inferBlock.ts';
import type { Shape } from './shape.ts';
import { shareWeights, type OwnWeights } from './sharedWeights.ts';
import { structureProblems } from './structure.ts';
import { readGraph, topologicalOrder, type Graph } from './walk.ts';

export interface NodeShapes {
  /** Shapes that arrive, in port order; absent where unknown. */
  readonly inputs: readonly (Shape | undefined)[];
  /** Absent where unknown: no data, a problem here or before. */
  readonly output?: Shape;
  /** Of its own; those of another node that it shares are counted there. Of a block all repetitions together. */
  readonly parameters: number;
  /** Of these the frozen ones. */
  readonly frozenParameters: number;
  /** Parameters of another node that are used here. */
  readonly sharedParameters: number;
  /** Forward pass of one sample; a multiply-add counts as 2. */
  readonly flops: number;
  /** 1, of a block all its layers times its repetitions; the ends of network and blocks don't count. */
  readonly layers: number;
  /** One short line for under the node's name. */
  readonly summary: string;
  readonly problems: readonly Problem[];
  /** The shapes within a block, the same in every repetition. */
  readonly inside?: NetworkShapes;
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
  readonly frozenParameters: number;
  readonly flops: number;
  /** Layers with blocks and repetitions counted out, without the ends. */
  readonly layers: number;
  /** Nodes whose softmax is not computed but fused into the cross-entropy of the Output behind them. */
  readonly softmaxFused: ReadonlySet<NodeId>;
}

/** The context a layer definition is asked with. */
export type AnyContext = LayerContext<ParamsOf<ParamSpecs>>;

/** `roles`: what the data set offers; null while none is chosen. */
export function inferShapes(document: NetworkDocument, roles: readonly DataRole[] | null): NetworkShapes {
  return inferGraph(document, { document, roles, path: [], entering: [], known: new Map() });
}

/** `view`: the document itself, or one of its blocks seen as a document. */
function inferGraph(view: NetworkDocument, scope: BlockScope): NetworkShapes {
  const graph = readGraph(view);
  const order = topologicalOrder(view, graph);
  const structure = structureProblems(view, graph);
  const softmaxFused = findFusedSoftmax(view, graph, scope.roles);
  const nodes = new Map<NodeId, NodeShapes>();
  const weights: OwnWeights = new Map();
  const edgeProblems = new Map<EdgeId, Problem>(structure.edges);
  const inferred = new Set(order);

  for (const node of [...order.map((id) => graph.nodes.get(id)), ...view.nodes.filter(({ id }) => !inferred.has(id))]) {
    if (node === undefined) continue;
    const own = [...(structure.nodes.get(node.id) ?? [])];
    const fused = softmaxFused.has(node.id);
    nodes.set(node.id, inferNode({ node, view, graph, scope, done: nodes, weights, own, edgeProblems, fused }));
  }
  shareWeights(view, nodes, weights);

  const edges = new Map<EdgeId, EdgeShapes>(
    view.edges.map((edge) => {
      const shape = nodes.get(edge.from)?.output;
      const problem = edgeProblems.get(edge.id);
      return [edge.id, { ...(shape === undefined ? {} : { shape }), ...(problem === undefined ? {} : { problem }) }];
    }),
  );
  const problems = new Set<Problem>([...structure.document, ...edgeProblems.values()]);
  const sums = { parameters: 0, frozenParameters: 0, flops: 0, layers: 0 };
  for (const node of nodes.values()) {
    for (const key of ['parameters', 'frozenParameters', 'flops', 'layers'] as const) sums[key] += node[key];
    for (const problem of node.problems) problems.add(problem);
  }
  return { order, nodes, edges, problems: [...problems], ...sums, softmaxFused };
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
  readonly view: NetworkDocument;
  readonly graph: Graph;
  readonly scope: BlockScope;
  readonly done: ReadonlyMap<NodeId, NodeShapes>;
  /** Weights of the layers so far; this node's are added. */
  readonly weights: OwnWeights;
  /** Problems of the structure around this node; more are added. */
  readonly own: Problem[];
  readonly edgeProblems: Map<EdgeId, Problem>;
  readonly fused: boolean;
}

function inferNode({ node, view, graph, scope, done, weights, own, edgeProblems, fused }: NodeTask): NodeShapes {
  const { roles } = scope;
  const incoming = graph.incoming.get(node.id) ?? [];
  const inputs = incoming.map((edge) => done.get(edge.from)?.output);
  const nothing = { inputs, parameters: 0, frozenParameters: 0, sharedParameters: 0, flops: 0, layers: 1, problems: own };
  const definition = findLayer(node.type);
  if (definition === undefined) return { ...nothing, summary: 'unknown layer' };

  own.push(...checkParams(definition, node), ...checkBinding(definition, node, roles));
  if (node.type === 'block') return inferBlock({ node, view, scope, inputs, own }, inferGraph);
  if (node.type === 'blockInput' || node.type === 'blockOutput') return inferBlockEnd({ node, view, scope, inputs, own });
  if (definition.type === 'input' || definition.type === 'output') own.push(...inferredWithin(node, scope));

  const params = resolveParams(definition, node.params);
  const role = boundRole(definition, params, roles);
  const context: AnyContext = {
    params,
    inputs: inputs.filter((shape) => shape !== undefined),
    inputNames: incoming.map((edge) => graph.nodes.get(edge.from)?.name ?? '?'),
    name: node.name,
    ...(role === undefined ? {} : { role }),
  };
  const isEnd = definition.type === 'input' || definition.type === 'output';
  const unknown: NodeShapes = {
    ...nothing,
    layers: isEnd ? 0 : 1,
    summary: `${definition.describe(context)}${fused ? ', fused into cross-entropy' : ''}`,
  };
  const noData = definition.type === 'input' && role === undefined && (roles !== null || params.shape === '');
  // A name that stands twice hides nothing about shapes; every other problem would make them a guess.
  const blocked = own.some(({ code }) => code !== 'node.duplicateName');
  if (blocked || noData || context.inputs.length < incoming.length) return unknown;

  const result = refuseTokens(definition, context) ?? refuseEdges(definition, context) ?? definition.inferShape(context);
  if (isShapeProblem(result)) {
    const problem = completeProblem(result, node, incoming, graph, role);
    own.push(problem);
    const edge = incoming[result.port ?? 0];
    if (edge !== undefined) edgeProblems.set(edge.id, problem);
    return unknown;
  }
  const specs = definition.weights(context);
  weights.set(node.id, specs);
  const parameters = specs.reduce((sum, { shape }) => sum + elements(shape), 0);
  return {
    ...unknown,
    parameters,
    frozenParameters: node.frozen === true ? parameters : 0,
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

/** A softmax that ends directly in a classification Output is applied once, inside the loss. */
function findFusedSoftmax(document: NetworkDocument, graph: Graph, roles: readonly DataRole[] | null): Set<NodeId> {
  const fused = new Set<NodeId>();
  for (const node of document.nodes) {
    const definition = findLayer(node.type);
    if (node.type !== 'output' || definition === undefined) continue;
    const task = boundRole(definition, resolveParams(definition, node.params), roles)?.task;
    if (task === undefined || tasks[task].answer !== 'classes') continue;
    for (const edge of graph.incoming.get(node.id) ?? []) {
      const source = graph.nodes.get(edge.from);
      if (source !== undefined && isSoftmax(source)) fused.add(source.id);
    }
  }
  return fused;
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

export function isSoftmax(node: LayerNode): boolean {
  const activation = node.type === 'dense' ? node.params.activation : node.type;
  return activation === 'softmax' || activation === 'logSoftmax';
}
