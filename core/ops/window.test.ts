import { describe, expect, it } from 'vitest';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import { simplify } from '../plan/simplify.ts';
import { checkOp } from '../testing/checkOp.ts';

const six = { shape: [6], values: [1, 2, 3, 4, 5, 6] };

/** Name, construction from x (6), result, its shape. */
const cases: readonly (readonly [string, (b: Builder, x: Value) => Value, readonly number[], readonly number[]])[] = [
  ['overlapping', (b, x) => b.window(x, 0, 3), [1, 2, 3, 2, 3, 4, 3, 4, 5, 4, 5, 6], [4, 3]],
  ['strided, the rest left out', (b, x) => b.window(x, 0, 3, { stride: 2 }), [1, 2, 3, 3, 4, 5], [2, 3]],
  ['dilated', (b, x) => b.window(x, 0, 2, { dilation: 3 }), [1, 4, 2, 5, 3, 6], [3, 2]],
  ['strided and dilated', (b, x) => b.window(x, 0, 2, { stride: 2, dilation: 2 }), [1, 3, 3, 5], [2, 2]],
  ['with gaps', (b, x) => b.window(x, 0, 2, { stride: 3 }), [1, 2, 4, 5], [2, 2]],
  ['side by side', (b, x) => b.window(x, 0, 3, { stride: 3 }), [1, 2, 3, 4, 5, 6], [2, 3]],
  ['the whole axis', (b, x) => b.window(x, 0, 6), [1, 2, 3, 4, 5, 6], [1, 6]],
  ['single taps', (b, x) => b.window(x, 0, 1, { stride: 2 }), [1, 3, 5], [3, 1]],
];

describe('window', () => {
  it.each(cases)('%s', async (_name, build, expected, shape) => {
    const results = await checkOp({ inputs: { x: six }, build: (b, { x }) => build(b, x), expected });
    expect(results.shape).toEqual(shape);
    await checkOp({ inputs: { x: { shape: [6] } }, build: (b, { x }) => b.unary('square', build(b, x)) });
  });

  it('works on inner axes and on two axes', async () => {
    const inputs = { x: { shape: [2, 5, 4] } };
    await checkOp({ inputs, build: (b, { x }) => b.unary('square', b.window(x, 1, 2, { stride: 2 })) });
    await checkOp({ inputs, build: (b, { x }) => b.unary('square', b.window(b.window(x, 1, 3), -1, 2, { dilation: 2 })) });
  });

  it('moves bytes', async () => {
    const x = { shape: [4], dtype: 'u8', values: [1, 2, 3, 255] } as const;
    await checkOp({ inputs: { x }, build: (b, v) => b.window(v.x, 0, 2), expected: [1, 2, 2, 3, 3, 255] });
  });

  it('refuses windows that do not fit', async () => {
    const build = (make: (b: Builder, x: Value) => Value) => checkOp({ inputs: { x: six }, build: (b, { x }) => make(b, x) });
    await expect(build((b, x) => b.window(x, 0, 7))).rejects.toThrow("window: 7 taps 1 apart don't fit axis 0; inputs f32 (6)");
    await expect(build((b, x) => b.window(x, 0, 3, { dilation: 3 }))).rejects.toThrow("window: 3 taps 3 apart don't fit axis 0");
    await expect(build((b, x) => b.window(x, 0, 2, { stride: 0 }))).rejects.toThrow('stride 0');
    await expect(build((b, x) => b.window(x, 1, 2))).rejects.toThrow('window: axis 1 is outside 0..0');
  });
});

