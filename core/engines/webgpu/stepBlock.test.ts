import { expect, it } from 'vitest';
import type { KernelProgram } from '../../plan/kernelProgram.ts';
import { fillBlocks, layoutStep } from './stepBlock.ts';

it('lays the inputs of steps one after the other', () => {
  const block = layoutStep({ scalarNames: ['rate', 'decay'], readsRows: true, batchSize: 3 } as unknown as KernelProgram);
  expect(block).toEqual({ places: { status: 0, step: 16, scalars: 32, rows: 40 }, words: 9, scalars: 2, rows: 3 });
  const words = new Uint32Array(2 * block.words);
  const inputs = {
    key: Uint32Array.of(7, 8),
    firstStep: 2 ** 32 - 2,
    rows: Int32Array.of(9, 9, 9, 1, 2, 3, 4, 5, 6),
    scalars: Float32Array.of(0, 0, 0.5, 1, 2, 4),
  };
  fillBlocks(words, block, inputs, 1, 2);
  const floats = new Float32Array(words.buffer);
  expect([...words.subarray(0, 4)]).toEqual([7, 8, 2 ** 32 - 1, 0]);
  expect([...floats.subarray(4, 6)]).toEqual([0.5, 1]);
  expect([...words.subarray(6, 13)]).toEqual([1, 2, 3, 7, 8, 0, 1]);
  expect([...floats.subarray(13, 15)]).toEqual([2, 4]);
  expect([...words.subarray(15)]).toEqual([4, 5, 6]);
});
