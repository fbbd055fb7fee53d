import { describe, expect, it } from 'vitest';
import type { DataSetInfo } from '../../../core/data/dataSet.ts';
import type { DataPreview } from '../../../electron/contract/calls.ts';
import { DrawnHistory, drawnAt, mostDrawn, readDrawn, withPoint } from './drawing.ts';
import { curveOf, edgeExists, edgeNear, layoutNetwork, pointOn, weightAt } from './networkLayout.ts';
import { choiceFor, isUsable, maxRows, stretches, tableFrom, targetColumns } from './ownData.ts';
import { largest, paintClasses, paintValues, parseHex, type PlaneColours } from './planeColours.ts';

describe('the drawing of the network', () => {
  const counts = [2, 4, 1];
  const layout = layoutNetwork(counts, 480, 400);

  it('keeps every unit inside, none over another', () => {
    for (const sizes of [counts, [7, 12, 12, 12, 12, 12, 12, 1], [2, 1]]) {
      const { tile, places } = layoutNetwork(sizes, 480, 380);
      for (const column of places) {
        column.forEach(({ y }, i) => {
          expect(y - tile / 2).toBeGreaterThan(20);
          expect(y + tile / 2).toBeLessThan(380);
          if (i > 0) expect(y - column[i - 1]!.y).toBeGreaterThanOrEqual(tile);
        });
      }
      expect(places.at(-1)![0]!.x - places.at(-2)![0]!.x).toBeGreaterThan(tile);
    }
  });

  it('finds the line under the pointer', () => {
    const { x, y } = pointOn(curveOf(layout, 1, 1, 3), 0.4);
    expect(edgeNear(layout, counts, x, y)).toEqual({ layer: 1, to: 3, from: 1 });
    expect(edgeNear(layout, counts, 5, 5)).toBeUndefined();
  });

  it('knows where a weight is stored', () => {
    expect(weightAt({ layer: 1, to: 3, from: 1 }, counts)).toEqual({ parameter: 0, index: 7 });
    expect(weightAt({ layer: 2, to: 0, from: 'bias' }, counts)).toEqual({ parameter: 3, index: 0 });
    expect(edgeExists({ layer: 2, to: 0, from: 4 }, counts)).toBe(false);
    expect(edgeExists({ layer: 2, to: 0, from: 3 }, counts)).toBe(true);
  });
});

describe('own data', () => {
  const column = (name: string, more = {}) => ({ name, type: 'number' as const, missing: 0, ...more });
  const kind = { type: 'category' as const, categories: ['a', 'b'] };
  const info = {
    id: 'mine',
    kind: 'table',
    rowCount: 50,
    columns: [column('p'), column('q'), column('r'), column('kind', kind), column('city', { type: 'category', categories: ['x'] })],
  } as unknown as DataSetInfo;

  it('offers what fits', () => {
    expect(isUsable(info)).toBe(true);
    expect(isUsable({ ...info, kind: 'images' })).toBe(false);
    expect(targetColumns(info).map(({ name }) => name)).toEqual(['p', 'q', 'r', 'kind']);
    expect(choiceFor(info, { dataSet: 'mine', x: '', y: '', target: '' })).toEqual({ dataSet: 'mine', x: 'p', y: 'q', target: 'kind' });
    expect(choiceFor({ ...info, defaultTarget: 'p' }, { dataSet: '', x: 'gone', y: 'r', target: '' })).toMatchObject({
      x: 'q',
      target: 'p',
    });
  });

  it('reads all of a small table and stretches of a large one', () => {
    expect(stretches(1500)).toEqual([
      { offset: 0, count: 1000 },
      { offset: 1000, count: 500 },
    ]);
    const parts = stretches(9857);
    expect(parts.reduce((sum, { count }) => sum + count, 0)).toBe(maxRows);
    expect(parts.at(-1)).toEqual({ offset: 9757, count: 100 });
    expect(parts.every(({ offset }, i) => i === 0 || offset >= parts[i - 1]!.offset + 100)).toBe(true);
  });

  it('leaves rows with gaps out', () => {
    const page = { columns: info.columns, total: 3, rows: [] };
    const rows = [
      { row: 0, cells: ['1', '2.5', '0', 'b', 'x'] },
      { row: 1, cells: ['1', null, '0', 'b', 'x'] },
      { row: 2, cells: ['3', '4', '0', null, 'x'] },
    ];
    const table = tableFrom([{ ...page, rows } as unknown as DataPreview], { dataSet: 'mine', x: 'p', y: 'q', target: 'kind' });
    expect(table).toEqual({
      x: Float64Array.of(1),
      y: Float64Array.of(2.5),
      targets: Float64Array.of(1),
      classes: ['a', 'b'],
      incomplete: 2,
    });
  });
});

