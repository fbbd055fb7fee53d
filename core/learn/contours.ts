/** Lines of equal height over a grid, by marching squares: where a cell's corners lie on both sides, a line crosses it. */

/**
 * Four numbers per piece of line: x, y, x, y in cells from the first value on.
 * @param values (side, side), rows downwards; cells with a corner that is no number are left out
 */
export function contourPieces(values: ArrayLike<number>, side: number, level: number): Float32Array {
  const pieces: number[] = [];
  for (let row = 0; row + 1 < side; row++) {
    for (let column = 0; column + 1 < side; column++) {
      const at = row * side + column;
      const corners = [values[at]!, values[at + 1]!, values[at + side + 1]!, values[at + side]!];
      if (!corners.every(Number.isFinite)) continue;
      const crossings: number[] = [];
      for (let edge = 0; edge < 4; edge++) {
        const [a, b] = [corners[edge]!, corners[(edge + 1) % 4]!];
        if (a < level === b < level) continue;
        const t = (level - a) / (b - a);
        const [x, y] = [edgeX(edge, t), edgeY(edge, t)];
        crossings.push(column + x, row + y);
      }
      // A saddle has four crossings, which are joined in the order of the edges.
      for (let i = 0; i + 3 < crossings.length; i += 4) pieces.push(...crossings.slice(i, i + 4));
    }
  }
  return Float32Array.from(pieces);
}

/** Edges in order: above, right, below, left, walked clockwise. */
function edgeX(edge: number, t: number): number {
  return edge === 0 ? t : edge === 1 ? 1 : edge === 2 ? 1 - t : 0;
}

function edgeY(edge: number, t: number): number {
  return edge === 0 ? 0 : edge === 1 ? t : edge === 2 ? 1 : 1 - t;
}

/** Levels evenly spread on a logarithmic scale between two losses above 0. */
export function logLevels(low: number, high: number, count: number): number[] {
  if (!(low > 0) || !(high > low)) return [];
  return Array.from({ length: count }, (_, i) => low * (high / low) ** ((i + 1) / (count + 1)));
}
