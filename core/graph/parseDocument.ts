/**
 * JSON ↔ NetworkDocument. Everything a file may hold is hostile until it has passed here: types, sizes, ids.
 * What is well-formed but wrong (an unknown layer, a cycle, a dangling edge) passes: shape inference reports it,
 * and the rest of the document stays usable.
 */
import { raise, type Problem } from '../problem.ts';
import {
  documentFormat,
  documentVersion,
  type BlockDefinition,
  type Edge,
  type GraphParts,
  type LayerNode,
  type NetworkDocument,
  type ParamValue,
  type ParamValues,
} from './document.ts';
import { describeJson, migrateDocument, upgradeNodes } from './migrate.ts';

const maximumNodes = 10_000;
const maximumEdges = 50_000;
const maximumBlocks = 1_000;
const maximumTextLength = 200;
const maximumListLength = 1_000;
const maximumCoordinate = 1e6;

type JsonObject = Readonly<Record<string, unknown>>;

export function emptyDocument(name: string): NetworkDocument {
  return { format: documentFormat, version: documentVersion, name, nodes: [], edges: [], blocks: [] };
}

/** @throws ProblemError naming the place, what is expected there and what was found */
export function parseDocumentText(text: string): NetworkDocument {
  let json: unknown;
  try {
    json = JSON.parse(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
  } catch {
    raise({
      code: 'document.json',
      where: { kind: 'document' },
      message:
        text.trim() === ''
          ? 'The file is empty, expected a Layerbench network as JSON.'
          : 'The file is not JSON, expected a Layerbench network.',
      hint: 'Choose a .layerbench.json file.',
    });
  }
  return parseDocument(json);
}

/** @throws ProblemError naming the place, what is expected there and what was found */
export function parseDocument(json: unknown): NetworkDocument {
  const given = object(json, 'the document');
  if (given.format !== documentFormat) {
    fail(
      'document.format',
      `This is not a Layerbench network: "format" should be "${documentFormat}", got ${describeJson(given.format)}.`,
      'Choose a .layerbench.json file.',
    );
  }
  const migrated = migrateDocument(given);
  const graph = parseGraph(migrated, '');
  // Left out by documents that have none.
  const blocks = list(migrated.blocks ?? [], 'blocks', maximumBlocks).map((block, i) => parseBlock(block, `blocks[${i}]`));
  refuseDuplicateIds(blocks, 'blocks');
  return upgradeNodes({ format: documentFormat, version: documentVersion, name: text(migrated.name, 'name'), ...graph, blocks });
}

/**
 * Canonical JSON: fixed order of keys, parameters sorted, so that equal documents give equal text (and hashes).
 * `positions: false` leaves out where nodes stand: two networks with equal text then compute the same. That text keeps
 * version 1, with which it began, so that the hashes of old runs stay those of their networks.
 */
export function serializeDocument(
  document: NetworkDocument,
  options: { readonly positions?: boolean; readonly indent?: number } = {},
): string {
  const { positions = true, indent } = options;
  const graph = ({ nodes, edges }: GraphParts) => ({
    nodes: nodes.map(({ id, type, typeVersion, name, block, params, weightsOf, frozen, position }) => ({
      id,
      type,
      typeVersion,
      name,
      ...(block === undefined ? {} : { block }),
      params: Object.fromEntries(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1))),
      ...(weightsOf === undefined ? {} : { weightsOf }),
      ...(frozen === undefined ? {} : { frozen }),
      ...(positions ? { position: { x: position.x, y: position.y } } : {}),
    })),
    edges: edges.map(({ id, from, to, toPort }) => ({ id, from, to, toPort })),
  });
  const canonical = {
    format: document.format,
    version: positions ? document.version : 1,
    name: document.name,
    ...graph(document),
    ...(document.blocks.length === 0
      ? {}
      : { blocks: document.blocks.map((block) => ({ id: block.id, name: block.name, ...graph(block) })) }),
  };
  return JSON.stringify(canonical, null, indent);
}

function parseBlock(json: unknown, path: string): BlockDefinition {
  const block = object(json, path);
  return { id: identifier(block.id, `${path}.id`), name: identifier(block.name, `${path}.name`), ...parseGraph(block, `${path}.`) };
}

/** `prefix`: where the lists stand, `blocks[0].` or nothing. */
function parseGraph(json: JsonObject, prefix: string): GraphParts {
  const nodes = list(json.nodes, `${prefix}nodes`, maximumNodes).map((node, i) => parseNode(node, `${prefix}nodes[${i}]`));
  const edges = list(json.edges, `${prefix}edges`, maximumEdges).map((edge, i) => parseEdge(edge, `${prefix}edges[${i}]`));
  refuseDuplicateIds(nodes, 'nodes');
  refuseDuplicateIds(edges, 'edges');
  return { nodes, edges };
}

