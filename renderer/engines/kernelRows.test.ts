import { describe, expect, it } from 'vitest';
import type { KernelDescription } from '../../core/plan/describeKernel.ts';
import { adapterDetails, choiceName, engineName } from './engineText.ts';
import { testAdapter } from '../../core/testing/gpuAdapter.ts';
import { formatSpan, kernelRows } from './kernelRows.ts';

const kernel = (node: string, title: string): KernelDescription => ({ node, title, sort: 'elementwise', shape: '4', flops: 10, bytes: 32 });
const kernels = [kernel('a', 'tanh'), kernel('b', 'exp'), kernel('a', 'tanh'), kernel('a', 'add')];

describe('kernelRows', () => {
  it('joins equal kernels of a layer', () => {
    const rows = kernelRows(kernels, ['a']);
    expect(rows.map(({ title, count, index, flops }) => [title, count, index, flops])).toEqual([
      ['tanh', 2, 0, 20],
      ['add', 1, 3, 10],
    ]);
    expect(rows[0]).not.toHaveProperty('durationMs');
  });

  it('adds up their times and shares', () => {
    const [tanh, add] = kernelRows(kernels, ['a'], [1, 4, 2, 3]);
    expect(tanh).toMatchObject({ durationMs: 3, share: 0.3 });
    expect(add).toMatchObject({ durationMs: 3, share: 0.3 });
  });

  it('has no shares of nothing', () => expect(kernelRows(kernels, ['b'], [0, 0, 0, 0])[0]?.share).toBe(0));
});

it('writes short and long spans', () => {
  expect([0.000_41, 0.0123, 0.124, 2.44, 1200, 125_000, NaN].map((span) => formatSpan(span).replaceAll('\u00a0', ' '))).toEqual([
    '0.41 µs',
    '12.3 µs',
    '124 µs',
    '2.44 ms',
    '1.2 s',
    '2 min 5 s',
    '–',
  ]);
});

describe('names of engines', () => {
  it('say what the native one is', () => {
    expect(engineName({ kind: 'native', label: 'AVX-512, 2 threads' })).toBe('native AVX-512, 2 threads');
    expect(engineName({ kind: 'wasm', label: 'wasm, 1 thread' })).toBe('wasm, 1 thread');
    expect(engineName({ kind: 'webgpu', label: 'webgpu, nvidia ampere' })).toBe('WebGPU nvidia ampere');
  });
  it('say what a graphics adapter can do', () => {
    const adapter = { ...testAdapter, label: 'card', maxBufferBytes: 2 ** 32 };
    expect(adapterDetails(adapter)).toMatch(/^graphics card · buffers up to 4\S* GB, 134 MB at once · 16\S* kB shared by 256 threads$/i);
    expect(adapterDetails({ ...adapter, isSoftware: true })).toMatch(/^computed by the processor/);
    const info = { engines: ['native', 'webgpu'], gpu: [adapter] } as const;
    expect(choiceName({ kind: 'webgpu', threads: 2 }, info)).toBe('WebGPU card');
  });
  it('resolve what is chosen automatically', () => {
    const info = { engines: ['native', 'wasm', 'reference'], accelerator: 'AVX2', gpu: [] } as const;
    expect(choiceName({ kind: 'auto', threads: 2 }, info)).toBe('native AVX2, 2 threads');
    expect(choiceName({ kind: 'reference', threads: 2 }, info)).toBe('reference, 1 thread');
    expect(choiceName({ kind: 'auto', threads: 1 }, { engines: ['wasm', 'reference'], gpu: [] })).toBe('wasm, 1 thread');
  });
});
