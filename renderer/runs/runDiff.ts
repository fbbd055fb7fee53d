/**
 * Where two or more runs differ, and only there: settings by path, the network layer by layer, the data by hash.
 * The first run is the one the others are compared with.
 */
import type { RunDetails } from '../../electron/contract/calls.ts';
import type { GraphParts, LayerNode, NetworkDocument } from '../../core/graph/document.ts';
import { augmentationSpecs } from '../../core/augmentation/index.ts';
import { findLayer } from '../../core/layers/index.ts';
import type { ParamSpec, ParamSpecs } from '../../core/layers/defineLayer.ts';
import { losses } from '../../core/losses/index.ts';
import { optimizers } from '../../core/optimizers/index.ts';
import { schedules } from '../../core/schedules/index.ts';
import { tasks } from '../../core/tasks/index.ts';
import type { Task } from '../../core/data/dataSet.ts';
import { controlSpecs } from '../../core/train/controlSpecs.ts';
import type { LossName, OptimizerName, RunConfig, ScheduleName } from '../../core/train/runConfig.ts';

export type DiffGroup = 'settings' | 'network' | 'data';

export interface DiffRow {
  readonly group: DiffGroup;
  readonly label: string;
  /** One per run, in the order given. */
  readonly values: readonly string[];
}

