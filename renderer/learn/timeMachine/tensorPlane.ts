import { formatNumber } from '../../ui/format.ts';

/** A tensor as planes of rows and columns: the last two axes that are longer than 1, the others as an index in front. */
export interface Planes {
  readonly rows: number;
  readonly columns: number;
  /** How many planes lie behind one another. */
  readonly count: number;
}

export function planesOf(shape: readonly number[]): Planes {
  const long = shape.filter((size) => size > 1);
  const columns = long.at(-1) ?? 1;
  const rows = long.at(-2) ?? 1;
  const total = shape.reduce((all, size) => all * size, 1);
  return { rows, columns, count: total / (rows * columns) };
}

export const elementIn = ({ rows, columns }: Planes, plane: number, row: number, column: number): number =>
  (plane * rows + row) * columns + column;

export function placeIn({ rows, columns }: Planes, element: number): { plane: number; row: number; column: number } {
  return { plane: Math.floor(element / (rows * columns)), row: Math.floor(element / columns) % rows, column: element % columns };
}

/** `3, 17`: the coordinates of an element, without axes of size 1. */
export function indexText(shape: readonly number[], element: number): string {
  const parts: number[] = [];
  let rest = element;
  for (const size of shape.toReversed()) {
    if (size > 1) parts.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return parts.join(', ');
}

export const shapeText = (shape: readonly number[]): string => (shape.length === 0 ? '1' : shape.join(' × '));

/** The largest size of a number, for the colours; 1 where all are 0. */
export function largest(numbers: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < numbers.length; i++) {
    const size = Math.abs(numbers[i]!);
    if (size > most && Number.isFinite(size)) most = size;
  }
  return most === 0 ? 1 : most;
}

/** Where the number of the largest size stands, 0 where there is none. */
export function strongest(numbers: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < numbers.length; i++) if (Math.abs(numbers[i]!) > Math.abs(numbers[best]!)) best = i;
  return best;
}

/** A number in at most eight characters, for a small cell. */
export function cellText(number: number): string {
  if (!Number.isFinite(number) || number === 0) return formatNumber(number);
  const size = Math.abs(number);
  if (size < 1e-3 || size >= 1e5) return number.toExponential(1).replace('e+', 'e');
  return String(Number(number.toPrecision(size < 0.01 ? 2 : 3)));
}

/** Few enough to be written out. */
export const isSmall = ({ rows, columns }: Planes): boolean => columns <= 12 && rows * columns <= 144;
