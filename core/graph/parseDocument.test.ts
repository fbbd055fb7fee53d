import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ProblemError } from '../problem.ts';
import { dense } from '../layers/dense.ts';
import { documentVersion, type ParamValues } from './document.ts';
import { inferShapes } from './inferShapes.ts';
import { migrateDocument, upgradeNodes } from './migrate.ts';
import { emptyDocument, parseDocument, parseDocumentText, serializeDocument } from './parseDocument.ts';

const node = { id: 'n1', type: 'dense', typeVersion: 1, name: 'dense_1', params: {}, position: { x: 0, y: 0 } };
const edge = { id: 'e1', from: 'n1', to: 'n2', toPort: 0 };
const document = { format: 'layerbench.network', version: 1, name: 'net', nodes: [node], edges: [] };

function sentence(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.message;
    throw error;
  }
  return 'no problem';
}

describe('bad documents give a sentence', () => {
  const cases: [what: string, json: unknown, expected: string][] = [
    ['no object', 7, 'The document should be an object, got 7.'],
    ['a list', [], 'The document should be an object, got a list.'],
    ['null', null, 'The document should be an object, got null.'],
    [
      'another format',
      { ...document, format: 'keras' },
      'This is not a Layerbench network: "format" should be "layerbench.network", got "keras".',
    ],
    ['no format', { nodes: [] }, 'This is not a Layerbench network: "format" should be "layerbench.network", got nothing.'],
    ['a newer version', { ...document, version: 9 }, 'The document has version 9, this Layerbench reads up to version 2.'],
    ['a version as text', { ...document, version: '1' }, 'The document\'s version should be a whole number from 1 to 2, got "1".'],
    ['no nodes', { ...document, nodes: undefined }, 'nodes should be a list, got nothing.'],
    ['a node that is text', { ...document, nodes: ['dense'] }, 'nodes[0] should be an object, got "dense".'],
    ['no name', { ...document, name: 3 }, 'name should be a text, got 3.'],
    ['a node without id', { ...document, nodes: [{ ...node, id: '' }] }, 'nodes[0].id is empty, expected a text.'],
    ['a type that is a number', { ...document, nodes: [{ ...node, type: 5 }] }, 'nodes[0].type should be a text, got 5.'],
    [
      'half a version',
      { ...document, nodes: [{ ...node, typeVersion: 1.5 }] },
      'nodes[0].typeVersion should be a whole number from 1 to 1000000, got 1.5.',
    ],
    ['parameters in a list', { ...document, nodes: [{ ...node, params: [] }] }, 'nodes[0].params should be an object, got a list.'],
    [
      'a nested parameter',
      { ...document, nodes: [{ ...node, params: { units: { a: 1 } } }] },
      'nodes[0].params.units should be a number, a text, yes/no or a list of numbers, got an object.',
    ],
    [
      'a list of texts as parameter',
      { ...document, nodes: [{ ...node, params: { units: ['a'] } }] },
      'nodes[0].params.units should be a number, got "a".',
    ],
    [
      'a place far away',
      { ...document, nodes: [{ ...node, position: { x: 1e9, y: 0 } }] },
      'nodes[0].position.x should lie within ±1000000, got 1000000000.',
    ],
    ['no position', { ...document, nodes: [{ ...node, position: undefined }] }, 'nodes[0].position should be an object, got nothing.'],
    ['an edge without target', { ...document, edges: [{ ...edge, to: undefined }] }, 'edges[0].to should be a text, got nothing.'],
    [
      'a negative port',
      { ...document, edges: [{ ...edge, toPort: -1 }] },
      'edges[0].toPort should be a whole number from 0 to 50000, got -1.',
    ],
    ['one id twice', { ...document, nodes: [node, node] }, 'Two nodes have the id "n1", expected every id once.'],
    ['a block that is a list', { ...document, version: 2, blocks: [[]] }, 'blocks[0] should be an object, got a list.'],
    [
      'a block without name',
      { ...document, version: 2, blocks: [{ id: 'b1', nodes: [], edges: [] }] },
      'blocks[0].name should be a text, got nothing.',
    ],
    [
      'a bad node in a block',
      { ...document, version: 2, blocks: [{ id: 'b1', name: 'b', nodes: [{ ...node, type: 5 }], edges: [] }] },
      'blocks[0].nodes[0].type should be a text, got 5.',
    ],
    [
      'a block that stands twice',
      { ...document, version: 2, blocks: ['p', 'q'].map((name) => ({ id: 'b1', name, nodes: [], edges: [] })) },
      'Two blocks have the id "b1", expected every id once.',
    ],
    ['frozen as text', { ...document, nodes: [{ ...node, frozen: 'yes' }] }, 'nodes[0].frozen should be yes or no, got "yes".'],
    ['a name without end', { ...document, name: 'x'.repeat(1000) }, 'name has 1,000 characters, expected at most 200.'],
    [
      'too many nodes',
      { ...document, nodes: Array.from({ length: 10_001 }, () => node) },
      'nodes has 10,001 entries, expected at most 10,000.',
    ],
  ];
  it.each(cases)('%s', (_what, json, expected) => {
    expect(sentence(() => parseDocument(json))).toBe(expected);
  });

  it.each([
    ['', 'The file is empty, expected a Layerbench network as JSON.'],
    ['{"format":', 'The file is not JSON, expected a Layerbench network.'],
    ['\u0000\u0001PNG', 'The file is not JSON, expected a Layerbench network.'],
  ])('text %j', (text, expected) => {
    expect(sentence(() => parseDocumentText(text))).toBe(expected);
  });
});

