/** Shapes of block nodes, and of the ends of a block. What is wrong within a block is told there and at the block. */
import type { DataRole } from '../data/dataSet.ts';
import { resolveParams } from '../layers/params.ts';
import { block as blockLayer } from '../layers/block.ts';
import type { Problem } from '../problem.ts';
import { blockInputs, findBlock, viewBlock } from './blocks.ts';
import type { BlockDefinition, BlockId, LayerNode, NetworkDocument } from './document.ts';
import type { NetworkShapes, NodeShapes } from './inferShapes.ts';
import { formatShape, type Shape } from './shape.ts';

/** Blocks × arriving shapes that are inferred at most: far more than any drawing has, so that no file can stop the app. */
const mostInferred = 2000;

/** What the graph under inference stands in. */
export interface BlockScope {
  readonly document: NetworkDocument;
  readonly roles: readonly DataRole[] | null;
  /** The blocks around, the innermost last; empty for the network itself. */
  readonly path: readonly BlockId[];
  /** Shapes that arrive at the innermost block, by port. */
  readonly entering: readonly (Shape | undefined)[];
  /** Blocks inferred so far, by block and arriving shapes. */
  readonly known: Map<string, NetworkShapes>;
}

export interface BlockNodeTask {
  readonly node: LayerNode;
  readonly view: NetworkDocument;
  readonly scope: BlockScope;
  readonly inputs: readonly (Shape | undefined)[];
  /** Problems of the structure around this node; more are added. */
  readonly own: Problem[];
}

type InferGraph = (view: NetworkDocument, scope: BlockScope) => NetworkShapes;

export function inferBlock({ node, scope, inputs, own }: BlockNodeTask, inferGraph: InferGraph): NodeShapes {
  const where = { kind: 'node', node: node.id } as const;
  const { repeat } = resolveParams(blockLayer, node.params);
  const nothing = { inputs, parameters: 0, frozenParameters: 0, sharedParameters: 0, flops: 0, layers: 0, problems: own };
  const definition = findBlock(scope.document, node.block);
  const fixes: Problem['fixes'] = [{ kind: 'removeNode', label: `Remove ${node.name}`, node: node.id }];
  if (definition === undefined) {
    own.push({
      code: 'block.unknown',
      where,
      message: `${node.name} stands for a block ${node.block === undefined ? 'without a name' : `"${node.block}"`} that is not in the document.`,
      hint: 'Remove it, or make a block of the layers it stood for.',
      fixes,
    });
    return { ...nothing, summary: 'unknown block' };
  }
  const around = scope.path.indexOf(definition.id);
  if (around >= 0 || scope.known.size > mostInferred) {
    const route = [...scope.path.slice(around), definition.id].map((id) => findBlock(scope.document, id)?.name ?? id);
    own.push(
      around >= 0
        ? {
            code: 'block.recursion',
            where,
            message: `The block "${definition.name}" contains itself (${route.join(' → ')}): it would never end.`,
            hint: 'Remove it here.',
            fixes,
          }
        : { code: 'block.tooMany', where, message: `${node.name} is not followed: the blocks stand in one another too often.`, fixes },
    );
    return { ...nothing, summary: definition.name };
  }
  const inside = inferWithin(definition, inputs, scope, inferGraph);
  own.push(...inside.problems);
  const output = leavingShape(definition, inside);
  const repeated = repeatProblem(node, repeat, inputs[0], output);
  const summary = `${definition.name} · ${inside.layers === 1 ? '1 layer' : `${inside.layers} layers`}`;
  if (repeated !== undefined) {
    own.push(repeated);
    return { ...nothing, layers: repeat * inside.layers, summary, inside };
  }
  return {
    ...nothing,
    parameters: repeat * inside.parameters,
    frozenParameters: repeat * (node.frozen === true ? inside.parameters : inside.frozenParameters),
    flops: repeat * inside.flops,
    layers: repeat * inside.layers,
    summary,
    inside,
    ...(output === undefined ? {} : { output }),
  };
}

function inferWithin(block: BlockDefinition, inputs: readonly (Shape | undefined)[], scope: BlockScope, inferGraph: InferGraph) {
  const entering = blockInputs(block).map((_, port) => inputs[port]);
  const key = JSON.stringify([block.id, entering.map((shape) => shape?.map(({ name, size }) => `${name}${size ?? ''}`).join(' ') ?? null)]);
  const known = scope.known.get(key);
  if (known !== undefined) return known;
  const view = viewBlock(scope.document, block.id);
  const inferred = placeWithin(inferGraph(view, { ...scope, path: [...scope.path, block.id], entering }), block);
  scope.known.set(key, inferred);
  return inferred;
}

/** The shape that arrives at the block's output. */
function leavingShape(block: BlockDefinition, inside: NetworkShapes): Shape | undefined {
  const end = block.nodes.find(({ type }) => type === 'blockOutput');
  return end === undefined ? undefined : inside.nodes.get(end.id)?.inputs[0];
}

