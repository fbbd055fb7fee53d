import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBuilder } from '../program/builder.ts';
import type { SlotSpec } from '../program/program.ts';
import { createArena } from './arena.ts';
import { fuseProgram } from './fuse.ts';
import { afterPageEdge, pageSizes } from './pages.ts';
import { layoutSlots } from './plan.ts';

const pageBytes = 4096;

function isWithinPage(start: number, length: number): boolean {
  return length === 0 || Math.floor(start / pageBytes) === Math.floor((start + length - 1) / pageBytes);
}

it('moves what would lie across an edge behind it', () => {
  expect(afterPageEdge(4000, 96, pageBytes)).toBe(4000);
  expect(afterPageEdge(4000, 97, pageBytes)).toBe(4096);
  expect(afterPageEdge(4096, 4096, pageBytes)).toBe(4096);
  expect(afterPageEdge(4000, 5000, Infinity)).toBe(4000);
  expect(pageSizes(9000, pageBytes)).toEqual([4096, 4096, 808]);
  expect(pageSizes(0, pageBytes)).toEqual([]);
});

it('keeps every buffer of an arena within a page, and apart', () => {
  const actions = fc.array(fc.oneof(fc.integer({ min: 0, max: pageBytes }), fc.integer({ min: -20, max: -1 })), { maxLength: 60 });
  fc.assert(
    fc.property(actions, (list) => {
      const arena = createArena(pageBytes);
      const living: { start: number; end: number }[] = [];
      for (const action of list) {
        if (action < 0) {
          const [freed] = living.splice(-action % Math.max(living.length, 1), 1);
          if (freed !== undefined) arena.free(freed.start);
          continue;
        }
        const start = arena.allocate(action);
        const end = start + Math.max(action, 1);
        expect(isWithinPage(start, action)).toBe(true);
        for (const other of living) expect(end <= other.start || start >= other.end).toBe(true);
        living.push({ start, end });
      }
      for (const { start } of living) arena.free(start);
      expect(arena.allocate(1)).toBe(0);
    }),
  );
});

const type = (columns: number) => ({ shape: [10, columns], dtype: 'f32' }) as const;
const slots = (columns: number): SlotSpec[] => ['x', 'y', 'z'].map((name) => ({ name, kind: 'carry', type: type(columns) }));

function program(columns: number) {
  const b = createBuilder({ name: 'main', batchSize: 0 });
  let value = b.slot('x', type(columns));
  for (let i = 0; i < 3; i++) value = b.unary('sin', b.subtract(value, b.sum(b.unary('exp', value), [0], true)));
  b.assign('y', value);
  return b.build();
}

it('gives slots and results whole pages', () => {
  const layout = layoutSlots(slots(60), { pageBytes });
  expect([...layout.slots.values()].map(({ byteOffset }) => byteOffset)).toEqual([0, 4096, 8192]);
  const { kernels } = fuseProgram(program(60), layout);
  const buffers = kernels.flatMap((kernel) => kernel.buffers);
  expect(buffers.length).toBeGreaterThan(4);
  for (const { byteOffset, byteLength } of buffers) expect(isWithinPage(byteOffset, byteLength)).toBe(true);
});

it('refuses a tensor larger than a page by name', () => {
  expect(() => layoutSlots(slots(200), { pageBytes })).toThrow(
    '"x" takes 0.00763 MB, but this graphics adapter holds at most 0.00391 MB in one piece. Use a smaller batch, or choose another engine.',
  );
  const layout = layoutSlots(slots(60), { pageBytes });
  expect(() => fuseProgram(program(60), { ...layout, pageBytes: 1024 })).toThrow(
    /^A result of \w+ \(10 × 60\) takes 0\.00229 MB, but this graphics adapter holds at most 0\.000977 MB/,
  );
});
