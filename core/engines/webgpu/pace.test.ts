import { expect, it } from 'vitest';
import { createPace } from './pace.ts';

it('doubles while steps are short, and never submits more than about 40 ms', () => {
  let clock = 0;
  const pace = createPace(() => clock);
  const taken: number[] = [];
  for (let i = 0; i < 8; i++) {
    taken.push(pace.steps);
    const done = pace.start(pace.steps);
    clock += 5 * taken.at(-1)!;
    done();
  }
  expect(taken).toEqual([1, 2, 4, 8, 8, 8, 8, 8]);
  const slow = pace.start(8);
  clock += 1000;
  slow();
  expect(pace.steps).toBe(1);
});

it('does not count the wait for the submit before', () => {
  let clock = 0;
  const pace = createPace(() => clock);
  const first = pace.start(1);
  const second = pace.start(1);
  clock = 30;
  first();
  clock = 35;
  second();
  expect(pace.steps).toBe(2);
});
