import { describe, expect, it } from 'vitest';
import { prepareData } from '../../tasks/prepareData.ts';
import { describeKernel } from '../../plan/describeKernel.ts';
import type { ContractKernel } from '../../plan/kernelProgram.ts';
import { fuseProgram } from '../../plan/fuse.ts';
import { layoutSlots } from '../../plan/plan.ts';
import { lowerSession } from '../../program/lowerSession.ts';
import { tinyConfig, tinyDataSet, tinyNetwork } from '../../testing/tinyTraining.ts';
import { assemble, moduleText } from './assemble.ts';
import { kernelText } from './kernelText.ts';
import { kernelLibrary } from './kernels.ts';
import { median, medianTimes } from './profile.ts';

const config = tinyConfig();
const data = prepareData(tinyDataSet(), config);
const lowered = lowerSession({ document: tinyNetwork(), config, data });
const program = fuseProgram(lowered.programs.train, layoutSlots(lowered.slots));

describe('medianTimes', () => {
  it('takes the middle of every column, less the clock', () => {
    expect([...medianTimes(Float64Array.of(5, 1, 9, 2, 7, 3), 2, 1)]).toEqual([6, 1]);
  });
  it('is never negative', () => expect([...medianTimes(Float64Array.of(1, 1), 1, 3)]).toEqual([0]));
  it('takes the mean of two middles', () => expect(median(Float64Array.of(4, 1, 3, 2))).toBe(2.5));
});

describe('kernelText', () => {
  it('starts with the function of the kernel, whatever its kind', () => {
    for (const kernel of program.kernels) {
      const text = kernelText(program, kernel, { native: false }, { relaxed: false });
      expect(text).toMatch(/^\(func \$/);
      expect(text.split('(').length).toBe(text.split(')').length);
    }
  });

  it('is what the engine assembles', async () => {
    const kernel = program.kernels.find(({ kind }) => kind === 'loop')!;
    const text = kernelText(program, kernel, { native: false }, { relaxed: false });
    const target = { relaxed: false };
    const library = `${kernelLibrary(target)}\n${text}`;
    expect(await assemble(moduleText({ functions: [], library, memoryPages: 1, native: false, target }))).toBeDefined();
  });
});

describe('describeKernel', () => {
  it('names sizes and sort', () => {
    const axis = (size: number) => ({ size, left: 0, right: 0, out: 0 });
    const contraction: ContractKernel = {
      kind: 'contract',
      ...{ title: 'contract', buffers: [], writes: [], barrier: true, flops: 0, bytes: 0, storesResult: true },
      ...{ batch: [axis(4)], m: [axis(10), axis(2)], n: [axis(8)], k: [axis(3)] },
    };
    expect(describeKernel(contraction)).toMatchObject({ sort: 'contraction', shape: '4 × (20 × 8 · 3)' });
    expect(describeKernel({ ...contraction, batch: [] }).shape).toBe('20 × 8 · 3');
    const described = program.kernels.map(describeKernel);
    expect(described.some(({ node }) => node === 'n1')).toBe(true);
    expect(described.every(({ shape, bytes }) => shape !== '' && bytes > 0)).toBe(true);
  });
});
