import { expect, it } from 'vitest';
import type { Engine } from '../engines/engine.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { checkOp } from './checkOp.ts';

it('catches a wrong gradient', async () => {
  const wrong = checkOp({ inputs: { x: { shape: [2, 2] } }, build: (b, { x }) => b.add(b.unary('square', x), b.stopGradient(x)) });
  await expect(wrong).rejects.toThrow(/gradient by x: 4 of 4 elements differ; worst at index \[\d, \d\]/);
});

it('catches a wrong result', async () => {
  const wrong = checkOp({ inputs: { x: { shape: [2], values: [1, 2] } }, build: (b, { x }) => b.add(x, 1), expected: [2, 4] });
  await expect(wrong).rejects.toThrow('output: 1 of 2 elements differ; worst at index [1]: got 3, expected 4');
});

it('catches an engine that differs from the reference', async () => {
  const inner = createReferenceEngine();
  const off: Engine = {
    ...inner,
    async read(slot, offset, length) {
      return (await inner.read(slot, offset, length)).map((x: number) => x * 1.001) as Float32Array;
    },
  };
  const wrong = checkOp({ inputs: { x: { shape: [2] } }, build: (b, { x }) => b.add(x, 10), engines: [() => off] });
  await expect(wrong).rejects.toThrow('reference, 1 thread: output');
});
