/** How large the cells of a convolution's planes and of its kernel are drawn. */
import { cellSize } from '../heat.ts';
import { planeRoom, room, within } from '../room.svelte.ts';
import type { Convolution } from './convolution.ts';

export function cellsOf({ input, output, vertical, horizontal, isTransposed }: Convolution): {
  readonly tap: number;
  readonly cell: number;
} {
  const around = ({ sides: [before, after] }: typeof vertical): number => (isTransposed ? 0 : before + after);
  const columns = Math.max(output.columns, input.columns + around(horizontal));
  if (input.isSequence) return { tap: 22, cell: cellSize((room.width - 22 * horizontal.kernel - 50) / 2, columns, 34) };
  const tap = cellSize(within(84, room.width / 7, 180), Math.max(horizontal.kernel, vertical.kernel), 44);
  const most = Math.max(columns, output.rows, input.rows + around(vertical));
  return { tap, cell: cellSize(planeRoom(2, tap * horizontal.kernel + 22), most, 44) };
}
