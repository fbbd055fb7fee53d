import { describe, expect, it } from 'vitest';
import type { RunSummary } from '../../electron/contract/calls.ts';
import { filterRuns, nextSort, select, sharedMetrics, sortRuns, withOlder } from './runRows.ts';

function run(id: number, change: Partial<RunSummary> = {}): RunSummary {
  return {
    id,
    name: `run ${id}`,
    note: '',
    status: 'completed',
    network: 'mlp',
    dataSet: 'penguins',
    startedAt: id * 1000,
    elapsedMs: id,
    step: 10,
    totalSteps: 10,
    epoch: 1,
    epochs: 1,
    parameterCount: 5,
    summary: {},
    testLooks: 0,
    deleted: false,
    ...change,
  };
}
const accuracy = (best: number): RunSummary['summary'] => ({ 'validation/accuracy': { last: best - 0.01, best, bestStep: 3 } });
const rmse = (best: number): RunSummary['summary'] => ({
  'validation/rmse': { last: best, best, bestStep: 3 },
  'train/loss': { last: 1, best: 1, bestStep: 1 },
});
const ids = (runs: readonly RunSummary[]): number[] => runs.map((r) => r.id);

describe('the table of runs', () => {
  it('shows the older runs after those it keeps, each once', () => {
    const kept = [run(9), run(8), run(5)];
    expect(withOlder(kept, [])).toBe(kept);
    expect(withOlder(kept, [run(5), run(3)]).map(({ id }) => id)).toEqual([9, 8, 5, 3]);
  });

  it('finds every word in name, network, data or note, and by status', () => {
    const runs = [run(1, { note: 'baseline' }), run(2, { network: 'LeNet' }), run(3, { status: 'failed', network: 'LeNet' })];
    expect(ids(filterRuns(runs, { text: 'base', status: 'all' }))).toEqual([1]);
    expect(ids(filterRuns(runs, { text: 'lenet penguins', status: 'all' }))).toEqual([2, 3]);
    expect(ids(filterRuns(runs, { text: 'lenet', status: 'failed' }))).toEqual([3]);
    expect(ids(filterRuns(runs, { text: '#2', status: 'all' }))).toEqual([2]);
  });

  it('puts the better run first: higher accuracy, lower error; runs without a value last either way', () => {
    const byAccuracy = [run(1, { summary: accuracy(0.8) }), run(2), run(3, { summary: accuracy(0.9) })];
    expect(ids(sortRuns(byAccuracy, { column: 'bestValidation', descending: false }))).toEqual([3, 1, 2]);
    expect(ids(sortRuns(byAccuracy, { column: 'bestValidation', descending: true }))).toEqual([1, 3, 2]);
    const byError = [run(1, { summary: rmse(300) }), run(2, { summary: rmse(250) })];
    expect(ids(sortRuns(byError, { column: 'bestValidation', descending: false }))).toEqual([2, 1]);
  });

  it('keeps equals newest first and leaves the given array alone', () => {
    const runs = [run(1), run(2), run(3)];
    expect(ids(sortRuns(runs, { column: 'network', descending: false }))).toEqual([3, 2, 1]);
    expect(ids(runs)).toEqual([1, 2, 3]);
  });

  it('turns a column round on the second press', () => {
    expect(nextSort({ column: 'name', descending: false }, 'name')).toEqual({ column: 'name', descending: true });
    expect(nextSort({ column: 'name', descending: false }, 'started')).toEqual({ column: 'started', descending: true });
  });

  it('offers the metrics all chosen runs have first', () => {
    expect(
      sharedMetrics([
        run(1, { summary: rmse(1) }),
        run(2, { summary: { ...accuracy(1), 'train/loss': { last: 1, best: 1, bestStep: 1 } } }),
      ]),
    ).toEqual(['train/loss', 'validation/accuracy', 'validation/rmse']);
  });

  it('selects one, several and a range', () => {
    const rows = [5, 4, 3, 2, 1];
    expect(select([5, 4], rows, 2, 'one', undefined)).toEqual([2]);
    expect(select([5], rows, 4, 'toggle', 5)).toEqual([5, 4]);
    expect(select([5, 4], rows, 5, 'toggle', 4)).toEqual([4]);
    expect(select([4], rows, 2, 'range', 4)).toEqual([4, 3, 2]);
    expect(select([2], rows, 4, 'range', 2)).toEqual([4, 3, 2]);
  });
});
