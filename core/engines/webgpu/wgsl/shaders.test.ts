/** What can be said of shaders without running them: how many workgroups there are, and which kernels share a text. */
import { describe, expect, it } from 'vitest';
import { fuseProgram } from '../../../plan/fuse.ts';
import { layoutSlots } from '../../../plan/plan.ts';
import { createBuilder } from '../../../program/builder.ts';
import type { SlotSpec } from '../../../program/program.ts';
import { kernelShaders } from '../kernelShaders.ts';
import type { Place } from '../shader.ts';
import { spread } from './dispatch.ts';
import { testAdapter } from '../../../testing/gpuAdapter.ts';

const { limits } = testAdapter;

it.each([
  [10, [10, 1, 1], 'group.x', false],
  [11, [10, 2, 1], '(group.x + group.y * 10u)', true],
  [20, [10, 2, 1], '(group.x + group.y * 10u)', false],
  [101, [10, 10, 2], '(group.x + (group.y + group.z * 10u) * 10u)', true],
])('%i workgroups, at most 10 a dimension', (count, workgroups, number, overhangs) => {
  expect(spread(count, { ...limits, maxWorkgroups: 10 })).toEqual({ workgroups, number, overhangs });
});

describe('shaders of kernels', () => {
  const place: Place = ({ region, byteOffset }) => {
    if (region !== 'slot' && region !== 'arena') return { page: { kind: 'step', index: 0 }, byteOffset };
    return { page: { kind: region, index: 0 }, byteOffset };
  };

  function shadersOf(slots: readonly SlotSpec[], build: (b: ReturnType<typeof createBuilder>) => void, own = limits) {
    const b = createBuilder({ name: 'main', batchSize: 0 });
    build(b);
    const { kernels } = fuseProgram(b.build(), layoutSlots(slots));
    return kernels.map((kernel) => kernelShaders(kernel, place, own));
  }

  const slot = (name: string, shape: readonly number[], dtype: 'f32' | 'u8' = 'f32'): SlotSpec => ({
    name,
    kind: 'carry',
    type: { shape, dtype },
  });

  it('are the same text for kernels that differ in their places alone', () => {
    const slots = ['a', 'b', 'c', 'd'].map((name) => slot(name, [100]));
    const [first, second] = shadersOf(slots, (b) => {
      b.assign('b', b.unary('exp', b.slot('a', slots[0]!.type)));
      b.assign('d', b.unary('exp', b.slot('c', slots[0]!.type)));
    }) as [ReturnType<typeof kernelShaders>, ReturnType<typeof kernelShaders>];
    expect(first.shaders[0]!.code).toBe(second.shaders[0]!.code);
    expect([...first.shaders[0]!.args]).not.toEqual([...second.shaders[0]!.args]);
  });

  it('count the places of bytes in bytes', () => {
    const slots = [slot('a', [2, 7], 'u8'), slot('b', [7])];
    const [kernel] = shadersOf(slots, (b) => {
      b.assign('b', b.cast(b.reshape(b.slice(b.slot('a', slots[0]!.type), 0, 1, 1), [7]), 'f32'));
    });
    expect(kernel!.shaders[0]!.args[0]).toBe(7);
  });

  it.each([false, true])('sum few long rows in two dispatches, on a processor (%j) without barriers', (isSoftware) => {
    const slots = [slot('a', [3, 8192]), slot('b', [3])];
    const [kernel] = shadersOf(slots, (b) => b.assign('b', b.sum(b.slot('a', slots[0]!.type), [1])), { ...limits, isSoftware });
    const { shaders, scratchBytes } = kernel!;
    expect(shaders).toHaveLength(2);
    expect(scratchBytes).toBeGreaterThan(0);
    expect(shaders.map(({ pages }) => pages.at(-1)!.kind)).toEqual(['scratch', 'scratch']);
    for (const { code } of shaders) expect(code.includes('workgroupBarrier')).toBe(!isSoftware);
  });
});
