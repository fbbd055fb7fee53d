/**
 * Einstein summation of two tensors, one letter per axis: matrix product `bi,oi->bo`, batched product
 * `bhqd,bhkd->bhqk`, outer product `i,j->ij`. A letter of both operands that is not in the result is summed over.
 */
import type { OpAttrs, TensorType } from '../program/program.ts';
import { prepareContract } from './contractLoops.ts';
import { defect, defineOp } from './defineOp.ts';

/** Size of each letter. */
function letterSizes({ left, right, out }: OpAttrs['contract'], inputs: readonly [TensorType, TensorType]): Map<string, number> {
  const sizes = new Map<string, number>();
  const equation = `${left},${right}->${out}`;
  for (const [letters, type] of [
    [left, inputs[0]],
    [right, inputs[1]],
  ] as const) {
    if (new Set(letters).size !== letters.length) defect('contract', `${equation} repeats a letter within an operand`, inputs);
    if (letters.length !== type.shape.length) defect('contract', `${equation} does not fit the ranks`, inputs);
    [...letters].forEach((letter, axis) => {
      const size = type.shape[axis]!;
      if (sizes.has(letter) && sizes.get(letter) !== size) {
        defect('contract', `${equation} has two sizes for ${letter}: ${sizes.get(letter)} and ${size}`, inputs);
      }
      sizes.set(letter, size);
    });
  }
  if (new Set(out).size !== out.length) defect('contract', `${equation} repeats a letter in the result`, inputs);
  for (const letter of out) if (!sizes.has(letter)) defect('contract', `${equation} has an unknown letter ${letter}`, inputs);
  for (const letter of sizes.keys()) {
    if (!out.includes(letter) && !(left.includes(letter) && right.includes(letter))) {
      defect('contract', `${equation} sums ${letter} of one operand only; reduce it first`, inputs);
    }
  }
  return sizes;
}

export const contract = defineOp('contract', {
  inferType(attrs, inputs) {
    if (inputs[0].dtype !== 'f32' || inputs[1].dtype !== 'f32') defect('contract', 'needs f32', inputs);
    const sizes = letterSizes(attrs, inputs);
    return { shape: [...attrs.out].map((letter) => sizes.get(letter)!), dtype: 'f32' };
  },
  gradient: ({ b, attrs: { left, right, out }, inputs: [x, y], gradient }) => [
    () => b.contract(`${out},${right}->${left}`, gradient, y),
    () => b.contract(`${left},${out}->${right}`, x, gradient),
  ],
  reference: ({ attrs, inputs, output, scratch }) => prepareContract(attrs, inputs, output, scratch),
});
