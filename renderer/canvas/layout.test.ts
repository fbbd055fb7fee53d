import { describe, expect, it } from 'vitest';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { emptyDocument } from '../../core/graph/parseDocument.ts';
import { arrangeNodes, freePlace, nodeHeight, nodeWidth, rowGap } from './layout.ts';

function draw(nodes: readonly [id: string, x: number, y: number][], edges: readonly [from: string, to: string][] = []): NetworkDocument {
  return {
    ...emptyDocument('test'),
    nodes: nodes.map(([id, x, y]) => ({ id, type: 'relu', typeVersion: 1, name: id, params: {}, position: { x, y } })),
    edges: edges.map(([from, to], index) => ({ id: `e${index}`, from, to, toPort: 0 })),
  };
}

describe('arrangeNodes', () => {
  it('puts a chain into one column, one row each, and keeps its corner', () => {
    const places = arrangeNodes(
      draw(
        [
          ['a', 40, 60],
          ['b', 500, 80],
          ['c', 90, 300],
        ],
        [
          ['a', 'b'],
          ['b', 'c'],
        ],
      ),
    );
    expect([...places.values()]).toEqual([
      { x: 40, y: 60 },
      { x: 40, y: 60 + rowGap },
      { x: 40, y: 60 + 2 * rowGap },
    ]);
  });

  it('keeps branches from overlapping', () => {
    const places = arrangeNodes(
      draw(
        [
          ['a', 0, 0],
          ['b', 0, 0],
          ['c', 0, 0],
          ['d', 0, 0],
        ],
        [
          ['a', 'b'],
          ['a', 'c'],
          ['b', 'd'],
          ['c', 'd'],
        ],
      ),
    );
    const [b, c] = [places.get('b')!, places.get('c')!];
    expect(b.y).toBe(c.y);
    expect(Math.abs(b.x - c.x)).toBeGreaterThan(nodeWidth);
    expect(places.get('d')!.y).toBeGreaterThan(b.y + nodeHeight);
  });

  it('arranges a cycle and a dangling edge without failing', () => {
    expect(
      arrangeNodes(
        draw(
          [
            ['a', 0, 0],
            ['b', 0, 0],
          ],
          [
            ['a', 'b'],
            ['b', 'a'],
            ['a', 'gone'],
          ],
        ),
      ).size,
    ).toBe(2);
  });
});

describe('freePlace', () => {
  it('takes the wanted place when it is free', () => expect(freePlace(draw([['a', 0, 0]]), { x: 0, y: 100 })).toEqual({ x: 0, y: 100 }));
  it('goes right past what stands there', () => {
    const place = freePlace(
      draw([
        ['a', 0, 0],
        ['b', 260, 0],
      ]),
      { x: 10, y: 10 },
    );
    expect(place.x).toBeGreaterThanOrEqual(260 + nodeWidth);
    expect(place.y).toBe(10);
  });
});
