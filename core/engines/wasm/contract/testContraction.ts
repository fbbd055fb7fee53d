/** For tests and measurements of contractions alone: kernels of one einsum over slots `a`, `b` and `c`, without the planner. */
import { rowMajorStrides } from '../../../ops/shapes.ts';
import type { BufferRef, ContractAxis, KernelProgram } from '../../../plan/kernelProgram.ts';
import type { SlotLayout } from '../../../plan/plan.ts';
import type { OpAttrs, Program } from '../../../program/program.ts';

export function contractionProgram(equation: string, sizes: Readonly<Record<string, number>>) {
  const [inputs = '', out = ''] = equation.split('->');
  const [left = '', right = ''] = inputs.split(',');
  const shape = (letters: string) => [...letters].map((letter) => sizes[letter]!);
  const values = [left, right, out].map((letters) => ({ shape: shape(letters), dtype: 'f32' as const }));
  const slots = ['a', 'b', 'c'].map((name, i) => ({ name, kind: 'carry' as const, type: values[i]! }));
  const program: Program = {
    name: 'contract',
    batchSize: 0,
    ops: [
      { op: 'slot', attrs: { slot: 'a' }, inputs: [], output: 0 },
      { op: 'slot', attrs: { slot: 'b' }, inputs: [], output: 1 },
      { op: 'contract', attrs: { left, right, out }, inputs: [0, 1], output: 2 },
    ],
    values,
    assignments: [{ slot: 'c', value: 2, mode: 'replace' }],
    scalarNames: [],
  };
  return { program, slots };
}

/** The one contraction of such a program as a kernel that writes slot `c`, axes merged where all tensors allow. */
export function planContraction(program: Program, layout: SlotLayout): KernelProgram {
  const op = program.ops.find((each) => each.op === 'contract')!;
  const attrs = op.attrs as OpAttrs['contract'];
  const strides = {
    left: rowMajorStrides(program.values[0]!.shape),
    right: rowMajorStrides(program.values[1]!.shape),
    out: rowMajorStrides(program.values[2]!.shape),
  };
  const axis = (letter: string): ContractAxis => {
    const stride = (tensor: 'left' | 'right' | 'out') => strides[tensor][attrs[tensor].indexOf(letter)] ?? 0;
    const holder = attrs.left.includes(letter) ? 0 : 1;
    const size = program.values[holder]!.shape[attrs[holder === 0 ? 'left' : 'right'].indexOf(letter)]!;
    return { size, left: stride('left'), right: stride('right'), out: stride('out') };
  };
  const group = (letters: string, test: (letter: string) => boolean) => merge([...letters].filter(test).map(axis));
  const { left, right, out } = attrs;
  const both = (letter: string) => left.includes(letter) && right.includes(letter);
  const buffer = (name: string): BufferRef => {
    const { byteOffset, byteLength } = layout.slots.get(name)!;
    return { region: 'slot', slot: name, byteOffset, byteLength };
  };
  const isSwapped = left.includes(out.at(-1) ?? '') && !right.includes(out.at(-1) ?? '');
  const [m, n] = [group(out, (letter) => !right.includes(letter)), group(out, (letter) => !left.includes(letter))];
  const swap = (axes: ContractAxis[]) => (isSwapped ? axes.map((each) => ({ ...each, left: each.right, right: each.left })) : axes);
  return {
    name: program.name,
    batchSize: 0,
    readsRows: false,
    scalarNames: [],
    kernels: [
      {
        kind: 'contract',
        title: 'contract',
        buffers: isSwapped ? [buffer('b'), buffer('a'), buffer('c')] : [buffer('a'), buffer('b'), buffer('c')],
        writes: [2],
        barrier: true,
        flops: 0,
        bytes: 0,
        batch: swap(group(out, both)),
        m: isSwapped ? swap(n) : m,
        n: isSwapped ? swap(m) : n,
        k: swap(group(left, (letter) => both(letter) && !out.includes(letter))),
        storesResult: true,
      },
    ],
    stores: [],
    arenaBytes: 0,
    rowLimit: Infinity,
  };
}

function merge(axes: readonly ContractAxis[]): ContractAxis[] {
  const merged: ContractAxis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const last = merged.at(-1);
    const isDense = last !== undefined && (['left', 'right', 'out'] as const).every((tensor) => last[tensor] === axis[tensor] * axis.size);
    if (isDense) merged[merged.length - 1] = { ...axis, size: last.size * axis.size };
    else merged.push(axis);
  }
  return merged;
}