describe('colours', () => {
  const colours: PlaneColours = {
    diverging: Uint32Array.from({ length: 255 }, (_, i) => i),
    classes: ['#ff0000', '#00ff00', '#0000ff'],
    negative: '',
    positive: '',
    panel: '#fff',
    text: '',
    faint: '',
    missing: 999,
  };

  it('values run from one end to the other and stay within', () => {
    const pixels = new Uint32Array(5);
    paintValues(pixels, Float32Array.of(-9, -1, 0, 1, NaN), { centre: 0, scale: 2, discretise: false }, colours);
    expect([...pixels]).toEqual([0, 64, 127, 191, 999]);
    paintValues(pixels, Float32Array.of(0.2, 0.5, 0.7, 1, 0), { centre: 0.5, scale: 0.5, discretise: true }, colours);
    expect([...pixels]).toEqual([0, 254, 254, 254, 0]);
    expect(parseHex('#fff')).toEqual([255, 255, 255]);
    expect(largest(Float32Array.of(-3, 2))).toBe(3);
    expect(largest(Float32Array.of(0, NaN))).toBe(1);
  });

  it('a class is as strong as its lead', () => {
    const pixels = new Uint32Array(2);
    // Cell 0 undecided, cell 1 surely the third.
    paintClasses(pixels, Float32Array.of(1 / 3, 0, 1 / 3, 0, 1 / 3, 1), 3, false, colours);
    expect(pixels[0]).toBe(0xffffffff);
    expect(pixels[1]! & 0xff).toBeLessThan(60);
    expect((pixels[1]! >> 16) & 0xff).toBe(255);
  });
});

describe('points by hand', () => {
  it('stand on a raster within the plane, apart from each other', () => {
    expect(drawnAt(1.234, -9, 1)).toEqual({ x: 1.25, y: -6, target: 1 });
    const first = withPoint([], drawnAt(0, 0, 0));
    expect(withPoint(first, drawnAt(0.1, 0.1, 0))).toBe(first);
    expect(withPoint(first, drawnAt(0.5, 0, 0))).toHaveLength(2);
  });

  it('are taken back and had again', () => {
    const history = new DrawnHistory();
    const [none, one, two] = [[], [drawnAt(1, 1, 0)], [drawnAt(1, 1, 0), drawnAt(2, 2, 1)]];
    expect(history.undo(none)).toBe(none);
    history.keep(none);
    history.keep(one);
    expect(history.undo(two)).toBe(one);
    expect(history.undo(one)).toBe(none);
    expect([history.canUndo, history.canRedo]).toEqual([false, true]);
    expect(history.redo(none)).toBe(one);
    history.keep(one);
    expect(history.canRedo).toBe(false);
  });

  it('are read from what was remembered, whatever it is', () => {
    const good = drawnAt(1, 2, 1);
    expect(readDrawn([good, null, 3, { x: 1 }, { x: 9, y: 0, target: 0 }, { x: 0, y: 0, target: 2 }])).toEqual([good]);
    expect(readDrawn('no')).toEqual([]);
    expect(readDrawn(Array.from({ length: 2000 }, () => good))).toHaveLength(mostDrawn);
  });
});
