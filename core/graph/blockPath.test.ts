import { describe, expect, it } from 'vitest';
import { drawBlock, drawWithBlocks } from '../testing/blocks.ts';
import { followPath, isWithin, pathToBlock } from './blockPath.ts';
import { formatShape } from './shape.ts';
import { inferShapes } from './inferShapes.ts';

const document = drawWithBlocks('in:input o:block=outer out:output', 'in>o o>out', { in: { shape: '5' }, o: { repeat: 3 } }, [
  drawBlock('inner', 'in:blockInput d:dense out:blockOutput', 'in>d d>out', { d: { units: 5 } }),
  drawBlock('outer', 'in:blockInput i:block=inner out:blockOutput', 'in>i i>out'),
  drawBlock('unused', 'in:blockInput out:blockOutput', 'in>out'),
]);
const shapes = inferShapes(document, null);

describe('paths into blocks', () => {
  it('show what is seen there, as far as they lead', () => {
    const inner = followPath(document, shapes, ['o', 'i']);
    expect(inner.steps).toEqual([
      { node: 'o', name: 'o', block: 'outer', repeat: 3 },
      { node: 'i', name: 'i', block: 'inner', repeat: 1 },
    ]);
    expect(inner.view.nodes.map(({ id }) => id)).toEqual(['in', 'd', 'out']);
    expect(formatShape(inner.shapes.nodes.get('d')?.output ?? [])).toBe('B × 5');
    expect(followPath(document, shapes, ['o', 'gone', 'i']).steps).toHaveLength(1);
    expect(followPath(document, shapes, []).view).toBe(document);
  });

  it('are found for a block', () => {
    expect(pathToBlock(document, 'inner')).toEqual(['o', 'i']);
    expect(pathToBlock(document, 'unused')).toBeNull();
  });

  it('know which lowered layers they hold', () => {
    expect(isWithin('o/2/i/0/d', ['o'])).toBe(true);
    expect(isWithin('o/2/i/0/d', ['o', 'i', 'd'])).toBe(true);
    expect(isWithin('o/2/i/0/d', ['o', 'd'])).toBe(false);
    expect(isWithin('in', ['o'])).toBe(false);
  });
});