function parseNode(json: unknown, path: string): LayerNode {
  const node = object(json, path);
  const position = object(node.position, `${path}.position`);
  return {
    id: identifier(node.id, `${path}.id`),
    type: identifier(node.type, `${path}.type`),
    typeVersion: whole(node.typeVersion, `${path}.typeVersion`, 1, 1e6),
    name: identifier(node.name, `${path}.name`),
    ...(node.block === undefined ? {} : { block: identifier(node.block, `${path}.block`) }),
    params: parseParams(node.params, `${path}.params`),
    ...(node.weightsOf === undefined ? {} : { weightsOf: identifier(node.weightsOf, `${path}.weightsOf`) }),
    ...(flag(node.frozen, `${path}.frozen`) ? { frozen: true } : {}),
    position: { x: coordinate(position.x, `${path}.position.x`), y: coordinate(position.y, `${path}.position.y`) },
  };
}

function parseEdge(json: unknown, path: string): Edge {
  const edge = object(json, path);
  return {
    id: identifier(edge.id, `${path}.id`),
    from: identifier(edge.from, `${path}.from`),
    to: identifier(edge.to, `${path}.to`),
    toPort: whole(edge.toPort, `${path}.toPort`, 0, maximumEdges),
  };
}

function parseParams(json: unknown, path: string): ParamValues {
  const entries = Object.entries(object(json, path)).map(([key, value]): [string, ParamValue] => {
    const place = `${path}.${key}`;
    if (key === '__proto__' || key.length > maximumTextLength) fail('document.type', `${place} is not a parameter's name.`);
    if (Array.isArray(value)) return [key, list(value, place, maximumListLength).map((item) => finite(item, place))];
    if (typeof value === 'number') return [key, finite(value, place)];
    if (typeof value === 'string') return [key, text(value, place)];
    if (typeof value === 'boolean' || value === null) return [key, value];
    return fail('document.type', `${place} should be a number, a text, yes/no or a list of numbers, got ${describeJson(value)}.`);
  });
  return Object.fromEntries(entries);
}

function refuseDuplicateIds(items: readonly { readonly id: string }[], what: string): void {
  const seen = new Set<string>();
  for (const { id } of items) {
    if (seen.has(id)) fail('document.duplicateId', `Two ${what} have the id "${id}", expected every id once.`);
    seen.add(id);
  }
}

function object(value: unknown, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    fail('document.type', `${capital(path)} should be an object, got ${describeJson(value)}.`);
  return value as JsonObject;
}

function list(value: unknown, path: string, maximum: number): readonly unknown[] {
  if (!Array.isArray(value)) fail('document.type', `${capital(path)} should be a list, got ${describeJson(value)}.`);
  if (value.length > maximum)
    fail(
      'document.size',
      `${capital(path)} has ${value.length.toLocaleString('en-US')} entries, expected at most ${maximum.toLocaleString('en-US')}.`,
    );
  return value as readonly unknown[];
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string') fail('document.type', `${capital(path)} should be a text, got ${describeJson(value)}.`);
  if (value.length > maximumTextLength)
    fail(
      'document.size',
      `${capital(path)} has ${value.length.toLocaleString('en-US')} characters, expected at most ${maximumTextLength}.`,
    );
  return value;
}

function identifier(value: unknown, path: string): string {
  const result = text(value, path);
  if (result === '') fail('document.type', `${capital(path)} is empty, expected a text.`);
  return result;
}

/** Absent means no. */
function flag(value: unknown, path: string): boolean {
  if (value !== undefined && typeof value !== 'boolean')
    fail('document.type', `${capital(path)} should be yes or no, got ${describeJson(value)}.`);
  return value === true;
}

function finite(value: unknown, path: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    fail('document.type', `${capital(path)} should be a number, got ${describeJson(value)}.`);
  return value;
}

function coordinate(value: unknown, path: string): number {
  const result = finite(value, path);
  if (Math.abs(result) > maximumCoordinate)
    fail('document.type', `${capital(path)} should lie within ±${maximumCoordinate}, got ${result}.`);
  return result;
}

function whole(value: unknown, path: string, min: number, max: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    fail('document.type', `${capital(path)} should be a whole number from ${min} to ${max}, got ${describeJson(value)}.`);
  }
  return value;
}

function capital(path: string): string {
  return path.startsWith('the ') ? `T${path.slice(1)}` : path;
}

function fail(code: string, message: string, hint?: string): never {
  const problem: Problem = { code, message, where: { kind: 'document' }, ...(hint === undefined ? {} : { hint }) };
  return raise(problem);
}
