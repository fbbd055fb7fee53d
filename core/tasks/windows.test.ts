import { describe, expect, it } from 'vitest';
import { taskCase } from '../testing/taskCases.ts';
import { prepareData } from './prepareData.ts';
import { splitWindows, type WindowPlan } from './windows.ts';

const split = { train: 0.6, validation: 0.2, test: 0.2, seed: 1, stratify: false };
const { dataSet } = taskCase('nextToken');

function parts(plan: WindowPlan, rowCount = 100, shares = split) {
  const notices: { code: string }[] = [];
  const info = { ...dataSet.info, rowCount };
  const { train, validation, test, trainRows } = splitWindows({ ...dataSet, info }, shares, plan, notices as never);
  return { train: [...train], validation: [...validation], test: [...test], trainRows, notices };
}

describe('windows of rows', () => {
  it('of a text lie wholly in their part, and follow one another in time', () => {
    const { train, validation, test, trainRows } = parts({ length: 11, known: 0, stride: 5, scoreStride: 10 });
    expect(train).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40, 45]);
    expect(Math.max(...train) + 11).toBeLessThanOrEqual(60);
    expect(validation).toEqual([60]);
    expect(test).toEqual([80]);
    expect(trainRows.length).toBe(60);
  });

  it('of a series may look back into the part before, but never predict there', () => {
    const { train, validation, test } = parts({ length: 12, known: 10, stride: 1, scoreStride: 2 });
    expect(Math.max(...train) + 12).toBe(60);
    // The first predicted row of a window is 10 behind its start.
    expect(validation.map((start) => start + 10)).toEqual([60, 62, 64, 66, 68, 70, 72, 74, 76, 78]);
    expect(Math.min(...test) + 10).toBe(80);
    expect(Math.max(...test) + 12).toBe(100);
  });

  it('need a training part that holds one', () => {
    expect(() => parts({ length: 70, known: 0, stride: 1, scoreStride: 1 })).toThrow(
      'A sample takes 70 rows in a row, expected at most the 60 rows of the training part.',
    );
  });

  it('say where another part is too short for any', () => {
    const { notices, test } = parts({ length: 25, known: 0, stride: 1, scoreStride: 1 });
    expect(test).toEqual([]);
    expect(notices.map(({ code }) => code)).toEqual(['split.emptyPart', 'split.emptyPart']);
  });
});

describe('forecasting', () => {
  it('sees its own past on the training scale, with gaps filled from before', () => {
    const { dataSet: series, config } = taskCase('forecasting');
    const columns = series.columns.map((column) => {
      if (column.info.name !== 'y' || column.type !== 'number') return column;
      const values = column.values.slice();
      values[7] = NaN;
      return { ...column, values };
    });
    const { inputs, target, targetScale, notices } = prepareData({ ...series, columns }, config);
    const { shift, scale } = targetScale!;
    const width = inputs[0]!.rowShape[0]!;
    const own = (row: number) => (inputs[0]!.values as Float32Array)[row * width]! * scale + shift;
    expect(own(3)).toBeCloseTo(Math.cos(3 / 5), 5);
    expect(own(7)).toBeCloseTo(Math.cos(6 / 5), 5);
    expect(target.reading).toEqual({ kind: 'window', offset: 4, length: 2 });
    expect(notices.map(({ message }) => message)).toContain('1 of 90 rows have no value of "y": each takes the one before it.');
  });
});