/** Every repetition takes what the one before it gives. */
function repeatProblem(node: LayerNode, repeat: number, entering: Shape | undefined, leaving: Shape | undefined): Problem | undefined {
  if (repeat === 1 || entering === undefined || leaving === undefined) return undefined;
  const same = entering.length === leaving.length && entering.every((d, i) => d.size === leaving[i]?.size && d.name === leaving[i]?.name);
  if (same) return undefined;
  return {
    code: 'block.repeat',
    where: { kind: 'node', node: node.id },
    message: `${node.name} repeats ${repeat} times, so its output must have the shape of its input, expected ${formatShape(entering)}, got ${formatShape(leaving)}.`,
    hint: 'Let the block keep the shape, or let it stand once.',
    fixes: [{ kind: 'setParam', label: 'Let it stand once', node: node.id, param: 'repeat', value: 1 }],
  };
}

/** A block's own ends, and what every block needs of them. */
export function inferBlockEnd({ node, view, scope, inputs, own }: BlockNodeTask): NodeShapes {
  const nothing = { inputs, parameters: 0, frozenParameters: 0, sharedParameters: 0, flops: 0, layers: 0, problems: own };
  if (scope.path.length === 0) {
    own.push({
      code: 'block.endOutside',
      where: { kind: 'node', node: node.id },
      message: `${node.name} has a meaning only within a block; in the network itself data enter at an Input and leave at an Output.`,
      hint: 'Remove it.',
      fixes: [{ kind: 'removeNode', label: `Remove ${node.name}`, node: node.id }],
    });
  }
  if (node.type === 'blockOutput') return { ...nothing, summary: 'leaves the block' };
  const ports = view.nodes.filter(({ type }) => type === 'blockInput');
  const port = ports.findIndex(({ id }) => id === node.id);
  const output = scope.entering[port];
  return {
    ...nothing,
    summary: ports.length === 1 ? 'enters the block' : `input ${port + 1} of the block`,
    ...(output === undefined ? {} : { output }),
  };
}

/** Data enter and leave outside of blocks. */
export function inferredWithin(node: LayerNode, scope: BlockScope): Problem[] {
  if (scope.path.length === 0) return [];
  const block = findBlock(scope.document, scope.path.at(-1));
  return [
    {
      code: 'block.dataInside',
      where: { kind: 'node', node: node.id },
      message: `${node.name} stands in the block "${block?.name ?? ''}", but data enter and leave the network outside of blocks.`,
      hint: `Use a ${node.type === 'input' ? 'Block input' : 'Block output'} here.`,
      fixes: [{ kind: 'removeNode', label: `Remove ${node.name}`, node: node.id }],
    },
  ];
}

/** Adds which block the problems stand in, and those of the block as a whole. */
function placeWithin(inside: NetworkShapes, block: BlockDefinition): NetworkShapes {
  const missing = endProblems(block);
  if (inside.problems.length + missing.length === 0) return inside;
  const placed = new Map<Problem, Problem>();
  const place = (problem: Problem): Problem => {
    const known = placed.get(problem) ?? placeProblem(problem, block.id);
    placed.set(problem, known);
    return known;
  };
  return {
    ...inside,
    problems: [...inside.problems, ...missing].map(place),
    nodes: new Map([...inside.nodes].map(([id, node]) => [id, { ...node, problems: node.problems.map(place) }])),
    edges: new Map(
      [...inside.edges].map(([id, edge]) => [id, { ...edge, ...(edge.problem === undefined ? {} : { problem: place(edge.problem) }) }]),
    ),
  };
}

/** Problems of a block within this one have their place already. */
export function placeProblem(problem: Problem, block: BlockId): Problem {
  const { where, fixes } = problem;
  return {
    ...problem,
    ...((where?.kind === 'node' || where?.kind === 'edge') && where.block === undefined ? { where: { ...where, block } } : {}),
    ...(fixes === undefined ? {} : { fixes: fixes.map((fix) => (fix.block === undefined ? { ...fix, block } : fix)) }),
  };
}

function endProblems(block: BlockDefinition): Problem[] {
  const outputs = block.nodes.filter(({ type }) => type === 'blockOutput');
  const problems: Problem[] = [];
  if (blockInputs(block).length === 0) {
    problems.push({
      code: 'block.noInput',
      message: `The block "${block.name}" has no Block input: nothing can enter it.`,
      hint: 'Open it and add one.',
    });
  }
  if (outputs.length === 0) {
    problems.push({
      code: 'block.noOutput',
      message: `The block "${block.name}" has no Block output: nothing leaves it.`,
      hint: 'Open it and add one behind its last layer.',
    });
  }
  for (const extra of outputs.slice(1)) {
    problems.push({
      code: 'block.manyOutputs',
      where: { kind: 'node', node: extra.id },
      message: `The block "${block.name}" has ${outputs.length} Block outputs, expected one.`,
      hint: 'Remove all but one.',
      fixes: [{ kind: 'removeNode', label: `Remove ${extra.name}`, node: extra.id }],
    });
  }
  return problems;
}
