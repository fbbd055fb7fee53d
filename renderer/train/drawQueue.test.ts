import { describe, expect, it } from 'vitest';
import { DrawQueue } from './drawQueue.ts';

describe('draw queue', () => {
  it('draws one chart per frame, each in its newest state', () => {
    const frames: (() => void)[] = [];
    const queue = new DrawQueue<string>((draw) => frames.push(draw));
    const drawn: string[] = [];
    queue.put('loss', () => drawn.push('loss 1'));
    queue.put('accuracy', () => drawn.push('accuracy 1'));
    queue.put('loss', () => drawn.push('loss 2'));
    queue.put('gone', () => drawn.push('gone'));
    queue.drop('gone');
    expect(frames).toHaveLength(1);
    frames.shift()!();
    expect(drawn).toEqual(['loss 2']);
    frames.shift()!();
    expect(drawn).toEqual(['loss 2', 'accuracy 1']);
    expect(frames).toHaveLength(0);
  });

  it('goes on after a drawing that failed', () => {
    const frames: (() => void)[] = [];
    const queue = new DrawQueue<number>((draw) => frames.push(draw));
    let drawn = false;
    queue.put(1, () => {
      throw new Error('no canvas');
    });
    queue.put(2, () => (drawn = true));
    expect(() => frames.shift()!()).toThrow('no canvas');
    frames.shift()!();
    expect(drawn).toBe(true);
  });
});
