/** Which runs the table shows, in which order, and what stands in each column. */
import { isLowerBetter } from '../../core/metrics/direction.ts';
import type { RunId, RunStatus, RunSummary } from '../../electron/contract/calls.ts';
import { secondQuantity } from '../train/chartData.ts';
import { formatElapsed, formatMetric, formatMoment } from '../train/format.ts';
import { formatCount, noValue } from '../ui/format.ts';

export type RunColumn =
  | 'name'
  | 'status'
  | 'network'
  | 'dataSet'
  | 'validation'
  | 'bestValidation'
  | 'train'
  | 'loss'
  | 'epochs'
  | 'duration'
  | 'parameters'
  | 'started';

export interface RunSort {
  readonly column: RunColumn;
  readonly descending: boolean;
}

export interface RunFilter {
  readonly text: string;
  readonly status: RunStatus | 'all';
}

export interface ColumnDefinition {
  readonly id: RunColumn;
  readonly label: string;
  /** Of the table's width, in pixels at least. */
  readonly width: number;
  readonly numeric: boolean;
  /** What sorting compares; undefined stands last in either direction. */
  value(run: RunSummary): string | number | undefined;
  show(run: RunSummary): string;
}

/** `accuracy`, `rmse` or `loss`: what this run is judged by. */
export function mainQuantity(run: RunSummary): string {
  return secondQuantity(Object.keys(run.summary)) ?? 'loss';
}

function metric(run: RunSummary, part: 'train' | 'validation', pick: 'last' | 'best', quantity = mainQuantity(run)): number | undefined {
  return run.summary[`${part}/${quantity}`]?.[pick];
}

function shown(run: RunSummary, value: number | undefined, quantity = mainQuantity(run)): string {
  return formatMetric(quantity, value);
}

/** Better first when sorted ascending, whichever way the quantity goes. */
function rank(run: RunSummary, value: number | undefined): number | undefined {
  return value === undefined || !Number.isFinite(value) ? undefined : isLowerBetter(mainQuantity(run)) ? value : -value;
}

export const columns: readonly ColumnDefinition[] = [
  { id: 'name', label: 'Name', width: 190, numeric: false, value: (run) => run.name.toLowerCase(), show: (run) => run.name },
  { id: 'status', label: 'Status', width: 108, numeric: false, value: (run) => run.status, show: (run) => run.status },
  { id: 'network', label: 'Network', width: 104, numeric: false, value: (run) => run.network.toLowerCase(), show: (run) => run.network },
  { id: 'dataSet', label: 'Data', width: 112, numeric: false, value: (run) => run.dataSet.toLowerCase(), show: (run) => run.dataSet },
  {
    id: 'bestValidation',
    label: 'Best validation',
    width: 108,
    numeric: true,
    value: (run) => rank(run, metric(run, 'validation', 'best')),
    show: (run) => shown(run, metric(run, 'validation', 'best')),
  },
  {
    id: 'validation',
    label: 'Last validation',
    width: 108,
    numeric: true,
    value: (run) => rank(run, metric(run, 'validation', 'last')),
    show: (run) => shown(run, metric(run, 'validation', 'last')),
  },
  {
    id: 'train',
    label: 'Training',
    width: 80,
    numeric: true,
    value: (run) => rank(run, metric(run, 'train', 'last')),
    show: (run) => shown(run, metric(run, 'train', 'last')),
  },
  {
    id: 'loss',
    label: 'Training loss',
    width: 100,
    numeric: true,
    value: (run) => metric(run, 'train', 'last', 'loss'),
    show: (run) => shown(run, metric(run, 'train', 'last', 'loss'), 'loss'),
  },
  {
    id: 'epochs',
    label: 'Epochs',
    width: 80,
    numeric: true,
    value: (run) => run.epoch,
    show: (run) => `${formatCount(Math.floor(run.epoch + 1e-9))} / ${formatCount(run.epochs)}`,
  },
  { id: 'duration', label: 'Time', width: 62, numeric: true, value: (run) => run.elapsedMs, show: (run) => formatElapsed(run.elapsedMs) },
  {
    id: 'parameters',
    label: 'Parameters',
    width: 96,
    numeric: true,
    value: (run) => run.parameterCount,
    show: (run) => (run.parameterCount > 0 ? formatCount(run.parameterCount) : noValue),
  },
  { id: 'started', label: 'Started', width: 118, numeric: true, value: (run) => run.startedAt, show: (run) => formatMoment(run.startedAt) },
];

