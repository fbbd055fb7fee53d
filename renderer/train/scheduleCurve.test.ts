import { expect, it } from 'vitest';
import { defaultRunConfig } from '../../core/train/defaults.ts';
import { defaultSchedule } from '../../core/schedules/index.ts';
import { hasCurve, scheduleCurve, stepsInEpoch } from './scheduleCurve.ts';

const config = {
  ...defaultRunConfig(
    {
      id: 't',
      name: 'T',
      hash: 'h',
      origin: 'csv',
      kind: 'table',
      rowCount: 100,
      columns: [{ name: 'a', type: 'category', missing: 0, categories: ['x', 'y'] }],
      description: '',
    },
    { network: 'n', target: 'a' },
  ),
  epochs: 4,
  batchSize: 16,
};

it('draws the learning rate from the first step to the last', () => {
  const points = scheduleCurve({ ...config, schedule: defaultSchedule('cosine') }, 100);
  expect(points).toHaveLength(160);
  expect(points[0]).toEqual({ x: 0, y: 0.001 });
  expect(points.at(-1)?.x).toBeCloseTo(3.99, 6);
  expect(points.at(-1)?.y).toBeLessThan(1e-7);
  expect(scheduleCurve(config, 2)).toHaveLength(8);
});

it('draws nothing for what is being typed', () => {
  expect(scheduleCurve({ ...config, schedule: { ...defaultSchedule('multiStep'), milestones: '3, x' } }, 10)).toEqual([]);
});

it('counts steps with the batches of each', () => {
  expect(stepsInEpoch(config, 70)).toBe(5);
  expect(stepsInEpoch({ ...config, controls: { ...config.controls, accumulation: 3 } }, 70)).toBe(2);
  expect(stepsInEpoch(config, 0)).toBe(1);
});

it('a constant rate without warm-up needs no drawing', () => {
  expect(hasCurve(config)).toBe(false);
  expect(hasCurve({ ...config, schedule: { ...defaultSchedule('constant'), warmUp: 1 } })).toBe(true);
  expect(hasCurve({ ...config, schedule: defaultSchedule('step') })).toBe(true);
});
