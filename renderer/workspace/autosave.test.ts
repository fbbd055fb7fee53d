import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProblemError } from '../../core/problem.ts';
import { Autosave } from './autosave.svelte.ts';

let saves: number;
let answer: () => Promise<{ savedAt: number }>;
let autosave: Autosave;

beforeEach(() => {
  vi.useFakeTimers();
  saves = 0;
  answer = () => Promise.resolve({ savedAt: 100 + saves });
  autosave = new Autosave(1, () => {
    saves += 1;
    return answer();
  });
});

afterEach(() => void vi.useRealTimers());

it('saves once, half a second after the last of several changes', async () => {
  autosave.changed();
  await vi.advanceTimersByTimeAsync(400);
  autosave.changed();
  await vi.advanceTimersByTimeAsync(400);
  expect(saves).toBe(0);
  expect(autosave.state).toBe('changed');
  await vi.advanceTimersByTimeAsync(200);
  expect(saves).toBe(1);
  expect(autosave).toMatchObject({ state: 'saved', savedAt: 101, pending: false });
});

it('saves at once when asked, and not without a change', async () => {
  await autosave.flush();
  expect(saves).toBe(0);
  autosave.changed();
  await autosave.flush();
  expect(saves).toBe(1);
});

it('saves again what changed during a save, one after the other', async () => {
  let finish: (value: { savedAt: number }) => void = () => undefined;
  answer = () => new Promise((resolve) => (finish = resolve));
  autosave.changed();
  await vi.advanceTimersByTimeAsync(500);
  autosave.changed();
  const flushed = autosave.flush();
  expect(saves).toBe(1);
  answer = () => Promise.resolve({ savedAt: 200 });
  finish({ savedAt: 150 });
  await flushed;
  expect(saves).toBe(2);
  expect(autosave).toMatchObject({ state: 'saved', savedAt: 200 });
});

it('says that it failed and tries again by itself', async () => {
  answer = () => Promise.reject(new ProblemError({ code: 'disk.full', message: 'The disk is full.' }));
  autosave.changed();
  await expect(autosave.flush()).rejects.toThrow('The disk is full.');
  expect(autosave).toMatchObject({ state: 'failed', pending: true });
  answer = () => Promise.resolve({ savedAt: 300 });
  await vi.advanceTimersByTimeAsync(3000);
  expect(autosave).toMatchObject({ state: 'saved', pending: false, problem: undefined });
});
