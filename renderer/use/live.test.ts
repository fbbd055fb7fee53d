import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../core/problem.ts';
import { Live } from './live.svelte.ts';

/** Answers come when the test lets them. */
function open() {
  const asked: { question: string; answer: (value: string) => void; fail: (error: unknown) => void }[] = [];
  const live = new Live<string, string>(
    (question) => new Promise((resolve, reject) => asked.push({ question, answer: resolve, fail: reject })),
  );
  return { live, asked };
}
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('answers that keep up', () => {
  it('one question is under way, then the newest of those asked meanwhile', async () => {
    const { live, asked } = open();
    for (const question of ['a', 'b', 'c']) live.ask(question);
    expect(asked.map(({ question }) => question)).toEqual(['a']);
    asked[0]!.answer('A');
    await settled();
    expect(live.answer).toBe('A');
    expect(asked.map(({ question }) => question)).toEqual(['a', 'c']);
    asked[1]!.answer('C');
    await settled();
    expect([live.answer, live.busy]).toEqual(['C', false]);
  });

  it('an answer that no longer matters is dropped', async () => {
    const { live, asked } = open();
    live.ask('a');
    live.clear();
    asked[0]!.answer('A');
    await settled();
    expect(live.answer).toBeUndefined();
  });

  it('a problem takes the answer’s place until the next answer', async () => {
    const { live, asked } = open();
    live.ask('a');
    asked[0]!.fail(new ProblemError({ code: 'x', message: 'It does not work.' }));
    await settled();
    expect(live.problem?.message).toBe('It does not work.');
    live.ask('b');
    asked[1]!.answer('B');
    await settled();
    expect([live.answer, live.problem]).toEqual(['B', undefined]);
  });
});
