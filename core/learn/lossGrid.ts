/** The loss over a plane, at side × side points. A coarse grid comes first; each finer one keeps what the coarser one knows. */
import { countOf, type Course, type Lane } from './course.ts';
import type { LossPlane } from './lossPlane.ts';

export interface LossGrid {
  readonly side: number;
  /** Low and high of α, low and high of β. */
  readonly range: readonly [number, number, number, number];
  /** (side, side), rows from the highest β down. */
  readonly losses: Float32Array;
}

/** Each lies between the points of the one before. */
export const gridSides = [7, 13, 25, 49] as const;

/** @param advanced called after every point, awaited */
export async function lossGrid(
  course: Pick<Course, 'parameters'>,
  lane: Lane,
  plane: LossPlane,
  range: LossGrid['range'],
  side: number,
  { coarser, advanced }: { readonly coarser?: LossGrid; readonly advanced?: (points: number) => Promise<void> | void } = {},
): Promise<LossGrid> {
  const losses = new Float32Array(side * side);
  const known = coarser !== undefined && side === 2 * coarser.side - 1 ? coarser : undefined;
  const point = new Float32Array(countOf(course.parameters));
  let computed = 0;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = row * side + column;
      if (known !== undefined && row % 2 === 0 && column % 2 === 0) {
        losses[at] = known.losses[(row / 2) * known.side + column / 2]!;
        continue;
      }
      await lane.write(pointAt(plane, placeAt(range, side, row, column), point));
      losses[at] = await lane.loss();
      await advanced?.(++computed);
    }
  }
  return { side, range, losses };
}

/** (α, β) of a place of the grid. */
export function placeAt([a0, a1, b0, b1]: LossGrid['range'], side: number, row: number, column: number): [number, number] {
  return [a0 + ((a1 - a0) * column) / (side - 1), b1 - ((b1 - b0) * row) / (side - 1)];
}

export function pointAt({ centre, first, second }: LossPlane, [alpha, beta]: readonly [number, number], into: Float32Array): Float32Array {
  for (let i = 0; i < into.length; i++) into[i] = centre[i]! + alpha * first[i]! + beta * second[i]!;
  return into;
}
