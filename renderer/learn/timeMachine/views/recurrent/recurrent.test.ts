import { describe, expect, it } from 'vitest';
import type { LayerStage, TensorRef } from '../../../../../core/explain/stages.ts';
import { linePath, logShares, norm, readSeries, runsOf, seriesOf, splitName, unitsOverTime } from './recurrent.ts';

const ref = (id: number, name: string, step?: number): TensorRef => ({
  id,
  name,
  shape: [1, 2],
  dtype: 'f32',
  ...(step === undefined ? {} : { step }),
});
const stage: LayerStage = {
  node: 'r',
  name: 'r',
  type: 'gru',
  params: {},
  inputNodes: [],
  inputs: [],
  weights: [],
  inside: [
    ref(1, 'resetGate', 0),
    ref(2, 'hidden', 0),
    ref(3, 'resetGate', 1),
    ref(4, 'hidden', 1),
    ref(5, 'hiddenReverse', 1),
    ref(6, 'hiddenReverse', 0),
    ref(7, 'hidden2', 0),
    ref(8, 'preActivation'),
  ],
  output: ref(9, 'output'),
};

describe('a recurrent layer over time', () => {
  it('has a run for every stacked layer and direction', () => {
    expect(splitName('hidden2Reverse')).toEqual({ base: 'hidden', suffix: '2Reverse' });
    expect(runsOf(stage)).toEqual([
      { suffix: '', layer: 1, isReverse: false },
      { suffix: 'Reverse', layer: 1, isReverse: true },
      { suffix: '2', layer: 2, isReverse: false },
    ]);
  });

  it('has a series for every gate and state, in the order of time', () => {
    const ids = (run: string) => seriesOf(stage, run).map(({ name, steps }) => [name, steps.map((own) => own?.id)]);
    expect(ids('')).toEqual([
      ['resetGate', [1, 3]],
      ['hidden', [2, 4]],
    ]);
    expect(ids('Reverse')).toEqual([['hidden', [6, 5]]]);
  });

  it('finds its last state in what it gives', () => {
    const last = {
      ...stage,
      inside: [ref(1, 'hidden', 0), ref(2, 'cell', 0), ref(3, 'cell', 1)],
      output: { ...ref(9, 'output'), shape: [1, 2] },
    };
    expect(seriesOf(last, '').map(({ name, steps }) => [name, steps.map((own) => own?.id)])).toEqual([
      ['cell', [2, 3]],
      ['hidden', [1, 9]],
    ]);
  });

  it('is read at once, and has 0 where a step has nothing', () => {
    const series = { name: 'forgetGate', steps: [undefined, ref(1, 'forgetGate', 1)] };
    const read = (ids: readonly number[]) => ids.map((id) => [id, 2 * id]);
    expect([...readSeries(series, 2, ({ id }) => id, read)!]).toEqual([0, 1, 0, 2]);
    expect(
      readSeries(
        series,
        2,
        ({ id }) => id,
        () => [undefined],
      ),
    ).toBeUndefined();
  });

  it('is a map of units by steps', () => {
    expect([...unitsOverTime([[1, 2], undefined, [5, 6]], 2)]).toEqual([1, 0, 5, 2, 0, 6]);
  });

  it('measures gradients, and draws them on a logarithmic scale', () => {
    expect([norm([3, 4]), norm(undefined)]).toEqual([5, 0]);
    expect(logShares([1, 100, 10, 0])).toEqual([0, 1, 0.5, undefined]);
    expect(logShares([2, 2])).toEqual([1, 1]);
    expect(linePath([0, 1, undefined, 0.5], 40, 10)).toBe('M5.0 10.0 L15.0 0.0  M35.0 5.0');
  });
});
