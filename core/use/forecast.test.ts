import { describe, expect, it } from 'vitest';
import type { Column } from '../data/dataSet.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { draw } from '../testing/documents.ts';
import { dataSetOf, trainedRun } from '../testing/trainedRuns.ts';
import { createUseSession } from './useSession.ts';

const numbers = (name: string, values: number[]): Column => ({
  info: { name, type: 'number', missing: values.filter(Number.isNaN).length },
  type: 'number',
  values: Float64Array.from(values),
});

describe('a forecast', () => {
  const values = Array.from({ length: 40 }, (_, i) => (i === 33 ? NaN : 10 + ((i * 7) % 11)));
  const document = draw('in:input flat:flatten d:dense out:output', 'in>flat flat>d d>out', {
    in: { role: 'sequence' },
    d: { units: 2 },
    out: { role: 'y' },
  });
  // The last value, and the one before.
  const trained = trainedRun(document, dataSetOf([numbers('y', values)], 40), {
    target: 'y',
    task: { type: 'forecasting', past: 3, horizon: 2 },
    weights: { 'd/weight': [0, 0, 1, 0, 1, 0], 'd/bias': [0, 0] },
  });
  const session = createUseSession(createReferenceEngine(), trained, () => 0);

  it('continues the series behind its end in its own unit', async () => {
    const { row, history, values: next, actual } = await session.forecast();
    expect({ row, actual }).toEqual({ row: 40, actual: [] });
    expect(history).toEqual(values.slice(31).map((value) => (Number.isNaN(value) ? null : value)));
    expect(next[0]).toBeCloseTo(values[39]!, 4);
    expect(next[1]).toBeCloseTo(values[38]!, 4);
  });

  it('begins at a row, with what really came', async () => {
    const forecast = await session.forecast(39);
    expect(forecast.actual).toEqual([values[39]]);
    expect(forecast.values[0]).toBeCloseTo(values[38]!, 4);
    expect((await session.forecast(3)).history).toEqual(values.slice(0, 3));
    await expect(session.forecast(2)).rejects.toThrow('A forecast can begin at rows 3 to 40, got 2');
  });
});

describe('the nodes of a graph', () => {
  it('all get a class, with their part and what is known', async () => {
    const group: Column = {
      info: { name: 'group', type: 'category', missing: 0, categories: ['a', 'b'] },
      type: 'category',
      values: Int32Array.from({ length: 20 }, (_, i) => (i === 19 ? -1 : i % 2)),
    };
    const dataSet = {
      ...dataSetOf(
        [
          numbers(
            'x',
            Array.from({ length: 20 }, (_, i) => (i < 10 ? -100 : 100) + i),
          ),
          group,
        ],
        20,
        {
          kind: 'graph',
          edges: { count: 2, directed: false },
        },
      ),
      edges: Int32Array.of(0, 1, 1, 2),
    };
    const document = draw('in:input d:dense out:output', 'in>d d>out', { in: { role: 'nodes' }, d: { units: 2 }, out: { role: 'group' } });
    const trained = trainedRun(document, dataSet, {
      target: 'group',
      task: { type: 'nodeClassification' },
      weights: { 'd/weight': [-1, 1], 'd/bias': [0, 0] },
    });
    const nodes = await createUseSession(createReferenceEngine(), trained, () => 0).nodes();
    expect([...nodes.predicted]).toEqual(Array.from({ length: 20 }, (_, i) => (i < 10 ? 0 : 1)));
    expect([...nodes.edges]).toEqual([0, 1, 1, 2]);
    expect(nodes.truth[19]).toBe(-1);
    expect(nodes.part[19]).toBe(3);
    expect([...trained.data.parts.test].every((row) => nodes.part[row] === 2)).toBe(true);
    for (let node = 0; node < 20; node++) expect(nodes.probabilities[2 * node]! + nodes.probabilities[2 * node + 1]!).toBeCloseTo(1, 6);
  });
});
