/** Whatever a well-formed file may hold: no crash, problems instead, and edits keep it well-formed. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { layers } from '../layers/index.ts';
import { imageRoles, tableRoles } from '../testing/documents.ts';
import { testConfig } from '../testing/sessions.ts';
import { checkTrainable } from './checkTrainable.ts';
import { addNode, applyFix, connect, copyNodes, pasteNodes, removeNodes, whyNotConnect } from './edit.ts';
import { collapse, expandNode, removeUnusedBlocks } from './editBlocks.ts';
import { inferShapes } from './inferShapes.ts';
import { parseDocument, serializeDocument } from './parseDocument.ts';

const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
const value = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.string({ maxLength: 5 }),
  fc.array(fc.integer(), { maxLength: 3 }),
);
const paramNames = ['repeat', 'units', 'activation', 'bias', 'role', 'shape', 'probability', 'toString', 'x'];
const graphParts = {
  nodes: fc.uniqueArray(
    fc.record({
      id: fc.constantFrom(...ids),
      type: fc.oneof(
        fc.constantFrom('input', 'output', 'dense', 'block', 'block', 'blockInput', 'blockOutput', 'future', '__proto__'),
        fc.constantFrom(...layers.map(({ type }) => type)),
      ),
      typeVersion: fc.integer({ min: 1, max: 2 }),
      name: fc.constantFrom('p', 'q', 'r', 's', 't', 'u', 'v'),
      params: fc.dictionary(fc.constantFrom(...paramNames), fc.oneof(value, fc.constantFrom('image', 'label', 'relu', 3)), { maxKeys: 3 }),
      block: fc.option(fc.constantFrom('x', 'y', 'z'), { nil: undefined }),
      weightsOf: fc.option(fc.constantFrom(...ids), { nil: undefined, freq: 4 }),
      frozen: fc.constantFrom(undefined, undefined, true),
      position: fc.record({ x: fc.integer({ min: -999, max: 999 }), y: fc.integer({ min: -999, max: 999 }) }),
    }),
    { selector: ({ id }) => id, maxLength: 6 },
  ),
  edges: fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 1, max: 99 }).map((n) => `e${n}`),
      from: fc.constantFrom(...ids),
      to: fc.constantFrom(...ids),
      toPort: fc.integer({ min: 0, max: 3 }),
    }),
    { selector: ({ id }) => id, maxLength: 10 },
  ),
};
const anyDocument = fc.record({
  format: fc.constant('layerbench.network'),
  version: fc.constant(2),
  name: fc.string({ maxLength: 10 }),
  ...graphParts,
  blocks: fc.uniqueArray(fc.record({ id: fc.constantFrom('x', 'y', 'z'), name: fc.constantFrom('p', 'q'), ...graphParts }), {
    selector: ({ id }) => id,
    maxLength: 3,
  }),
});

it('any document gets shapes and reasons, and every fix can be applied', () => {
  fc.assert(
    fc.property(anyDocument, fc.constantFrom(null, imageRoles, tableRoles), (json, roles) => {
      const document = parseDocument(json);
      expect(parseDocument(JSON.parse(serializeDocument(document)))).toEqual(document);
      const shapes = inferShapes(document, roles);
      expect(shapes.nodes.size).toBe(document.nodes.length);
      for (const problem of [...shapes.problems, ...checkTrainable(document, roles, testConfig)]) {
        expect(problem.message).toMatch(/^\S.*[.]$/s);
        for (const fix of problem.fixes ?? []) parseDocument(JSON.parse(serializeDocument(applyFix(document, fix))));
      }
    }),
    { numRuns: 300 },
  );
});

it('edits on any document leave a document that opens again', () => {
  fc.assert(
    fc.property(anyDocument, fc.constantFrom(...ids), fc.constantFrom(...ids), (json, from, to) => {
      const document = parseDocument(json);
      const { document: grown, node } = addNode(document, { type: 'dense', position: { x: 0, y: 0 } });
      const before = inferShapes(grown, null).problems.filter(({ code }) => code === 'graph.cycle').length;
      const linked = whyNotConnect(grown, from, to) === null ? connect(grown, from, to) : grown;
      // An allowed connection never closes a new cycle.
      expect(inferShapes(linked, null).problems.filter(({ code }) => code === 'graph.cycle').length).toBeLessThanOrEqual(before);
      const pasted = pasteNodes(linked, copyNodes(linked, [from, to, node.id])).document;
      const names = pasted.nodes.slice(linked.nodes.length).map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
      parseDocument(JSON.parse(serializeDocument(removeNodes(pasted, [from]))));
      const collapsed = collapse(pasted, [from, to]).document;
      const expanded = expandNode(collapsed, collapsed.nodes.at(-1)?.id ?? '').document;
      parseDocument(JSON.parse(serializeDocument(removeUnusedBlocks(expanded))));
    }),
    { numRuns: 200 },
  );
});
