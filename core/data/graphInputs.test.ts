import { expect, it } from 'vitest';
import type { Column } from './dataSet.ts';
import { planGraphs, prepareGraphs } from './graphInputs.ts';

it('pads graphs to the largest and one node more, where the edges they lack lead nowhere', () => {
  const info = { name: 'g', type: 'graph', missing: 0, graph: { nodes: 3, edges: 2, features: 1 } } as const;
  const column: Column = {
    info,
    type: 'graph',
    values: {
      nodeCounts: Int32Array.of(2, 3),
      edgeCounts: Int32Array.of(1, 2),
      features: Float32Array.of(5, 6, 0, 7, 8, 9),
      edges: Int32Array.of(0, 1, 0, 0, 0, 1, 1, 2),
    },
  };
  const planned = planGraphs(info);
  const [nodes, edges, counts] = prepareGraphs(planned, column);
  expect(nodes!.rowShape).toEqual([4, 1]);
  expect([...(nodes!.values as Float32Array)]).toEqual([5, 6, 0, 0, 7, 8, 9, 0]);
  expect(edges!.rowShape).toEqual([4, 2]);
  // Both directions of the one edge, then the last node to itself.
  const pairs = (row: number) =>
    Array.from({ length: 4 }, (_, e) => [...(edges!.values as Int32Array).slice(row * 8 + 2 * e, row * 8 + 2 * e + 2)]);
  expect(pairs(0).map(String).sort()).toEqual(['0,1', '1,0', '3,3', '3,3']);
  expect(pairs(1).map(String).sort()).toEqual(['0,1', '1,0', '1,2', '2,1']);
  expect([...(counts!.values as Float32Array)]).toEqual([2, 3]);
});
