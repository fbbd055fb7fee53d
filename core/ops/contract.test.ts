import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createBuilder } from '../program/builder.ts';
import { checkOp, drawInputs, runProgram } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { f64Tolerance } from '../testing/tolerances.ts';
import { elementCount, range, rowMajorStrides } from './shapes.ts';

const equations: readonly (readonly [string, readonly number[], readonly number[]])[] = [
  ['bi,oi->bo', [5, 7], [3, 7]],
  ['bo,oi->bi', [5, 3], [3, 7]],
  ['bo,bi->oi', [5, 3], [5, 7]],
  ['bi,oi->ob', [5, 7], [3, 7]],
  ['bhqd,bhkd->bhqk', [2, 2, 3, 4], [2, 2, 5, 4]],
  ['bhqk,bhkd->bqhd', [2, 2, 3, 5], [2, 2, 5, 4]],
  ['i,j->ij', [3], [4]],
  ['i,i->', [5], [5]],
  ['i,i->i', [5], [5]],
  ['ij,->ji', [3, 4], []],
  ['ijk,jki->', [2, 3, 4], [3, 4, 2]],
];

describe('contract', () => {
  it.each(equations)('%s has the right gradients', async (equation, left, right) => {
    await checkOp({ inputs: { x: { shape: left }, y: { shape: right } }, build: (b, { x, y }) => b.contract(equation, x, y) });
  });

  it('keeps its place where letters of size 1 stand between others and a bias follows', async () => {
    await checkOp({
      inputs: { x: { shape: [3, 8, 4, 4] }, filter: { shape: [2, 8, 1, 1] }, bias: { shape: [2, 1, 1] } },
      build(b, { x, filter, bias }) {
        const sum = b.contract('bchw,ocpq->bohpwq', x, filter);
        return b.add(b.reshape(sum, [3, 2, 4, 4]), bias);
      },
    });
  });

  it('agrees with a naive sum for any letters, order and sizes', async () => {
    await fc.assert(
      fc.asyncProperty(einsum(), async ({ left, right, out, sizes }) => {
        const shapeOf = (letters: string) => [...letters].map((letter) => sizes[letter]!);
        const data = drawInputs({ x: { shape: shapeOf(left) }, y: { shape: shapeOf(right) } });
        const b = createBuilder({ name: 'contract', batchSize: 0 });
        const type = (letters: string) => ({ shape: shapeOf(letters), dtype: 'f32' }) as const;
        b.assign('z', b.contract(`${left},${right}->${out}`, b.slot('x', type(left)), b.slot('y', type(right))));
        const slots = [
          ['x', left],
          ['y', right],
          ['z', out],
        ].map(([name, letters]) => ({ name: name!, kind: 'carry' as const, type: type(letters!) }));
        const results = await runProgram({ engine: createReferenceEngine({ precision: 'f64' }), program: b.build(), slots, data });
        const naive = naiveEinsum(left, right, out, sizes, data.get('x')!, data.get('y')!);
        expectClose(results.get('z')!, naive, f64Tolerance, { what: `${left},${right}->${out}`, shape: shapeOf(out) });
      }),
      { numRuns: 300 },
    );
  });

  it('sums over panels larger than the cache block', async () => {
    const check = { inputs: { x: { shape: [5, 20_011], range: [0, 1] }, y: { shape: [7, 20_011], range: [0, 1] } } } as const;
    const data = drawInputs(check.inputs);
    const b = createBuilder({ name: 'long', batchSize: 0 });
    const slots = (['x', 'y'] as const).map((name) => ({
      name,
      kind: 'carry' as const,
      type: { shape: check.inputs[name].shape, dtype: 'f32' as const },
    }));
    b.assign('z', b.contract('ik,jk->ij', b.slot('x', slots[0]!.type), b.slot('y', slots[1]!.type)));
    const results = await runProgram({
      program: b.build(),
      slots: [...slots, { name: 'z', kind: 'carry', type: { shape: [5, 7], dtype: 'f32' } }],
      data,
    });
    const naive = naiveEinsum('ik', 'jk', 'ij', { i: 5, j: 7, k: 20_011 }, data.get('x')!, data.get('y')!);
    // One rounding to f32: the sum itself runs in double precision.
    expectClose(results.get('z')!, naive, { relative: 6e-8, absolute: 0 }, { what: 'long sums' });
  });

  const mistakes: readonly (readonly [string, string])[] = [
    ['bi,oi>bo', '"bi,oi>bo" does not read like'],
    ['bi,o->bo', 'does not fit the ranks'],
    ['bb,oi->bo', 'repeats a letter within an operand'],
    ['bi,oi->bb', 'repeats a letter in the result'],
    ['bi,oi->bx', 'unknown letter x'],
    ['bi,oc->bo', 'sums i of one operand only'],
    ['bi,io->bo', 'two sizes for i: 3 and 4'],
  ];
  it.each(mistakes)('refuses %s', async (equation, message) => {
    const check = checkOp({ inputs: { x: { shape: [2, 3] }, y: { shape: [4, 3] } }, build: (b, { x, y }) => b.contract(equation, x, y) });
    await expect(check).rejects.toThrow(message);
  });
});

function naiveEinsum(
  left: string,
  right: string,
  out: string,
  sizes: Record<string, number>,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): Float64Array {
  const letters = [...new Set(left + right)];
  const z = new Float64Array(elementCount([...out].map((letter) => sizes[letter]!)));
  const at = (tensor: string, index: readonly number[]) => {
    const strides = rowMajorStrides([...tensor].map((letter) => sizes[letter]!));
    return [...tensor].reduce((sum, letter, axis) => sum + strides[axis]! * index[letters.indexOf(letter)]!, 0);
  };
  const shape = letters.map((letter) => sizes[letter]!);
  const strides = rowMajorStrides(shape);
  for (const flat of range(elementCount(shape))) {
    const index = strides.map((stride, axis) => Math.floor(flat / stride) % shape[axis]!);
    z[at(out, index)]! += x[at(left, index)]! * y[at(right, index)]!;
  }
  return z;
}

/** Up to five letters, each in a group: both operands, one of them, or summed; sizes with 1 and primes. */
function einsum() {
  const letter = fc.record({ group: fc.constantFrom('batch', 'left', 'right', 'summed'), size: fc.constantFrom(1, 2, 3, 5, 7) });
  return fc.array(letter, { minLength: 0, maxLength: 5 }).chain((chosen) => {
    const named = chosen.map((entry, i) => ({ ...entry, name: 'abcde'[i]! }));
    const of = (...groups: string[]) => named.filter(({ group }) => groups.includes(group)).map(({ name }) => name);
    const shuffled = (letters: string[]) => fc.shuffledSubarray(letters, { minLength: letters.length }).map((order) => order.join(''));
    return fc.record({
      left: shuffled(of('batch', 'left', 'summed')),
      right: shuffled(of('batch', 'right', 'summed')),
      out: shuffled(of('batch', 'left', 'right')),
      sizes: fc.constant(Object.fromEntries(named.map(({ name, size }) => [name, size])) as Record<string, number>),
    });
  });
}
