/** Runs name themselves by what differs: `mlp`, then `mlp · lr 0.01`. */
import { diffConfigs } from '../../core/train/runConfigSchema.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';

export interface NamedRun {
  readonly name: string;
  readonly config: RunConfig;
}

const maxDifferences = 3;

/** Short words for the paths people change most; any other path is named by its last part. */
const labels: Readonly<Record<string, string>> = {
  'optimizer.learningRate': 'lr',
  'optimizer.type': '',
  'optimizer.weightDecay': 'decay',
  batchSize: 'batch',
  'data.id': '',
  'preparation.target': 'target',
  'split.seed': 'split',
};

const ignored = /^(version|network\.|data\.hash|engine\.|task$)/;

/** `earlier`: runs of the same network, newest first; the oldest is what the new one is compared with. */
export function nameRun(network: string, config: RunConfig, earlier: readonly NamedRun[]): string {
  const first = earlier.at(-1);
  const parts = [network];
  if (first !== undefined) {
    const differences = diffConfigs(first.config, config).filter(({ path, right }) => !ignored.test(path) && isPlain(right));
    for (const { path, right } of differences.slice(0, maxDifferences)) parts.push(describe(path, right));
  }
  return makeUnique(parts.join(' · '), new Set(earlier.map((run) => run.name)));
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
}

function describe(path: string, value: unknown): string {
  const label = labels[path] ?? path.split('.').at(-1) ?? path;
  return label === '' ? String(value) : `${label} ${String(value)}`;
}

function makeUnique(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
}