export interface ConfigDifference {
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** Said elsewhere in the comparison, or the same thing twice. */
const hidden = new Set(['network.name', 'network.hash', 'data.hash', 'version']);

const labels: Readonly<Record<string, string>> = {
  'data.id': 'Data set',
  'optimizer.type': 'Optimizer',
  'optimizer.learningRate': 'Learning rate',
  'optimizer.weightDecay': 'Weight decay',
  'optimizer.momentum': 'Momentum',
  'optimizer.nesterov': 'Nesterov',
  'optimizer.beta1': 'Beta 1',
  'optimizer.beta2': 'Beta 2',
  'optimizer.epsilon': 'Epsilon',
  'loss.type': 'Loss',
  'schedule.kind': 'Schedule',
  epochs: 'Epochs',
  batchSize: 'Batch size',
  seed: 'Seed',
  'task.type': 'Task',
  'engine.kind': 'Engine',
  'engine.threads': 'Threads',
  'split.train': 'Training share',
  'split.validation': 'Validation share',
  'split.test': 'Test share',
  'split.seed': 'Split seed',
  'split.stratify': 'Stratified split',
  'preparation.target': 'Target',
  'preparation.targetScaling': 'Target scaling',
};

/** `optimizer.learningRate` → `Learning rate`; `preparation.columns.mass.scaling` → `mass · scaling`. */
export function labelOfPath(path: string): string {
  const known = labels[path];
  if (known !== undefined) return known;
  const column = /^preparation\.columns\.(.+)\.(use|gaps|scaling)$/.exec(path);
  if (column !== null) return `${column[1]!} · ${column[2] === 'use' ? 'used' : column[2]!}`;
  const spec = specOf(path);
  if (spec !== undefined) return spec.label;
  return path.startsWith('layerRates.') ? `Learning rate of ${path.slice('layerRates.'.length)}` : path;
}

/** The specification of a setting of loss, optimizer, schedule, controls or augmentation; of several with this name the first. */
function specOf(path: string): ParamSpec | undefined {
  const [group = '', name = ''] = path.split('.');
  const tables: Readonly<Record<string, readonly { readonly params: ParamSpecs }[]>> = {
    loss: Object.values(losses),
    optimizer: Object.values(optimizers),
    schedule: Object.values(schedules),
    task: Object.values(tasks),
    controls: [{ params: controlSpecs }],
    augmentation: [{ params: augmentationSpecs }],
  };
  return tables[group]?.map(({ params }) => params[name]).find((spec) => spec !== undefined);
}

export function formatSetting(value: unknown, path = ''): string {
  if (value === undefined || value === null) return '–';
  if (path === 'schedule.kind') return schedules[value as ScheduleName]?.title ?? String(value);
  if (path === 'task.type') return tasks[value as Task]?.title ?? String(value);
  if (path === 'loss.type') return losses[value as LossName]?.title ?? String(value);
  if (path === 'optimizer.type') return optimizers[value as OptimizerName]?.title ?? String(value);
  const spec = specOf(path);
  if (spec?.kind === 'choice') return spec.options.find((option) => option.value === value)?.label ?? String(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'object') return JSON.stringify(value);
  return String(value);
}

function valueAt(config: RunConfig, path: string): unknown {
  let value: unknown = config;
  // Column names may hold dots; the longest key that fits is taken.
  let rest = path;
  while (rest !== '') {
    if (typeof value !== 'object' || value === null) return undefined;
    const keys = Object.keys(value).filter((key) => rest === key || rest.startsWith(`${key}.`));
    const key = keys.sort((a, b) => b.length - a.length)[0];
    if (key === undefined) return undefined;
    value = (value as Record<string, unknown>)[key];
    rest = rest.slice(key.length + 1);
  }
  return value;
}

export function configRows(configs: readonly RunConfig[], diff: (a: RunConfig, b: RunConfig) => readonly ConfigDifference[]): DiffRow[] {
  const first = configs[0];
  if (first === undefined) return [];
  const paths: string[] = [];
  for (const other of configs.slice(1)) {
    for (const { path } of diff(first, other)) if (!paths.includes(path) && !hidden.has(path)) paths.push(path);
  }
  return paths.map((path) => ({
    group: path.startsWith('data.') || path.startsWith('split.') || path.startsWith('preparation.') ? 'data' : 'settings',
    label: labelOfPath(path),
    values: configs.map((config) => formatSetting(valueAt(config, path), path)),
  }));
}

/** `Dense · Units 128`: a layer by its type and what differs from the defaults. */
function describeLayer(node: LayerNode | undefined): string {
  if (node === undefined) return 'none';
  const definition = findLayer(node.type);
  const flags = [...(node.weightsOf === undefined ? [] : ['shared weights']), ...(node.frozen === true ? ['frozen'] : [])];
  const params = Object.entries(node.params).map(
    ([name, value]) => `${definition?.params[name]?.label ?? name} ${Array.isArray(value) ? value.join('×') : String(value)}`,
  );
  return [definition?.title ?? node.type, ...params, ...flags].join(' · ');
}

/** Layers whose name, type or parameters are not the same everywhere, those of blocks too, then connections. */
export function networkRows(documents: readonly NetworkDocument[]): DiffRow[] {
  const layers = documents.map(layersByName);
  const names = [...new Set(layers.flatMap((named) => [...named.keys()]))];
  const rows: DiffRow[] = [];
  for (const name of names) {
    const values = layers.map((named) => describeLayer(named.get(name)));
    if (new Set(values).size > 1) rows.push({ group: 'network', label: name, values });
  }
  const wirings = documents.map((document) => [document, ...document.blocks].map(wiring).join('; '));
  if (rows.length === 0 && new Set(wirings).size > 1) rows.push({ group: 'network', label: 'Connections', values: wirings });
  return rows;
}

/** `dense_1`, and `decoder block › dense_1` within a block. */
function layersByName({ nodes, blocks }: NetworkDocument): ReadonlyMap<string, LayerNode> {
  const within = blocks.flatMap((block) => block.nodes.map((node) => [`${block.name} › ${node.name}`, node] as const));
  return new Map([...nodes.map((node) => [node.name, node] as const), ...within]);
}

function wiring(document: GraphParts): string {
  const name = new Map(document.nodes.map((node) => [node.id, node.name]));
  return document.edges
    .map((edge) => `${name.get(edge.from) ?? '?'} → ${name.get(edge.to) ?? '?'}`)
    .sort()
    .join(', ');
}

export function diffRuns(runs: readonly RunDetails[], diff: (a: RunConfig, b: RunConfig) => readonly ConfigDifference[]): DiffRow[] {
  const rows = configRows(
    runs.map((run) => run.config),
    diff,
  );
  const network = networkRows(runs.map((run) => run.document));
  if (runs.length > 0 && new Set(runs.map((run) => run.network)).size > 1)
    network.unshift({ group: 'network', label: 'Network', values: runs.map((run) => run.network) });
  const data: DiffRow[] =
    new Set(runs.map((run) => run.dataHash)).size > 1
      ? [{ group: 'data', label: 'Data version', values: runs.map((run) => run.dataHash.slice(0, 10)) }]
      : [];
  return [...rows.filter((row) => row.group === 'settings'), ...network, ...rows.filter((row) => row.group === 'data'), ...data];
}
