/** Attention along edges as a map: rows are nodes that listen, columns those they listen to, most cells no edge at all. */
import type { Edge } from './graphData.ts';

export interface EdgeMap {
  /** Row-major; 0 where no edge leads. */
  readonly numbers: Float32Array;
  /** Of each cell the edge's row in what travels along edges, -1 where none leads. */
  readonly rows: Int32Array;
}

interface Shape {
  /** In the order of rows and columns. */
  readonly nodes: readonly number[];
  readonly edges: readonly Edge[];
  /** Edges that the layer was given; behind them stands each node's edge to itself. */
  readonly edgeCount: number;
  /** Numbers per edge, and which of them is looked at. */
  readonly heads: number;
  readonly head: number;
}

export function edgeMapOf(values: ArrayLike<number>, { nodes, edges, edgeCount, heads, head }: Shape): EdgeMap {
  const count = nodes.length;
  const places = new Map(nodes.map((node, i) => [node, i]));
  const map: EdgeMap = { numbers: new Float32Array(count * count), rows: new Int32Array(count * count).fill(-1) };
  const put = (from: number | undefined, to: number | undefined, row: number): void => {
    if (from === undefined || to === undefined || row * heads + head >= values.length) return;
    map.numbers[to * count + from] = values[row * heads + head]!;
    map.rows[to * count + from] = row;
  };
  for (const { index, from, to } of edges) put(places.get(from), places.get(to), index);
  nodes.forEach((node, i) => put(i, i, edgeCount + node));
  return map;
}

/** Whom a node listens to, the largest number first, whatever its sign. */
export function heardBy(
  { numbers, rows }: EdgeMap,
  at: number,
): { readonly column: number; readonly cell: number; readonly number: number }[] {
  const count = Math.sqrt(rows.length);
  return Array.from({ length: count }, (_, column) => ({ column, cell: at * count + column, number: numbers[at * count + column]! }))
    .filter(({ cell }) => rows[cell]! >= 0)
    .sort((a, b) => Math.abs(b.number) - Math.abs(a.number));
}
