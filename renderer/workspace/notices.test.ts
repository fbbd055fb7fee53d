import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { notices, notify, showProblem } from './notices.svelte.ts';

const texts = () => notices.list.map(({ text }) => text);

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  notices.list.forEach(({ id }) => notices.dismiss(id));
  vi.useRealTimers();
});

it('lets notices go by themselves and problems stay', () => {
  notify({ text: 'saved' });
  showProblem({ code: 'a', message: 'something to know' }, 'warn');
  showProblem({ code: 'b', message: 'failed' });
  vi.advanceTimersByTime(7000);
  expect(texts()).toEqual(['something to know', 'failed']);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(['failed']);
});

it('leaves problems behind that were read before another place was gone to', () => {
  showProblem({ code: 'a', message: 'read' });
  vi.advanceTimersByTime(5000);
  showProblem({ code: 'b', message: 'just now' });
  notices.leave();
  expect(texts()).toEqual(['just now']);
});
