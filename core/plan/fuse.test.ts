/** Random small programs give on the fused kernels what the reference gives. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBuilder } from '../program/builder.ts';
import type { SlotSpec } from '../program/program.ts';
import { createHarness } from '../testing/kernelHarness.ts';
import { buildCase, checkCase, randomShapes, randomSteps, type Case } from '../testing/randomPrograms.ts';
import { fuseProgram } from './fuse.ts';
import { layoutSlots } from './plan.ts';

describe('fused kernels', () => {
  it.each([false, true])('agree with the reference on random programs (relaxed: %s)', { timeout: 60_000 }, async (relaxed) => {
    await fc.assert(
      fc.asyncProperty(randomShapes, randomSteps, async (inputShapes, plan) =>
        checkCase(buildCase(inputShapes, plan), createHarness({ relaxed })),
      ),
      { numRuns: Number(process.env.FUSE_RUNS ?? 60), seed: Number(process.env.FUSE_SEED ?? 1) + Number(relaxed) },
    );
  });
});

/** Softmax, its cross-entropy and the gradient by hand. */
function rowProgram(batch: number, classes: number): Case {
  const b = createBuilder({ name: 'rows', batchSize: 0 });
  const type = { shape: [batch, classes], dtype: 'f32' } as const;
  const z = b.slot('z', type);
  const e = b.unary('exp', b.subtract(z, b.max(z, [1], true)));
  const p = b.divide(e, b.sum(e, [1], true));
  b.assign('p', p);
  b.assign('z', b.subtract(z, b.multiply(p, 0.1)));
  const slots = [
    { name: 'z', kind: 'carry', type },
    { name: 'p', kind: 'carry', type },
  ] as const;
  return { program: b.build(), slots, data: new Map([['z', Float32Array.from({ length: batch * classes }, (_, i) => Math.cos(i) * 3)]]) };
}

describe('plans', () => {
  it('a softmax with its update is one kernel', () => {
    const { program, slots } = rowProgram(32, 10);
    const { kernels, stores } = fuseProgram(program, layoutSlots(slots));
    expect(kernels.map(({ kind }) => kind)).toEqual(['loop']);
    expect(stores).toEqual([]);
  });

  it.each([
    [1, 1],
    [3, 7],
    [32, 10],
    [5, 64],
  ])('softmax of (%d, %d) is right', async (batch, classes) => {
    await checkCase(rowProgram(batch, classes), createHarness());
  });

  it('slots that swap read the old values', async () => {
    const b = createBuilder({ name: 'swap', batchSize: 0 });
    const type = { shape: [2, 5], dtype: 'f32' } as const;
    const [x, y] = [b.slot('x', type), b.slot('y', type)];
    b.assign('x', y);
    b.assign('y', b.add(b.transpose(b.reshape(x, [5, 2]), [1, 0]), 1));
    const slots = ['x', 'y'].map((name): SlotSpec => ({ name, kind: 'carry', type }));
    const data = new Map(['x', 'y'].map((name, i) => [name, Float32Array.from({ length: 10 }, (_, k) => k + 100 * i)]));
    await checkCase({ program: b.build(), slots, data }, createHarness());
  });

  it('small contractions of one row are loops, a convolution with one filter is a contraction', () => {
    const kinds = (side: number) => {
      const b = createBuilder({ name: 'filter', batchSize: 0 });
      const x = b.slot('x', { shape: [8, 8, side + 2, side + 2], dtype: 'f32' });
      const w = b.slot('w', { shape: [1, 8, 3, 3], dtype: 'f32' });
      b.assign('y', b.contract('bchiwj,ocij->bohw', b.window(b.window(x, 3, 3), 2, 3), w));
      const slots = [
        { name: 'x', kind: 'carry', type: { shape: x.shape, dtype: 'f32' } },
        { name: 'w', kind: 'carry', type: { shape: w.shape, dtype: 'f32' } },
        { name: 'y', kind: 'carry', type: { shape: [8, 1, side, side], dtype: 'f32' } },
      ] as const;
      return fuseProgram(b.build(), layoutSlots(slots)).kernels.map(({ kind }) => kind);
    };
    expect(kinds(5)).toEqual(['loop']);
    expect(kinds(48)).toEqual(['contract']);
  });

  it('a pad along three axes fills once and copies once', async () => {
    const b = createBuilder({ name: 'pad', batchSize: 0 });
    const x = b.slot('x', { shape: [2, 3, 4], dtype: 'f32' });
    const padded = b.pad(b.pad(b.pad(b.unary('sin', x), 0, 1, 0), 2, 1, 2), 1, 2, 0);
    b.assign('y', b.flip(padded, 1));
    const slots: readonly SlotSpec[] = [
      { name: 'x', kind: 'carry', type: { shape: [2, 3, 4], dtype: 'f32' } },
      { name: 'y', kind: 'carry', type: { shape: [3, 5, 7], dtype: 'f32' } },
    ];
    const program = b.build();
    expect(fuseProgram(program, layoutSlots(slots)).kernels.map(({ title }) => title)).toEqual(['fill', 'copy', 'flip']);
    await checkCase({ program, slots, data: new Map([['x', Float32Array.from({ length: 24 }, (_, i) => i - 10)]]) }, createHarness());
  });
});
