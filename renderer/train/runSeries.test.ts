import { describe, expect, it } from 'vitest';
import type { TrainingRecord } from '../../core/train/records.ts';
import { RunSeries } from './runSeries.ts';
import { SeriesBuffer, smoothingStepsOf } from './seriesBuffer.ts';

const record = (step: number, metrics: Record<string, number>): TrainingRecord => ({
  type: 'record',
  step,
  epoch: step / 10,
  elapsedMs: step,
  metrics,
});
const history = (name: string, steps: number[]): { name: string; steps: number[]; values: number[] } => ({
  name,
  steps,
  values: steps.map((s) => s * 2),
});

describe('RunSeries', () => {
  it('puts records that came while the history was read behind it, once each', () => {
    const run = new RunSeries(5);
    run.append([record(3, { 'train/loss': 6 }), record(4, { 'train/loss': 8 })]);
    run.finishLoad([history('train/loss', [1, 2, 3])]);
    expect(run.append([record(4, { 'train/loss': 8 }), record(5, { 'train/loss': 10 })])).toBe(true);
    expect(run.series.get('train/loss')?.steps).toEqual([1, 2, 3, 4, 5]);
    expect(run.series.get('train/loss')?.values).toEqual([2, 4, 6, 8, 10]);
  });

  it('keeps a validation metric of the same step beside the training metric', () => {
    const run = new RunSeries(5);
    run.finishLoad([]);
    run.append([record(10, { 'train/loss': 1 })]);
    run.append([record(10, { 'validation/loss': 2 })]);
    expect(run.last('train/loss')).toBe(1);
    expect(run.last('validation/loss')).toBe(2);
  });

  it('fills the gap of a lost connection from the history', () => {
    const run = new RunSeries(5);
    run.finishLoad([history('train/loss', [1, 2])]);
    run.beginLoad();
    run.append([record(6, { 'train/loss': 12 })]);
    expect(run.series.get('train/loss')?.lastStep).toBe(2);
    run.finishLoad([history('train/loss', [1, 2, 3, 4, 5])]);
    expect(run.series.get('train/loss')?.steps).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('forgets what came after the step a run was set back to, shown or still waiting', () => {
    const run = new RunSeries(5);
    run.append([record(3, { 'train/loss': 6 }), record(6, { 'train/loss': 60 })]);
    run.append([record(5, { 'train/loss': 10 })], 4);
    run.finishLoad([history('train/loss', [1, 2])]);
    expect(run.series.get('train/loss')?.steps).toEqual([1, 2, 3, 5]);
    expect(run.append([], 2)).toBe(true);
    expect(run.series.get('train/loss')).toMatchObject({ steps: [1, 2], values: [2, 4] });
    expect(run.append([record(3, { 'train/loss': 7 })], 2)).toBe(true);
    expect(run.series.get('train/loss')).toMatchObject({ steps: [1, 2, 3], values: [2, 4, 7] });
    expect(run.series.get('train/loss')?.smooth).toHaveLength(3);
    expect(run.append([], 0)).toBe(true);
    expect(run.append([record(1, { 'train/loss': 9 })])).toBe(true);
    expect(run.series.get('train/loss')?.smooth).toEqual([9]);
  });

  it('goes back to the checkpoint when a run is taken up again', () => {
    const run = new RunSeries(5);
    run.finishLoad([history('train/loss', [1, 2, 3, 4])]);
    run.beginLoad();
    run.finishLoad([history('train/loss', [1, 2])]);
    run.append([record(3, { 'train/loss': 7 })]);
    expect(run.series.get('train/loss')?.values).toEqual([2, 4, 7]);
  });

  it('says when nothing new came', () => {
    const run = new RunSeries(5);
    run.finishLoad([history('train/loss', [1, 2])]);
    expect(run.append([record(2, { 'train/loss': 4 })])).toBe(false);
  });
});

describe('SeriesBuffer', () => {
  it('smooths a constant to itself from the first point on', () => {
    const series = new SeriesBuffer(20);
    for (let step = 1; step <= 50; step++) series.append(step, 3);
    for (const value of series.smooth) expect(value).toBeCloseTo(3, 12);
  });

  it('follows a jump by 1 − 1/e after one smoothing length', () => {
    const series = new SeriesBuffer(100);
    for (let step = 1; step <= 5000; step++) series.append(step, 0);
    for (let step = 5001; step <= 5100; step++) series.append(step, 1);
    expect(series.smooth.at(-1)).toBeCloseTo(1 - Math.exp(-1), 3);
  });

  it('gives the raw values where smoothing is off, and survives a value that is not a number', () => {
    const series = new SeriesBuffer(0);
    series.append(1, 4);
    series.append(2, NaN);
    series.append(3, 5);
    expect(series.smooth[0]).toBe(4);
    expect(series.smooth[2]).toBe(5);
  });

  it('stays short however long a run gets, and keeps every spike', () => {
    const series = new SeriesBuffer(10);
    for (let step = 1; step <= 100_000; step++) series.append(step, step === 31_337 ? 1000 : step % 7);
    expect(series.length).toBeLessThanOrEqual(20_000);
    expect(Math.max(...series.values)).toBe(1000);
    expect(series.steps[0]).toBeLessThan(16);
    expect(series.lastStep).toBe(100_000);
    expect(series.steps.every((step, i) => i === 0 || step > series.steps[i - 1]!)).toBe(true);
  });

  it('smooths over a quarter of an epoch within bounds of the whole run', () => {
    expect(smoothingStepsOf(10_000, 200)).toBe(25);
    expect(smoothingStepsOf(1000, 10)).toBe(10);
    expect(smoothingStepsOf(100_000, 1000)).toBe(250);
    expect(smoothingStepsOf(10, 10)).toBe(2);
  });
});
