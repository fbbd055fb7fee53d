import { describe, expect, it } from 'vitest';
import { beginStroke, extendStroke, undoStroke } from './strokes.ts';

describe('strokes', () => {
  it('begin, go on and are taken back one by one', () => {
    const one = extendStroke(beginStroke([], { x: 0.1, y: 0.1 }), { x: 0.2, y: 0.1 });
    const two = beginStroke(one, { x: 0.5, y: 0.5 });
    expect(two).toEqual([
      [
        { x: 0.1, y: 0.1 },
        { x: 0.2, y: 0.1 },
      ],
      [{ x: 0.5, y: 0.5 }],
    ]);
    expect(undoStroke(two)).toEqual(one);
    expect(undoStroke([])).toEqual([]);
  });

  it('leave out points that say nothing new and stay within the pad', () => {
    const dot = beginStroke([], { x: 0.5, y: 0.5 });
    expect(extendStroke(dot, { x: 0.501, y: 0.5 })).toBe(dot);
    expect(extendStroke(dot, { x: 1.4, y: -0.2 })[0]![1]).toEqual({ x: 1, y: 0 });
  });
});