describe('fold', () => {
  const windows = { shape: [3, 2], values: [1, 2, 3, 4, 5, 6] };
  const folds: readonly (readonly [string, (b: Builder, x: Value) => Value, readonly number[]])[] = [
    ['overlapping', (b, x) => b.fold(x, 0, 4), [1, 5, 9, 6]],
    ['strided', (b, x) => b.fold(x, 0, 7, { stride: 2 }), [1, 2, 3, 4, 5, 6, 0]],
    ['dilated', (b, x) => b.fold(x, 0, 6, { dilation: 3 }), [1, 3, 5, 2, 4, 6]],
    ['strided and dilated', (b, x) => b.fold(x, 0, 7, { stride: 2, dilation: 2 }), [1, 0, 5, 0, 9, 0, 6]],
  ];
  it.each(folds)('%s', async (_name, build, expected) => {
    await checkOp({ inputs: { x: windows }, build: (b, { x }) => build(b, x), expected });
    await checkOp({ inputs: { x: { shape: [3, 2] } }, build: (b, { x }) => b.unary('square', build(b, x)) });
  });

  it('works on inner axes', async () => {
    await checkOp({ inputs: { x: { shape: [2, 3, 2, 4] } }, build: (b, { x }) => b.unary('square', b.fold(x, 1, 7, { stride: 2 })) });
  });

  it('refuses another number of windows', async () => {
    const check = checkOp({ inputs: { x: windows }, build: (b, { x }) => b.fold(x, 0, 6) });
    await expect(check).rejects.toThrow('fold: 6 elements have 5 windows; inputs f32 (3, 2)');
  });
});

describe('convolution', () => {
  const inputs = { x: { shape: [2, 3, 5, 4] }, w: { shape: [2, 3, 3, 2] } };
  const convolve = (b: Builder, x: Value, w: Value, padding = 0, stride = 1, dilation = 1): Value => {
    const padded = b.pad(b.pad(x, 2, padding, padding), 3, padding, padding);
    const windows = b.window(b.window(padded, 2, w.shape[2]!, { stride, dilation }), 4, w.shape[3]!, { stride, dilation });
    return b.contract('bchiwj,ocij->bohw', windows, w);
  };

  it.each([
    [0, 1, 1],
    [1, 1, 1],
    [2, 1, 2],
    [3, 1, 1],
    [1, 2, 1],
    [2, 2, 2],
  ])('has the right gradients: padding %d, stride %d, dilation %d', async (padding, stride, dilation) => {
    await checkOp({ inputs, build: (b, { x, w }) => b.unary('square', convolve(b, x, w, padding, stride, dilation)) });
  });

  it('with weights first', async () => {
    const build = (b: Builder, { x, w }: { x: Value; w: Value }) => {
      const windows = b.window(b.window(b.pad(x, 3, 1, 1), 2, 3), 4, 2);
      return b.unary('square', b.contract('ocij,bchiwj->bohw', w, windows));
    };
    await checkOp({ inputs, build });
  });

  it('with stride 1 goes back as a convolution of only what is needed', () => {
    const b = createBuilder({ name: 'convolution', batchSize: 0 });
    const x = b.slot('x', { shape: [2, 3, 5, 5], dtype: 'f32' });
    const y = convolve(b, x, b.slot('w', { shape: [4, 3, 3, 3], dtype: 'f32' }), 1);
    const [gradient] = gradients(b, b.sum(b.unary('square', y), [0, 1, 2, 3]), [x]);
    b.assign('x', gradient!);
    const { ops, values } = simplify(b.build());
    const used = ops.map(({ op }) => op);
    expect(used).not.toContain('fold');
    expect(used).not.toContain('slice');
    const last = ops.findLast(({ op }) => op === 'contract')!;
    expect(last.attrs).toEqual({ left: 'bohiwj', right: 'ocij', out: 'bchw' });
    expect(values[last.inputs[0]!]!.shape).toEqual([2, 4, 5, 3, 5, 3]);
  });

  it('with a stride over overlapping windows goes back as one convolution with every phase as a result', () => {
    const b = createBuilder({ name: 'convolution', batchSize: 0 });
    const x = b.slot('x', { shape: [2, 3, 6, 7], dtype: 'f32' });
    const y = convolve(b, x, b.slot('w', { shape: [4, 3, 3, 3], dtype: 'f32' }), 1, 2);
    const [gradient] = gradients(b, b.sum(b.unary('square', y), [0, 1, 2, 3]), [x]);
    b.assign('x', gradient!);
    const { ops, values } = simplify(b.build());
    expect(ops.map(({ op }) => op)).not.toContain('fold');
    const last = ops.findLast(({ op }) => op === 'contract')!;
    expect(last.attrs).toEqual({ left: 'bohiwj', right: 'ociqjp', out: 'bcpqhw' });
    // Of 8 and 9 padded places 4 and 5 cells; 2 taps in each of 2 phases.
    expect(values[last.output]!.shape).toEqual([2, 3, 2, 2, 4, 5]);
  });
});
