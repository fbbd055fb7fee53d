/**
 * Places for the nodes of a graph: springs along edges, all nodes push one another away (Fruchterman, Reingold 1991, Graph
 * drawing by force-directed placement), from a spiral on, without chance: the same graph always looks the same.
 */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** @returns places within 0 to 1, in the order of `nodes` */
export function layoutGraph(nodes: readonly number[], edges: readonly { readonly from: number; readonly to: number }[]): Point[] {
  const count = nodes.length;
  if (count === 1) return [{ x: 0.5, y: 0.5 }];
  const at = new Map(nodes.map((node, i) => [node, i]));
  const x = Float64Array.from({ length: count }, (_, i) => 0.5 * Math.sqrt((i + 0.5) / count) * Math.cos(i * 2.399963));
  const y = Float64Array.from({ length: count }, (_, i) => 0.5 * Math.sqrt((i + 0.5) / count) * Math.sin(i * 2.399963));
  const pairs = edges.flatMap(({ from, to }) => {
    const [a, b] = [at.get(from), at.get(to)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  const ideal = 0.9 / Math.sqrt(count);
  const rounds = Math.round(Math.min(250, Math.max(60, 4e6 / count ** 2)));
  const [dx, dy] = [new Float64Array(count), new Float64Array(count)];
  const push = (a: number, b: number, force: (distance: number) => number): void => {
    const [ux, uy] = [x[a]! - x[b]!, y[a]! - y[b]!];
    const distance = Math.max(1e-4, Math.hypot(ux, uy));
    const size = force(distance) / distance;
    dx[a]! += ux * size;
    dy[a]! += uy * size;
    dx[b]! -= ux * size;
    dy[b]! -= uy * size;
  };
  for (let round = 0; round < rounds; round++) {
    dx.fill(0);
    dy.fill(0);
    for (let a = 0; a < count; a++) for (let b = a + 1; b < count; b++) push(a, b, (distance) => ideal ** 2 / distance);
    for (const [a, b] of pairs) push(a, b, (distance) => -(distance ** 2) / (2 * ideal));
    const step = 0.1 * (1 - round / rounds);
    for (let i = 0; i < count; i++) {
      // A pull to the middle keeps what no edge holds.
      dx[i]! -= x[i]! * ideal;
      dy[i]! -= y[i]! * ideal;
      const length = Math.max(1e-9, Math.hypot(dx[i]!, dy[i]!));
      x[i]! += (dx[i]! / length) * Math.min(length, step);
      y[i]! += (dy[i]! / length) * Math.min(length, step);
    }
  }
  return Array.from({ length: count }, (_, i) => ({ x: share(x, i), y: share(y, i) }));
}

function share(values: Float64Array, i: number): number {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  return most - least < 1e-9 ? 0.5 : (values[i]! - least) / (most - least);
}

/** The nearest node in a direction, for walking with arrows; undefined at the rim. */
export function nodeTowards(points: ReadonlyMap<number, Point>, from: number, [ux, uy]: readonly [number, number]): number | undefined {
  const here = points.get(from);
  if (here === undefined) return undefined;
  let [best, least] = [undefined as number | undefined, Infinity];
  for (const [node, { x, y }] of points) {
    const [ahead, aside] = [(x - here.x) * ux + (y - here.y) * uy, Math.abs((x - here.x) * uy - (y - here.y) * ux)];
    const cost = ahead + 2 * aside;
    if (node !== from && ahead > 1e-9 && aside <= 2 * ahead && cost < least) [best, least] = [node, cost];
  }
  return best;
}
