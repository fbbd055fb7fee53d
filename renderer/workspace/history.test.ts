import { describe, expect, it } from 'vitest';
import { emptyHistory, historyLimit, mergePauseMs, record, redo, undo, type History } from './history.ts';

/** Applies a list of [name, value, mergeKey?, timeMs?] to a start value. */
function play(steps: readonly [string, number, string?, number?][], start = 0): { history: History<number>; value: number } {
  let history: History<number> = emptyHistory;
  let value = start;
  for (const [name, next, mergeKey, timeMs = 0] of steps) {
    history = record(history, value, { name, mergeKey, timeMs });
    value = next;
  }
  return { history, value };
}

describe('history', () => {
  it('goes back and forth through named steps', () => {
    const { history, value } = play([
      ['add', 1],
      ['connect', 2],
      ['move', 3],
    ]);
    const back = undo(history, value)!;
    expect(back).toMatchObject({ value: 2, name: 'move' });
    const further = undo(back.history, back.value)!;
    expect(further).toMatchObject({ value: 1, name: 'connect' });
    const again = redo(further.history, further.value)!;
    expect(again).toMatchObject({ value: 2, name: 'connect' });
    expect(redo(again.history, again.value)).toMatchObject({ value: 3, name: 'move' });
  });

  it('has nothing to undo or redo at its ends', () => {
    expect(undo(emptyHistory, 0)).toBeNull();
    expect(redo(play([['a', 1]]).history, 1)).toBeNull();
  });

  it('makes one step of a drag', () => {
    const { history, value } = play([
      ['add', 1],
      ['move', 2, 'move:a', 0],
      ['move', 3, 'move:a', 16],
      ['move', 4, 'move:a', 32],
    ]);
    expect(history.past).toHaveLength(2);
    expect(undo(history, value)).toMatchObject({ value: 1, name: 'move' });
  });

  it('keeps drags of different nodes and late ones apart', () => {
    const { history } = play([
      ['move', 1, 'move:a', 0],
      ['move', 2, 'move:b', 10],
      ['move', 3, 'move:b', 20 + mergePauseMs],
    ]);
    expect(history.past).toHaveLength(3);
  });

  it('never merges into a step after an undo', () => {
    const { history, value } = play([
      ['type', 1, 'field', 0],
      ['type', 2, 'field', 5],
      ['move', 3],
    ]);
    const back = undo(history, value)!;
    const next = record(back.history, back.value, { name: 'type', mergeKey: 'field', timeMs: 10 });
    expect(next.future).toHaveLength(0);
    expect(next.past).toHaveLength(2);
  });

  it('forgets the oldest steps', () => {
    const { history } = play(Array.from({ length: historyLimit + 5 }, (_, i) => [`step ${i}`, i + 1]));
    expect(history.past).toHaveLength(historyLimit);
    expect(history.past[0]).toMatchObject({ name: 'step 5', value: 5 });
  });
});