describe('good documents', () => {
  it('pass with an unknown layer, a dangling edge and a parameter called constructor', () => {
    const parsed = parseDocument({ ...document, nodes: [{ ...node, type: 'conv9d', params: { constructor: 1 } }], edges: [edge] });
    expect(parsed.nodes[0]?.type).toBe('conv9d');
    expect(parsed.edges).toHaveLength(1);
  });

  it('serialise canonically: order of keys does not matter, positions can be left out', () => {
    const a = parseDocument({ ...document, nodes: [{ ...node, params: { units: 3, bias: false } }] });
    const moved = { position: { y: 9, x: 1 }, params: { bias: false, units: 3 }, name: 'dense_1', typeVersion: 1, type: 'dense', id: 'n1' };
    const b = parseDocument({ nodes: [moved], edges: [], name: 'net', version: 1, format: 'layerbench.network' });
    expect(serializeDocument(a)).not.toBe(serializeDocument(b));
    expect(serializeDocument(a, { positions: false })).toBe(serializeDocument(b, { positions: false }));
    expect(parseDocumentText(serializeDocument(a))).toEqual(a);
    // Hashes of runs made with version 1 stay those of their networks.
    expect(serializeDocument(emptyDocument('x'), { positions: false })).toBe(
      '{"format":"layerbench.network","version":1,"name":"x","nodes":[],"edges":[]}',
    );
    expect(serializeDocument(emptyDocument('x'))).toBe('{"format":"layerbench.network","version":2,"name":"x","nodes":[],"edges":[]}');
  });

  it('accept a byte order mark', () => {
    expect(parseDocumentText(`\ufeff${JSON.stringify(document)}`).name).toBe('net');
  });
});

describe('saved documents of released versions', () => {
  const folder = new URL('fixtures/', import.meta.url);
  it.each(readdirSync(folder).filter((file) => file.startsWith('version')))('%s opens', (file) => {
    const parsed = parseDocumentText(readFileSync(new URL(file, folder), 'utf8'));
    expect(parsed.version).toBe(documentVersion);
    const shapes = inferShapes(parsed, null);
    expect(shapes.problems).toEqual([]);
    // The second: the frozen rows of 100 tokens once, three times a norm of 16 and 16 → 64 → 16.
    const expected: Record<string, number> = { 'version1.json': 109_386, 'version2.json': 100 * 16 + 3 * (32 + 17 * 64 + 65 * 16) };
    expect(shapes.parameters).toBe(expected[file]);
    expect(parseDocumentText(serializeDocument(parsed))).toEqual(parsed);
  });

  it('layers lift their own parameters', () => {
    const newer = { ...dense, version: 2, upgrade: (params: ParamValues) => ({ units: Number(params.size) }) };
    const old = parseDocument({
      ...document,
      nodes: [
        { ...node, params: { size: 5 } },
        { ...node, id: 'n2', type: 'other' },
      ],
    });
    const [lifted, other] = upgradeNodes(old, (type) => (type === 'dense' ? newer : undefined)).nodes;
    expect(lifted).toMatchObject({ typeVersion: 2, params: { units: 5 } });
    expect(other).toBe(old.nodes[1]);
  });

  it('migrations run one after the other', () => {
    const steps = { 1: (old: object) => ({ ...old, a: 1 }), 2: (old: object) => ({ ...old, b: 2 }) };
    expect(migrateDocument({ version: 1 }, steps, 3)).toEqual({ version: 3, a: 1, b: 2 });
    expect(migrateDocument({ version: 2 }, steps, 3)).toEqual({ version: 3, b: 2 });
    expect(() => migrateDocument({ version: 4 }, steps, 3)).toThrow('version 4');
  });
});
