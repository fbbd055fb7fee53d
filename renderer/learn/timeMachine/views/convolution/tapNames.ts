/** `2, 3` of a plane, `3` of a row; from 1. */
export const indexName = ([row, column]: readonly [number, number], hasRows: boolean): string =>
  hasRows ? `${row + 1}, ${column + 1}` : String(column + 1);
