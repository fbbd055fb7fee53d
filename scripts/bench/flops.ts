/** What a step computes at least, from its program. */
import { simplify } from '../../core/plan/simplify.ts';
import type { Program } from '../../core/program/program.ts';

/** FLOPs of a step's contractions that are needed, the only part that libraries count; one multiply-add counts as 2. */
export function contractionFlops(program: Program): number {
  let flops = 0;
  for (const op of simplify(program).ops) {
    if (op.op !== 'contract') continue;
    const sizes = new Map<string, number>();
    const note = (letters: string, value: number | undefined): void => {
      program.values[value ?? -1]?.shape.forEach((size, axis) => sizes.set(letters[axis] ?? '', size));
    };
    note(op.attrs.left, op.inputs[0]);
    note(op.attrs.right, op.inputs[1]);
    flops += 2 * [...sizes.values()].reduce((product, size) => product * size, 1);
  }
  return flops;
}
