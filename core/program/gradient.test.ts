import { describe, expect, it } from 'vitest';
import { dropDeadOps } from '../plan/simplify.ts';
import { checkOp } from '../testing/checkOp.ts';
import { createBuilder, type Builder, type Value } from './builder.ts';
import { gradients } from './gradient.ts';

function slots(b: Builder, ...names: string[]): Value[] {
  return names.map((name) => b.slot(name, { shape: [3], dtype: 'f32' }));
}

describe('gradients', () => {
  it('sums over every use of a value', async () => {
    await checkOp({ inputs: { x: { shape: [4] } }, build: (b, { x }) => b.multiply(b.multiply(x, x), b.add(b.unary('exp', x), x)) });
  });

  it('goes through a two-layer network with a cross-entropy loss', async () => {
    await checkOp({
      inputs: { x: { shape: [4, 3] }, w: { shape: [5, 3] }, v: { shape: [2, 5] }, target: { shape: [4, 1], dtype: 'i32', range: [0, 2] } },
      build(b, { x, w, v, target }) {
        const hidden = b.unary('tanh', b.contract('bi,oi->bo', x, w));
        const logits = b.contract('bi,oi->bo', hidden, v);
        const shifted = b.subtract(logits, b.stopGradient(b.max(logits, [1], true)));
        const logSum = b.unary('log', b.sum(b.unary('exp', shifted), [1]));
        return b.mean(b.subtract(logSum, b.sum(b.multiply(shifted, b.binary('equal', b.iota([4, 2], 1), target)), [1])), [0]);
      },
    });
  });

  it('can be differentiated again', async () => {
    await checkOp({
      inputs: { x: { shape: [3, 2] }, w: { shape: [2] } },
      build(b, { x, w }) {
        const loss = b.sum(b.unary('tanh', b.contract('bi,i->b', b.unary('square', x), w)), [0]);
        return gradients(b, loss, [x])[0]!;
      },
    });
  });

  it('is 0 where the loss does not depend on a value, or only through ops without derivative', () => {
    const b = createBuilder({ name: 'test', batchSize: 0 });
    const [x, y, z] = slots(b, 'x', 'y', 'z') as [Value, Value, Value];
    const loss = b.sum(b.add(b.unary('exp', x), b.add(b.unary('sign', y), b.stopGradient(z))), [0]);
    const [, ...others] = gradients(b, loss, [x, y, z]);
    for (const gradient of others) {
      expect(gradient.shape).toEqual([3]);
      expect(b.opOf(gradient)).toMatchObject({ op: 'constant', attrs: { value: 0 } });
    }
  });

  it('gives gradients by values inside the program, too', async () => {
    const b = createBuilder({ name: 'test', batchSize: 0 });
    const [x] = slots(b, 'x') as [Value];
    const inner = b.unary('exp', x);
    const loss = b.sum(b.unary('square', inner), [0]);
    const [byInner, byX] = gradients(b, loss, [inner, x]) as [Value, Value];
    expect(b.opOf(byInner)).toMatchObject({ op: 'binary', attrs: { fn: 'multiply' } });
    expect(b.opOf(byX).inputs).toContain(byInner.id);
    expect(gradients(b, loss, [loss]).map((value) => b.opOf(value))).toMatchObject([{ op: 'constant', attrs: { value: 1 } }]);
  });

  it('adds no op for what is not asked', () => {
    const b = createBuilder({ name: 'test', batchSize: 0 });
    const [x, w] = [b.slot('x', { shape: [4, 3], dtype: 'f32' }), b.slot('w', { shape: [5, 3], dtype: 'f32' })];
    const loss = b.sum(b.contract('bi,oi->bo', x, w), [0, 1]);
    const before = b.ops.length;
    b.assign('gradient', gradients(b, loss, [w])[0]!);
    const added = b.ops.slice(before);
    expect(added.map((op) => op.op)).toEqual(['constant', 'constant', 'contract']);
    expect(dropDeadOps(b.build()).ops.filter((op) => op.op === 'contract').length).toBe(1);
  });

  it("tags the backward ops with the forward op's node", () => {
    const b = createBuilder({ name: 'test', batchSize: 0 });
    const [x] = slots(b, 'x') as [Value];
    const loss = b.sum(
      b.within('layer', () => b.unary('exp', x)),
      [0],
    );
    expect(b.opOf(gradients(b, loss, [x])[0]!).node).toBe('layer');
  });

  it('needs a scalar f32 loss and f32 values', () => {
    const b = createBuilder({ name: 'test', batchSize: 0 });
    const [x] = slots(b, 'x') as [Value];
    expect(() => gradients(b, x, [x])).toThrow('gradients: the loss must be a scalar, f32 (), got f32 (3)');
    expect(() => gradients(b, b.argmax(x, 0), [x])).toThrow('got i32 ()');
    expect(() => gradients(b, b.sum(x, [0]), [b.iota([2], 0)])).toThrow('gradients: i32 (2) has no gradient');
  });
});