export const defaultColumns: readonly RunColumn[] = [
  'name',
  'status',
  'network',
  'dataSet',
  'bestValidation',
  'validation',
  'train',
  'epochs',
  'duration',
  'started',
];

export function columnOf(id: RunColumn): ColumnDefinition {
  return columns.find((column) => column.id === id)!;
}

/** Every word of the text must occur somewhere in the run's name, network, data, note or number. */
export function filterRuns(runs: readonly RunSummary[], filter: RunFilter): RunSummary[] {
  const words = filter.text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return runs.filter((run) => {
    if (filter.status !== 'all' && run.status !== filter.status) return false;
    if (words.length === 0) return true;
    const hay = `${run.name} ${run.network} ${run.dataSet} ${run.note} #${run.id} ${run.status}`.toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** A new array; runs without the value stand last, equals in order of their number, newest first. */
export function sortRuns(runs: readonly RunSummary[], sort: RunSort): RunSummary[] {
  const { value } = columnOf(sort.column);
  const sign = sort.descending ? -1 : 1;
  return [...runs].sort((a, b) => {
    const left = value(a);
    const right = value(b);
    if (left === right) return b.id - a.id;
    if (left === undefined) return 1;
    if (right === undefined) return -1;
    return sign * (typeof left === 'string' ? left.localeCompare(String(right)) : left - Number(right));
  });
}

/** The next sort when a header is pressed: the same column turns round, names start at A, times at the newest. */
export function nextSort(sort: RunSort, column: RunColumn): RunSort {
  if (sort.column === column) return { column, descending: !sort.descending };
  return { column, descending: column === 'started' || column === 'duration' || column === 'epochs' || column === 'parameters' };
}

/** What can be compared among the chosen runs, those all of them have first. */
export function sharedMetrics(runs: readonly RunSummary[]): string[] {
  const counts = new Map<string, number>();
  for (const run of runs) for (const name of Object.keys(run.summary)) counts.set(name, (counts.get(name) ?? 0) + 1);
  const preferred = ['validation/accuracy', 'validation/rmse', 'validation/loss', 'train/loss'];
  const place = (name: string): number => (preferred.includes(name) ? preferred.indexOf(name) : preferred.length);
  return [...counts.keys()].sort((a, b) => counts.get(b)! - counts.get(a)! || place(a) - place(b) || a.localeCompare(b));
}

/** Selecting with space or a click: plain takes one, with Shift the range from the last one, with Ctrl adds or takes away. */
export function select(
  selected: readonly RunId[],
  rows: readonly RunId[],
  id: RunId,
  how: 'one' | 'toggle' | 'range',
  anchor: RunId | undefined,
): RunId[] {
  if (how === 'one') return [id];
  if (how === 'toggle') return selected.includes(id) ? selected.filter((other) => other !== id) : [...selected, id];
  const from = rows.indexOf(anchor ?? id);
  const to = rows.indexOf(id);
  if (from < 0 || to < 0) return [id];
  const range = rows.slice(Math.min(from, to), Math.max(from, to) + 1);
  return [...selected.filter((other) => !range.includes(other)), ...range];
}

/** The host lists at most so many runs at once (`runs.list`). */
export const runsPerPage = 1000;

/** The runs the workspace keeps and the older ones fetched since, newest first, each once. */
export function withOlder(kept: readonly RunSummary[], older: readonly RunSummary[]): readonly RunSummary[] {
  if (older.length === 0) return kept;
  const known = new Set(kept.map((run) => run.id));
  return [...kept, ...older.filter((run) => !known.has(run.id))];
}
