import { expect, it } from 'vitest';
import { createBuilder } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { TensorType } from '../program/program.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { checkOp, enginesUnderTest, runProgram } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { engineTolerances, torchTolerance } from '../testing/tolerances.ts';
import { readFixture } from '../testing/torchFixture.ts';
import type { LossName } from '../train/runConfig.ts';
import { losses, lossesFor } from './index.ts';

interface LossFixture {
  loss: LossName;
  shape: [number, number];
  prediction: number[];
  target: number[];
  value: number;
  gradient: number[];
}

const { cases } = readFixture<{ cases: Record<string, LossFixture> }>('../losses/fixtures/torch.json');

it.each(Object.entries(cases))('%s equals PyTorch', async (name, { loss, shape, prediction, target, value, gradient }) => {
  const classes = losses[loss].tasks.includes('classification');
  const b = createBuilder({ name: 'loss', batchSize: 0 });
  const targetType: TensorType = classes ? { shape: [shape[0]], dtype: 'i32' } : { shape, dtype: 'f32' };
  const types = {
    prediction: { shape, dtype: 'f32' },
    target: targetType,
    value: { shape: [], dtype: 'f32' },
    gradient: { shape, dtype: 'f32' },
  } as const;
  const slots = Object.entries(types).map(([slot, type]) => ({ name: slot, kind: 'carry' as const, type }));
  const x = b.slot('prediction', types.prediction);
  const mean = b.mean(losses[loss].perSample(b, x, b.slot('target', types.target)), [0]);
  b.assign('value', mean);
  b.assign('gradient', gradients(b, mean, [x])[0] ?? x);
  const program = b.build();
  const run = async (engine: ReturnType<typeof createReferenceEngine>, absolute: number, relative: number): Promise<void> => {
    const data = new Map([
      ['prediction', Float64Array.from(prediction)],
      ['target', classes ? Int32Array.from(target) : Float64Array.from(target)],
    ]);
    const results = await runProgram({ engine, program, slots, data });
    expectClose(results.get('value') ?? [], [value], { absolute, relative }, { what: `${name}: value` });
    expectClose(results.get('gradient') ?? [], gradient, { absolute, relative }, { what: `${name}: gradient` });
  };
  await run(createReferenceEngine({ precision: 'f64' }), torchTolerance.absolute, torchTolerance.relative);
  for (const create of enginesUnderTest) {
    const engine = create();
    const { absolute, relative } = engineTolerances[engine.info.kind];
    await run(engine, absolute, relative);
  }
});

it.each(['mse', 'mae', 'huber'] as const)('%s has the gradient of its value', async (loss) => {
  await checkOp({
    inputs: { prediction: { shape: [4, 1], range: [1, 1.8] }, target: { shape: [4, 1], range: [-2.9, 0.7] } },
    build: (b, { prediction, target }) => losses[loss].perSample(b, prediction, target),
  });
});

it('cross-entropy has the gradient of its value and costs ln k for a guess', async () => {
  await checkOp({
    inputs: { prediction: { shape: [4, 3] }, target: { shape: [4], dtype: 'i32', values: [2, 0, 1, 2] } },
    build: (b, { prediction, target }) => losses.crossEntropy.perSample(b, prediction, target),
  });
  await checkOp({
    inputs: { prediction: { shape: [1, 3], values: [7, 7, 7] }, target: { shape: [1], dtype: 'i32', values: [1] } },
    build: (b, { prediction, target }) => losses.crossEntropy.perSample(b, prediction, target),
    expected: [Math.log(3)],
  });
});

it('offers each task its losses', () => {
  expect(lossesFor('classification')).toEqual(['crossEntropy']);
  expect(lossesFor('regression')).toEqual(['mse', 'mae', 'huber']);
});
