/**
 * What a convolution looks at for one number of its output, and where the gradient of one of its weights comes from; for a
 * transposed one, which spreads its input over the output, the same the other way round. Sizes
 * of windows, their steps and the padding are those that the layer itself computes with.
 */
import type { LayerStage, TensorRef } from '../../../../../core/explain/stages.ts';
import { namedShape } from '../../../../../core/graph/shape.ts';
import { axisWindows, type AxisWindow, type ConvolutionParams } from '../../../../../core/layers/convolve.ts';
import { preActivationOf, weightOf } from '../layerParts.ts';
import type { Choice } from '../../machine.svelte.ts';
import type { Frame } from '../heat.ts';
import { elementIn, gridOf, placeOf, type Grid } from './planes.ts';

export interface Convolution {
  readonly x: TensorRef;
  readonly weight: TensorRef;
  readonly bias: TensorRef | undefined;
  readonly z: TensorRef;
  readonly y: TensorRef;
  readonly input: Grid;
  readonly output: Grid;
  readonly vertical: AxisWindow;
  readonly horizontal: AxisWindow;
  /** Channels that each filter sees. */
  readonly seen: number;
  readonly groups: number;
  /** Its windows lie over the output; W is (channels, filters ÷ groups, ...kernel). */
  readonly isTransposed: boolean;
}

/** A weight of a filter, and where it lies at one position. */
export interface Tap {
  /** Among those that the filter sees. */
  readonly seen: number;
  readonly channel: number;
  readonly i: number;
  readonly j: number;
  readonly row: number;
  readonly column: number;
}

/** Of a sequence: one row without any reach. */
const flat: AxisWindow = { size: 1, kernel: 1, stride: 1, dilation: 1, sides: [0, 0] };

export function convolutionOf(stage: LayerStage): Convolution | undefined {
  const [x] = stage.inputs;
  const weight = weightOf(stage, 'weight');
  if (x === undefined || weight === undefined) return undefined;
  const [input, output, shape] = [gridOf(x.shape), gridOf(stage.output.shape), namedShape(x.shape.slice(1))];
  if (input === undefined || output === undefined || shape === undefined) return undefined;
  const params = stage.params as unknown as ConvolutionParams;
  const windows = axisWindows(params, shape);
  const [vertical, horizontal] = windows.length === 1 ? [flat, windows[0]!] : [windows[0]!, windows[1]!];
  const { groups } = params;
  const bias = weightOf(stage, 'bias');
  return { x, weight, bias, z: preActivationOf(stage), y: stage.output, input, output, vertical, horizontal, groups, seen: input.channels / groups, isTransposed: stage.type.startsWith('convTranspose') }; // prettier-ignore
}

/** The first channel that a filter sees. */
export const firstChannel = ({ groups, seen, output }: Convolution, filter: number): number =>
  Math.floor(filter / (output.channels / groups)) * seen;

/** Where in the weights one of a filter's stands. @param weight among those of the filter: channel it sees, then tap */
export function weightElement(
  { isTransposed, vertical, horizontal, output, groups, seen }: Convolution,
  filter: number,
  weight: number,
): number {
  const taps = vertical.kernel * horizontal.kernel;
  if (!isTransposed) return filter * seen * taps + weight;
  const perGroup = output.channels / groups;
  const channel = Math.floor(filter / perGroup) * seen + Math.floor(weight / taps);
  return (channel * perGroup + (filter % perGroup)) * taps + (weight % taps);
}

/** The place of the input that a tap brings to a position of the output; NaN where it brings none. */
function sourceOf({ stride, dilation, sides }: AxisWindow, isTransposed: boolean, position: number, tap: number): number {
  if (!isTransposed) return position * stride - sides[0] + tap * dilation;
  const place = (position + sides[0] - tap * dilation) / stride;
  return Number.isInteger(place) ? place : NaN;
}

const startOf = ({ stride, sides }: AxisWindow, position: number): number => position * stride - sides[0];

/** The weights of a filter that count at a position, in their order; of a transposed one those that bring a place of the input there. */
export function tapsAt(own: Convolution, filter: number, row: number, column: number): Tap[] {
  const { vertical, horizontal, seen, isTransposed } = own;
  const first = firstChannel(own, filter);
  const taps: Tap[] = [];
  for (let c = 0; c < seen; c++)
    for (let i = 0; i < vertical.kernel; i++)
      for (let j = 0; j < horizontal.kernel; j++) {
        const place = { row: sourceOf(vertical, isTransposed, row, i), column: sourceOf(horizontal, isTransposed, column, j) };
        if (!isTransposed || isInside(own.input, place)) taps.push({ seen: c, channel: first + c, i, j, ...place });
      }
  return taps;
}

