import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../../core/engines/reference/referenceEngine.ts';
import { openTraining } from './engine/training.ts';
import { writeTrainingTask } from './task.ts';
import type { TrainingTask } from './task.ts';
import { batchCount, findWorkload, workloads } from './workloads.ts';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'layerbench-bench-test-'));
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

describe('workloads of the bench', () => {
  it('have ids of their own', () => {
    expect(new Set(workloads.map(({ id }) => id)).size).toBe(workloads.length);
  });

  it('train, and start again with every turn', async () => {
    const bench = await openTraining(createReferenceEngine(), findWorkload('playground')!);
    const first = await bench.run(40);
    const again = await bench.run(40);
    expect(again.loss).toBe(first.loss);
    expect((await bench.run(1)).loss).not.toBe(first.loss);
    expect(first.elapsedUs).toBeGreaterThan(0);
    // Multiply-adds: forward 2·8 + 8·8 + 8·1, weight gradients the same, input gradients of the last two layers.
    const flops = (matrix: number) => 2 * 10 * matrix;
    expect(bench.flops).toBe(2 * flops(16 + 64 + 8) + flops(64 + 8));
  });

  it('reach peers as files with the data and the start weights', () => {
    const workload = findWorkload('mlp-b1')!;
    const task = JSON.parse(fs.readFileSync(writeTrainingTask(folder, workload), 'utf8')) as TrainingTask;
    expect(task.weights.map(({ shape }) => shape)).toEqual([[128, 784], [128], [64, 128], [64], [10, 64], [10]]);
    expect(task.inputs.shape).toEqual([batchCount, 1, 28, 28]);
    const bytes = fs.readFileSync(task.binary);
    const pixel = workload.data().inputs[0]!.values[5]!;
    expect(bytes.readFloatLE(task.inputs.offset + 20)).toBeCloseTo(pixel / 255, 6);
    expect(bytes.readInt32LE(task.targets.offset + 4)).toBe(workload.data().target.values[1]);
    const last = task.weights.at(-1)!;
    expect(last.offset % 8).toBe(0);
    expect(bytes.byteLength).toBe(last.offset + 40);
  });
});
