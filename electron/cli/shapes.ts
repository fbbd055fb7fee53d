/** `shapes`: every layer's output shape and parameter count. Opens the library only for an imported data set, so it answers at once. */
import { inferShapes } from '../../core/graph/inferShapes.ts';
import type { NetworkShapes } from '../../core/graph/inferShapes.ts';
import type { LayerNode, NetworkDocument } from '../../core/graph/document.ts';
import { formatShape } from '../../core/graph/shape.ts';
import type { Shape } from '../../core/graph/shape.ts';
import { findLayer } from '../../core/layers/index.ts';
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
    json: { help: 'one JSON line: { network, parameters, layers: [{ name, type, output, dims, parameters }] }; null is the batch' },
  },
  examples: ['shapes mlp.json', 'shapes mine.json --data penguins --json'],
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

/** In the order data flows; layers on a cycle last. */
function orderedNodes(document: NetworkDocument, shapes: NetworkShapes): LayerNode[] {
  const nodes = new Map(document.nodes.map((node) => [node.id, node]));
  const flowing = shapes.order.map((id) => nodes.get(id)!);
  return [...flowing, ...document.nodes.filter((node) => !flowing.includes(node))];
}

/** An Output layer hands on what arrives: the predictions. */
function layerShape(node: LayerNode, shapes: NetworkShapes): { output?: Shape | undefined; parameters: number } {
  const inferred = shapes.nodes.get(node.id);
  const isEnd = findLayer(node.type)?.hasOutput === false;
  return { output: isEnd ? inferred?.inputs[0] : inferred?.output, parameters: inferred?.parameters ?? 0 };
}

function toJson(document: NetworkDocument, shapes: NetworkShapes): object {
  const layers = orderedNodes(document, shapes).map((node) => {
    const { output, parameters } = layerShape(node, shapes);
    return {
      name: node.name,
      type: node.type,
      output: output?.map((dim) => dim.size) ?? null,
      dims: output?.map((dim) => dim.name) ?? null,
      parameters,
    };
  });
  return {
    network: document.name,
    parameters: shapes.parameters,
    layers,
    ...(shapes.problems.length === 0 ? {} : { problems: shapes.problems }),
  };
}

function toTable(document: NetworkDocument, shapes: NetworkShapes): string[] {
  const rows = orderedNodes(document, shapes).map((node): (string | number)[] => {
    const { output, parameters } = layerShape(node, shapes);
    return [node.name, node.type, output === undefined ? '?' : formatShape(output), parameters];
  });
  return formatTable(['layer', 'type', 'output', 'parameters'], [...rows, ['total', '', '', shapes.parameters]]);
}
