/** Runs name themselves by what differs from the first run of their network: `mlp`, then `mlp · lr 0.01`. */
import type { GraphParts, NetworkDocument } from '../../core/graph/document.ts';
import { diffConfigs } from '../../core/train/runConfigSchema.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';

export interface NameRequest {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  /** The oldest kept run of a network of this name; absent for the first one. */
  readonly first?: { readonly document: NetworkDocument; readonly config: RunConfig };
  readonly taken: ReadonlySet<string>;
}

const maxDifferences = 3;

/** Short words for the paths people change most; an empty one leaves the value to speak for itself. */
const labels: Readonly<Record<string, string>> = {
  'optimizer.learningRate': 'lr',
  'optimizer.type': '',
  'optimizer.weightDecay': 'decay',
  'loss.type': '',
  'schedule.kind': '',
  'controls.clipNorm': 'clip',
  'controls.accumulation': 'batches per step',
  'controls.averageDecay': 'average',
  'controls.sampling': '',
  batchSize: 'batch',
  'data.id': '',
  'preparation.target': 'target',
  'split.seed': 'split',
};

const ignored = /^(version|network\.|data\.hash|engine\.|task$)/;

export function nameRun({ document, config, first, taken }: NameRequest): string {
  const differences = first === undefined ? [] : [...describeLayers(first.document, document), ...describeConfig(first.config, config)];
  return makeUnique([document.name, ...differences.slice(0, maxDifferences)].join(' · '), taken);
}

function describeConfig(first: RunConfig, config: RunConfig): string[] {
  return diffConfigs(first, config)
    .filter(({ path, right }) => !ignored.test(path) && isPlain(right))
    .map(({ path, right }) => {
      const label = labels[path] ?? path.split('.').at(-1) ?? path;
      return label === '' ? String(right) : `${label} ${String(right)}`;
    });
}

/** `dense_1 units 256`, `+ dropout_1`, `− flatten_1`; the same within blocks that both have. */
function describeLayers(first: NetworkDocument, document: NetworkDocument): string[] {
  const within = document.blocks.flatMap((block) => {
    const before = first.blocks.find(({ id }) => id === block.id);
    return before === undefined ? [] : describeGraph(before, block);
  });
  return [...describeGraph(first, document), ...within];
}

function describeGraph(first: GraphParts, document: GraphParts): string[] {
  const before = new Map(first.nodes.map((node) => [node.id, node]));
  const now = new Set(document.nodes.map((node) => node.id));
  const added = document.nodes.filter((node) => !before.has(node.id)).map((node) => `+ ${node.name}`);
  const removed = first.nodes.filter((node) => !now.has(node.id)).map((node) => `− ${node.name}`);
  const changed = document.nodes.flatMap((node) =>
    Object.entries(node.params)
      .filter(([param, value]) => before.has(node.id) && isPlain(value) && before.get(node.id)?.params[param] !== value)
      // What Input and Output are bound to follows from the data set.
      .filter(() => node.type !== 'input' && node.type !== 'output')
      .map(([param, value]) => `${node.name} ${param} ${String(value)}`),
  );
  const frozen = document.nodes
    .filter((node) => before.has(node.id) && before.get(node.id)?.frozen !== node.frozen)
    .map((node) => `${node.name} ${node.frozen === true ? 'frozen' : 'not frozen'}`);
  return [...changed, ...frozen, ...added, ...removed];
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}

function makeUnique(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
}
