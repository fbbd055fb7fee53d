/**
 * Brings a document of an older version to the present one, step by step. A new version adds one function here and
 * one saved file to `fixtures/` that is parsed by the tests for ever after. Layers' own parameters are lifted by
 * their `upgrade`.
 */
import type { LayerDefinition } from '../layers/defineLayer.ts';
import { findLayer } from '../layers/index.ts';
import { raise } from '../problem.ts';
import { documentVersion, type LayerNode, type NetworkDocument } from './document.ts';

type JsonObject = Readonly<Record<string, unknown>>;

/** `migrations[n]` turns version n into n + 1. */
export type Migrations = Readonly<Record<number, (document: JsonObject) => JsonObject>>;

const migrations: Migrations = {
  // Version 2 brought blocks, shared and frozen weights.
  1: (document) => ({ ...document, blocks: [] }),
};

/** @throws ProblemError for a version that is newer than the app or unknown */
export function migrateDocument(json: JsonObject, steps: Migrations = migrations, target: number = documentVersion): JsonObject {
  const { version } = json;
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    raise({
      code: 'document.version',
      where: { kind: 'document' },
      message: `The document's version should be a whole number from 1 to ${target}, got ${describeJson(version)}.`,
    });
  }
  if (version > target) {
    raise({
      code: 'document.newer',
      where: { kind: 'document' },
      message: `The document has version ${version}, this Layerbench reads up to version ${target}.`,
      hint: 'Open it with a newer Layerbench.',
    });
  }
  let document = json;
  for (let from = version; from < target; from++) {
    const step = steps[from];
    if (step === undefined) throw new Error(`No migration from document version ${from}.`);
    document = { ...step(document), version: from + 1 };
  }
  return document;
}

/** Lifts every node whose layer has a newer definition; unknown layers and newer nodes stay as they are. */
export function upgradeNodes(document: NetworkDocument, find: (type: string) => LayerDefinition | undefined = findLayer): NetworkDocument {
  const upgrade = (node: LayerNode): LayerNode => {
    const definition = find(node.type);
    if (definition?.upgrade === undefined || node.typeVersion >= definition.version) return node;
    return { ...node, params: definition.upgrade(node.params, node.typeVersion), typeVersion: definition.version };
  };
  return {
    ...document,
    nodes: document.nodes.map(upgrade),
    blocks: document.blocks.map((block) => ({ ...block, nodes: block.nodes.map(upgrade) })),
  };
}

/** A JSON value as a message names it: short, and never its whole content. */
export function describeJson(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
