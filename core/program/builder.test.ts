import { describe, expect, it } from 'vitest';
import { createBuilder } from './builder.ts';

function start(batchSize = 4) {
  const b = createBuilder({ name: 'test', batchSize });
  return { b, x: b.slot('x', { shape: [2, 3], dtype: 'f32' }) };
}

describe('createBuilder', () => {
  it('gives one value for one slot, and refuses it under another type', () => {
    const { b, x } = start();
    expect(b.slot('x', { shape: [2, 3], dtype: 'f32' })).toBe(x);
    expect(() => b.slot('x', { shape: [3, 2], dtype: 'f32' })).toThrow('slot: "x" is f32 (2, 3), not f32 (3, 2)');
    expect(b.rows()).toBe(b.rows());
    expect(b.scalar('rate')).toBe(b.scalar('rate'));
    expect(b.scalar('decay')).not.toBe(b.scalar('rate'));
    expect(b.build().scalarNames).toEqual(['rate', 'decay']);
  });

  it('has no rows without a batch', () => {
    expect(() => start(0).b.rows()).toThrow('rows: program "test" has batch size 0');
  });

  it('adds no op where nothing changes', () => {
    const { b, x } = start();
    const same = [
      b.add(x, 0),
      b.add(0, x),
      b.subtract(x, 0),
      b.multiply(x, 1),
      b.multiply(1, x),
      b.divide(x, 1),
      b.cast(x, 'f32'),
      b.sum(x, []),
      b.reshape(x, [2, 3]),
      b.transpose(x, [0, 1]),
      b.slice(x, 1, 0, 3),
      b.pad(x, 0, 0, 0),
      b.concat([x], 0),
      b.broadcastTo(x, [2, 3]),
    ];
    for (const value of same) expect(value).toBe(x);
    expect(b.build().ops.length).toBe(1);
    expect(b.subtract(0, x)).not.toBe(x);
    expect(b.divide(1, x)).not.toBe(x);
  });

  it('makes broadcasting explicit', () => {
    const { b, x } = start();
    const sum = b.add(x, b.slot('bias', { shape: [3], dtype: 'f32' }));
    expect(sum.shape).toEqual([2, 3]);
    expect(b.build().ops.map((op) => op.op)).toEqual(['slot', 'slot', 'broadcast', 'binary']);
    expect(b.select(b.constant(1, [1, 3], 'i32'), x, 0).shape).toEqual([2, 3]);
  });

  it('numbers random streams in the order of calls', () => {
    const { b } = start();
    b.random('uniform', [2]);
    b.random('normal', [2]);
    expect(b.build().ops.map((op) => op.op === 'random' && op.attrs.stream)).toEqual([false, 0, 1]);
  });

  it('tags ops with the innermost layer node, also when building throws', () => {
    const { b, x } = start();
    b.within('outer', () => {
      b.unary('exp', x);
      b.within('inner', () => b.unary('sin', x));
      b.unary('cos', x);
    });
    expect(() => b.within('broken', () => b.reshape(x, [7]))).toThrow('reshape');
    b.unary('tanh', x);
    expect(b.build().ops.map((op) => op.node)).toEqual([undefined, 'outer', 'inner', 'outer', undefined]);
  });

  it('refuses values of another program', () => {
    const { b } = start();
    expect(() => b.opOf(start().x)).toThrow('value 0 is not of program "test"');
  });
});
