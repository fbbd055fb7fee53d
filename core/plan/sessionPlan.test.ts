import { expect, it } from 'vitest';
import { createBuilder } from '../program/builder.ts';
import type { SlotSpec } from '../program/program.ts';
import { planSession, sessionMemory } from './sessionPlan.ts';

const type = { shape: [10, 100], dtype: 'f32' } as const;
const slots: SlotSpec[] = ['x', 'y'].map((name) => ({ name, kind: 'carry', type }));

function program(name: string, stages: number) {
  const b = createBuilder({ name, batchSize: 0 });
  let value = b.slot('x', type);
  // Each sum over rows needs all of the value before it.
  for (let i = 0; i < stages; i++) value = b.unary('sin', b.subtract(value, b.sum(b.unary('exp', value), [0], true)));
  b.assign('y', value);
  return b.build();
}

it('counts slots and the largest program', () => {
  const session = { programs: { small: program('small', 1), large: program('large', 3) }, slots };
  const memory = sessionMemory(session);
  expect(memory.slotBytes).toBe(2 * 4032);
  expect(memory.totalBytes).toBe(memory.slotBytes + memory.bufferBytes);
  const { programs, ...same } = planSession(session);
  expect(same).toEqual(memory);
  expect(memory.bufferBytes).toBe(Math.max(...programs.map(({ arenaBytes }) => arenaBytes)));
});

it('says what every kernel reads and writes', () => {
  const { programs } = planSession({ programs: { one: program('one', 1) }, slots });
  const [one] = programs;
  expect(one!.stores).toEqual([]);
  const last = one!.kernels.at(-1)!;
  expect(last.barrier).toBe(true);
  expect(last.buffers.filter(({ written }) => written)).toEqual([
    { region: 'slot', slot: 'y', byteOffset: 4032, byteLength: 4000, written: true },
  ]);
  expect(one!.flops).toBe(one!.kernels.reduce((sum, { flops }) => sum + flops, 0));
});