/** Which of its filter's weights a tap is. */
export const weightOfTap = ({ vertical, horizontal }: Convolution, { seen, i, j }: Tap): number =>
  (seen * vertical.kernel + i) * horizontal.kernel + j;

export const isInside = ({ rows, columns }: Grid, { row, column }: { readonly row: number; readonly column: number }): boolean =>
  row >= 0 && column >= 0 && row < rows && column < columns;

/** What lies under each weight; 0 in the padding. */
export function under(numbers: ArrayLike<number>, grid: Grid, taps: readonly Tap[]): Float32Array {
  return Float32Array.from(taps, (tap) => (isInside(grid, tap) ? numbers[elementIn(grid, tap)]! : 0));
}

/** Of a weight: the place under it at every position, row by row; found without its neighbours, as filters may see many channels. */
export function placesOfWeight(own: Convolution, filter: number, weight: number): Tap[] {
  const { output, vertical, horizontal, isTransposed } = own;
  const j = weight % horizontal.kernel;
  const i = Math.floor(weight / horizontal.kernel) % vertical.kernel;
  const seen = Math.floor(weight / (horizontal.kernel * vertical.kernel));
  const channel = firstChannel(own, filter) + seen;
  return Array.from({ length: output.rows * output.columns }, (_, at): Tap => {
    const row = sourceOf(vertical, isTransposed, Math.floor(at / output.columns), i);
    const column = sourceOf(horizontal, isTransposed, at % output.columns, j);
    return { seen, channel, i, j, row, column };
  });
}

/** Where a window lies over the input, padding included: row, column, rows, columns. */
export function windowAt({ vertical, horizontal }: Pick<Convolution, 'vertical' | 'horizontal'>, row: number, column: number) {
  return {
    row: startOf(vertical, row),
    column: startOf(horizontal, column),
    rows: (vertical.kernel - 1) * vertical.dilation + 1,
    columns: (horizontal.kernel - 1) * horizontal.dilation + 1,
  };
}

/** A frame around all of these places, those in the padding included. */
export function frameAround(places: readonly { readonly row: number; readonly column: number }[]): Frame[] {
  const known = places.filter(({ row, column }) => !Number.isNaN(row + column));
  if (known.length === 0) return [];
  const [rows, columns] = [known.map(({ row }) => row), known.map(({ column }) => column)];
  const [top, left] = [Math.min(...rows), Math.min(...columns)];
  return [{ row: top, column: left, rows: Math.max(...rows) - top + 1, columns: Math.max(...columns) - left + 1 }];
}

/** All places under one weight, over all positions. */
export function framesOfWeight(own: Convolution, { filter, seen, tap }: Look): Frame[] {
  const places = placesOfWeight(own, filter, seen * own.vertical.kernel * own.horizontal.kernel + tap);
  return frameAround(own.isTransposed ? places.filter((place) => isInside(own.input, place)) : places);
}

/** The input with its padding, where there is any. */
export function paddedFrame({ input, vertical, horizontal, isTransposed }: Convolution): Frame[] {
  if (isTransposed) return [];
  const [above, below] = vertical.sides;
  const [left, right] = horizontal.sides;
  if (above + below + left + right === 0) return [];
  return [{ row: -above, column: -left, rows: input.rows + above + below, columns: input.columns + left + right, isFaint: true }];
}

export interface Look {
  readonly filter: number;
  /** Among the channels that the filter sees. */
  readonly seen: number;
  /** Row-major over the output. */
  readonly position: number;
  /** Among the weights of one channel. */
  readonly tap: number;
}

/** What is looked at: where the chosen number stands, else what was looked at last, as far as this layer has it. */
export function looksAt(own: Convolution, choice: Choice | null, last: Look, hovered: number | undefined): Look {
  const { output, vertical, horizontal, seen } = own;
  const taps = vertical.kernel * horizontal.kernel;
  const bounded: Look = {
    filter: Math.min(last.filter, output.channels - 1),
    seen: Math.min(last.seen, seen - 1),
    position: Math.min(hovered ?? last.position, output.rows * output.columns - 1),
    tap: Math.min(last.tap, taps - 1),
  };
  if (choice?.value === own.weight.id) {
    const { element } = choice;
    if (own.isTransposed) {
      const perGroup = output.channels / own.groups;
      const channel = Math.floor(element / (perGroup * taps));
      const filter = Math.floor(channel / seen) * perGroup + (Math.floor(element / taps) % perGroup);
      return { ...bounded, filter, seen: channel % seen, tap: element % taps };
    }
    return { ...bounded, filter: Math.floor(element / (seen * taps)), seen: Math.floor(element / taps) % seen, tap: element % taps };
  }
  if (choice === null || (choice.value !== own.z.id && choice.value !== own.y.id)) return bounded;
  const { channel, row, column } = placeOf(output, choice.element);
  return { ...bounded, filter: channel, position: hovered ?? row * output.columns + column };
}
