import { describe, expect, it } from 'vitest';
import { createBuilder } from '../program/builder.ts';
import { dropDeadOps, mergeEqualOps, simplify } from './simplify.ts';

function start() {
  const b = createBuilder({ name: 'test', batchSize: 0 });
  return { b, x: b.slot('x', { shape: [3], dtype: 'f32' }) };
}

describe('simplify', () => {
  it('merges equal ops, also what follows from them', () => {
    const { b, x } = start();
    const twice = [0, 1].map(() => b.unary('exp', b.add(x, 2)));
    b.assign('x', b.multiply(twice[0]!, twice[1]!));
    const { ops, assignments } = simplify(b.build());
    expect(ops.map((op) => op.op)).toEqual(['slot', 'constant', 'binary', 'unary', 'binary']);
    expect(ops.at(-1)!.inputs[0]).toBe(ops.at(-1)!.inputs[1]);
    expect(assignments).toHaveLength(1);
  });

  it('keeps random ops and unlike constants apart', () => {
    const { b } = start();
    for (const value of [0, -0, Infinity, -Infinity, NaN, 1]) b.constant(value);
    b.constant(1, [2]);
    b.constant(1, [], 'i32');
    b.random('uniform', [2]);
    b.random('uniform', [2]);
    const program = b.build();
    expect(mergeEqualOps(program).ops).toHaveLength(program.ops.length);
  });

  it('drops what no assignment needs, and redirects assignments to the merged value', () => {
    const { b, x } = start();
    const first = b.unary('exp', x);
    b.unary('sin', first);
    b.assign('y', b.unary('exp', x));
    const { ops, assignments } = simplify(b.build());
    expect(ops.map((op) => op.output)).toEqual([x.id, first.id]);
    expect(assignments).toEqual([{ slot: 'y', value: first.id, mode: 'replace' }]);
    expect(dropDeadOps({ ...b.build(), assignments: [] }).ops).toEqual([]);
  });
});
