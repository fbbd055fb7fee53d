/** Rows of a run are checked once before it, so that a message can name the slot they don't fit. */
import type { Program } from '../program/program.ts';

export interface RowTable {
  readonly slot: string;
  readonly rowCount: number;
}

/** Slots that a program's rows index directly. */
export function findRowTables({ ops, values }: Program): RowTable[] {
  const byOutput = new Map(ops.map((op) => [op.output, op]));
  return ops.flatMap((op): RowTable[] => {
    if (op.op !== 'gather') return [];
    const [table, indices] = op.inputs.map((id) => byOutput.get(id));
    if (table?.op !== 'slot' || indices?.op !== 'rows') return [];
    return [{ slot: table.attrs.slot, rowCount: values[table.output]!.shape[0]! }];
  });
}

/** @throws Error naming the row and the slot */
export function checkRows(tables: readonly RowTable[], rows: Int32Array, count: number): void {
  let smallest = 0;
  let largest = -1;
  for (let i = 0; i < count; i++) {
    const row = rows[i]!;
    if (row < smallest) smallest = row;
    if (row > largest) largest = row;
  }
  for (const { slot, rowCount } of tables) {
    const outside = smallest < 0 ? smallest : largest >= rowCount ? largest : undefined;
    if (outside !== undefined) throw new Error(`gather: row ${outside} is outside slot "${slot}", which has rows 0..${rowCount - 1}`);
  }
}
