import { expect, it } from 'vitest';
import { ops as definitions } from '../ops/index.ts';
import type { OpDefinition } from '../ops/defineOp.ts';
import { createBuilder } from '../program/builder.ts';
import type { Op, OpAttrs, OpName, Program, TensorType, ValueId } from '../program/program.ts';
import { runProgram } from '../testing/checkOp.ts';
import { wave } from '../testing/torchFixture.ts';
import { expandFold, type OpEmitter } from './expandFold.ts';

it.each([
  [4, 3, 1, 1, 6],
  [3, 2, 1, 3, 6],
  [3, 2, 2, 1, 7],
  [3, 3, 2, 1, 7],
  [3, 2, 2, 2, 8],
  [2, 2, 3, 1, 6],
  [3, 4, 3, 2, 14],
  [2, 1, 4, 1, 7],
])('%d positions of %d taps, stride %d, dilation %d, length %d', async (positions, size, stride, dilation, length) => {
  const shape = [2, positions, size, 3];
  const b = createBuilder({ name: 'fold', batchSize: 0 });
  b.assign('y', b.fold(b.slot('x', { shape, dtype: 'f32' }), 1, length, { stride, dilation }));
  const program = b.build();
  const type = { shape: [2, length, 3], dtype: 'f32' } as const;
  const slots = [
    { name: 'x', kind: 'carry', type: { shape, dtype: 'f32' } },
    { name: 'y', kind: 'carry', type },
  ] as const;
  const data = new Map([['x', Float32Array.from(wave(2 * positions * size * 3, 1))]]);
  const expanded = expand(program);
  expect(expanded.ops.map(({ op }) => op)).not.toContain('fold');
  const expected = await runProgram({ program, slots, data });
  const got = await runProgram({ program: expanded, slots, data });
  const largest = Math.max(...[...got.get('y')!].map((value, i) => Math.abs(value - expected.get('y')![i]!)));
  expect(largest).toBeLessThan(1e-6);
});

/** The program with its fold, the last op, replaced. */
function expand(program: Program): Program {
  const values: TensorType[] = [...program.values];
  const ops: Op[] = program.ops.slice(0, -1);
  const emitter: OpEmitter = {
    emit<K extends OpName>(op: K, attrs: OpAttrs[K], inputs: readonly ValueId[]): ValueId {
      const { inferType } = definitions[op] as unknown as OpDefinition<OpName>;
      const output = values.push(inferType(attrs, inputs.map((id) => values[id]!) as never)) - 1;
      ops.push({ op, attrs, inputs, output } as unknown as Op);
      return output;
    },
    typeOf: (id) => values[id]!,
  };
  const value = expandFold(program.ops.at(-1)!, emitter)!;
  return { ...program, ops, values, assignments: [{ slot: 'y', value, mode: 'replace' }] };
}
