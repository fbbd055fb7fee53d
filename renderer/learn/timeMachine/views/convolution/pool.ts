/** What a pooling layer looks at for one number of its output, and which of them it took. */
import type { LayerStage, TensorRef } from '../../../../../core/explain/stages.ts';
import { namedShape } from '../../../../../core/graph/shape.ts';
import { poolAxes, type PoolAxis, type PoolSettings } from '../../../../../core/layers/pooling.ts';
import { gridOf, type Grid, type GridPlace } from './planes.ts';

export interface Pool {
  readonly x: TensorRef;
  readonly y: TensorRef;
  readonly input: Grid;
  readonly output: Grid;
  readonly vertical: PoolAxis;
  readonly horizontal: PoolAxis;
  readonly isMaximum: boolean;
}

const flat: PoolAxis = { size: 1, kernel: 1, stride: 1, padding: 0, positions: 1 };

export function poolOf(stage: LayerStage): Pool | undefined {
  const [x] = stage.inputs;
  if (x === undefined) return undefined;
  const [input, output, shape] = [gridOf(x.shape), gridOf(stage.output.shape), namedShape(x.shape.slice(1))];
  if (input === undefined || output === undefined || shape === undefined) return undefined;
  const axes = poolAxes(stage.params as unknown as PoolSettings, shape);
  const [vertical, horizontal] = axes.length === 1 ? [flat, axes[0]!] : [axes[0]!, axes[1]!];
  return { x, y: stage.output, input, output, vertical, horizontal, isMaximum: stage.type.startsWith('max') };
}

/** The frame of a window, what lies in the padding included. */
export const poolWindow = ({ vertical, horizontal }: Pool, row: number, column: number) => ({
  row: row * vertical.stride - vertical.padding,
  column: column * horizontal.stride - horizontal.padding,
  rows: vertical.kernel,
  columns: horizontal.kernel,
});

/** Places of the input in a window, row by row. */
export function placesUnder(pool: Pool, { channel, row, column }: GridPlace): GridPlace[] {
  const frame = poolWindow(pool, row, column);
  const places: GridPlace[] = [];
  for (let i = frame.row; i < frame.row + frame.rows; i++)
    for (let j = frame.column; j < frame.column + frame.columns; j++)
      if (i >= 0 && j >= 0 && i < pool.input.rows && j < pool.input.columns) places.push({ channel, row: i, column: j });
  return places;
}

/** Of several largest the first: the one the gradient goes to. */
export function winnerOf(numbers: readonly number[]): number {
  return numbers.indexOf(Math.max(...numbers));
}
