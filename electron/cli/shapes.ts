/** `shapes`: every layer's output shape and parameter count. Opens the library only for an imported data set, so it answers at once. */
import { viewBlock } from '../../core/graph/blocks.ts';
import { inferShapes } from '../../core/graph/inferShapes.ts';
import type { NetworkShapes } from '../../core/graph/inferShapes.ts';
import type { LayerNode, NetworkDocument } from '../../core/graph/document.ts';
import { formatShape } from '../../core/graph/shape.ts';
import type { Shape } from '../../core/graph/shape.ts';
import { block } from '../../core/layers/block.ts';
import { findLayer, resolveParams } from '../../core/layers/index.ts';
import { defineCommand, exitCodes, libraryOption } from './command.ts';
import { readNetwork } from './readNetwork.ts';
import { rolesFor } from './rolesFor.ts';
import { formatTable } from './table.ts';

export const shapesCommand = defineCommand({
  name: 'shapes',
  summary: "Lists a network's layers with output shape and parameters.",
  usage: '<network> [options]',
  positionals: ['network'],
  options: {
    data: { value: '<id>', help: 'data set to bind the network to (default: the one it was made for)' },
    library: libraryOption,
    json: {
      help: 'one JSON line: { network, parameters, layers: [{ name, type, output, dims, parameters, repeat?, inside? }] }; null is the batch',
    },
  },
  notes: ['What stands in a block follows it, indented, with the parameters of one repetition.'],
  examples: ['shapes mlp.json', 'shapes mine.json --data penguins --json', 'shapes gpt-3'],
  async run({ options, positionals }, terminal) {
    const network = await readNetwork(positionals[0]!);
    const { document } = network;
    const shapes = inferShapes(document, await rolesFor(options.data, network, options.library));
    if (options.json === true) terminal.out(JSON.stringify(toJson(document, shapes)));
    else for (const line of toTable(document, shapes)) terminal.out(line);
    for (const problem of shapes.problems)
      terminal.err(problem.hint === undefined ? problem.message : `${problem.message} ${problem.hint}`);
    return shapes.problems.length === 0 ? exitCodes.ok : exitCodes.mistake;
  },
});

/** One layer; of a block also what stands in it. */
interface LayerRow {
  readonly node: LayerNode;
  /** An Output layer hands on what arrives: the predictions. */
  readonly output?: Shape | undefined;
  readonly parameters: number;
  readonly repeat: number;
  readonly inside: readonly LayerRow[];
}

/** In the order data flows; layers on a cycle last. */
function layerRows(document: NetworkDocument, view: NetworkDocument, shapes: NetworkShapes): LayerRow[] {
  const nodes = new Map(view.nodes.map((node) => [node.id, node]));
  const flowing = shapes.order.map((id) => nodes.get(id)!);
  return [...flowing, ...view.nodes.filter((node) => !flowing.includes(node))].map((node) => {
    const inferred = shapes.nodes.get(node.id);
    const isEnd = findLayer(node.type)?.hasOutput === false;
    const { repeat } = resolveParams(block, node.type === 'block' ? node.params : {});
    return {
      node,
      output: isEnd ? inferred?.inputs[0] : inferred?.output,
      parameters: inferred?.parameters ?? 0,
      repeat,
      inside: inferred?.inside === undefined ? [] : layerRows(document, viewBlock(document, node.block ?? null), inferred.inside),
    };
  });
}

function toJson(document: NetworkDocument, shapes: NetworkShapes): object {
  const describe = ({ node, output, parameters, repeat, inside }: LayerRow): object => ({
    name: node.name,
    type: node.type,
    output: output?.map((dim) => dim.size) ?? null,
    dims: output?.map((dim) => dim.name) ?? null,
    parameters,
    ...(node.type === 'block' ? { repeat, inside: inside.map(describe) } : {}),
  });
  return {
    network: document.name,
    parameters: shapes.parameters,
    layers: layerRows(document, document, shapes).map(describe),
    ...(shapes.problems.length === 0 ? {} : { problems: shapes.problems }),
  };
}

function toTable(document: NetworkDocument, shapes: NetworkShapes): string[] {
  const lines = ({ node, output, parameters, repeat, inside }: LayerRow, depth: number): (string | number)[][] => [
    [
      `${'  '.repeat(depth)}${node.name}`,
      repeat > 1 ? `${node.type} ×${repeat}` : node.type,
      output === undefined ? '?' : formatShape(output),
      parameters,
    ],
    ...inside.flatMap((row) => lines(row, depth + 1)),
  ];
  const rows = layerRows(document, document, shapes).flatMap((row) => lines(row, 0));
  return formatTable(['layer', 'type', 'output', 'parameters'], [...rows, ['total', '', '', shapes.parameters]]);
}
