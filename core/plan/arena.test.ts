import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alignmentBytes, createArena } from './arena.ts';

it('reuses the first hole that is large enough and joins neighbouring holes', () => {
  const arena = createArena();
  const offsets = [100, 100, 100, 64].map((bytes) => arena.allocate(bytes));
  expect(offsets).toEqual([0, 128, 256, 384]);
  arena.free(0);
  arena.free(256);
  expect(arena.allocate(200)).toBe(448);
  arena.free(128);
  expect(arena.allocate(300)).toBe(0);
  expect(arena.peakBytes).toBe(448 + 256);
  expect(() => arena.free(64)).toThrow('arena: nothing is allocated at 64');
});

it('never lets two living buffers overlap, and ends as one hole', () => {
  // Each number is a size to allocate, or, when negative, which living buffer to free.
  const actions = fc.array(fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: -20, max: -1 })), { maxLength: 60 });
  fc.assert(
    fc.property(actions, (list) => {
      const arena = createArena();
      const living: { start: number; end: number }[] = [];
      for (const action of list) {
        if (action < 0) {
          const [freed] = living.splice(-action % Math.max(living.length, 1), 1);
          if (freed !== undefined) arena.free(freed.start);
          continue;
        }
        const start = arena.allocate(action);
        const end = start + Math.max(action, 1);
        expect(start % alignmentBytes).toBe(0);
        for (const other of living) expect(end <= other.start || start >= other.end).toBe(true);
        living.push({ start, end });
        expect(arena.peakBytes).toBeGreaterThanOrEqual(end);
      }
      for (const { start } of living) arena.free(start);
      expect(arena.allocate(arena.peakBytes)).toBe(0);
    }),
  );
});
