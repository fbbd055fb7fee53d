/** Which training rows make an epoch where classes are unequal: drawn alike, repeated or thinned out by class. */
import type { PreparedDataTypes } from '../program/lowerNetwork.ts';
import type { Random } from '../random/philox.ts';
import type { SamplingMode } from '../train/controlSpecs.ts';
import type { SlotData } from '../engines/engine.ts';

/** Rows (or time steps) of the training part by class; undefined where the target is no class or the values are not at hand. */
export function countClasses(data: PreparedDataTypes): number[] | undefined {
  const { target, parts } = data;
  const { values } = target as { readonly values?: SlotData };
  const rows = parts.train as ArrayLike<number>;
  if (target.dtype !== 'i32' || values === undefined) return undefined;
  const counts = Array.from({ length: target.role.shape.at(-1)?.size ?? 1 }, () => 0);
  const perRow = target.rowShape.reduce((product, size) => product * size, 1);
  const { reading } = target;
  const [offset, length] = reading?.kind === 'window' ? [reading.offset, reading.length] : [0, 1];
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! + offset;
    for (let k = from * perRow; k < (from + length) * perRow; k++) counts[values[k]!] = (counts[values[k]!] ?? 0) + 1;
  }
  return counts;
}

/** How many rows an epoch has; classes without rows do not count. */
export function epochRows(mode: string, classCounts: readonly number[] | undefined, rowCount: number): number {
  const counts = (classCounts ?? []).filter((count) => count > 0);
  if (counts.length === 0 || mode === 'shuffle' || mode === 'weighted') return rowCount;
  return counts.length * (mode === 'oversample' ? Math.max(...counts) : Math.min(...counts));
}

/** The training rows of each class that has any. */
export function rowsByClass(rows: Int32Array, codes: SlotData): Int32Array[] {
  const classes = new Map<number, number[]>();
  for (const row of rows) {
    const code = codes[row]!;
    const own = classes.get(code);
    if (own === undefined) classes.set(code, [row]);
    else own.push(row);
  }
  return [...classes].sort(([a], [b]) => a - b).map(([, own]) => Int32Array.from(own));
}

/** Fills one epoch's order. */
export function drawEpoch(order: Int32Array, classes: readonly Int32Array[], mode: Exclude<SamplingMode, 'shuffle'>, random: Random): void {
  if (mode === 'weighted') {
    for (let i = 0; i < order.length; i++) {
      const own = classes[random.integer(classes.length)]!;
      order[i] = own[random.integer(own.length)]!;
    }
    return;
  }
  const each = order.length / classes.length;
  classes.forEach((own, c) => {
    for (let at = 0; at < each; at += own.length) {
      // Whole rounds hold every row; what is left over is a random selection.
      const round = own.slice();
      if (each - at < own.length) random.shuffle(round);
      order.set(round.subarray(0, each - at), c * each + at);
    }
  });
  random.shuffle(order);
}
