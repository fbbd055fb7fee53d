import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createBuilder } from '../program/builder.ts';
import type { SlotSpec } from '../program/program.ts';
import { enginesUnderTest } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { optimizerPathTolerances, pathTolerance } from '../testing/tolerances.ts';
import { readFixture, wave } from '../testing/torchFixture.ts';
import type { OptimizerConfig } from '../train/runConfig.ts';
import { defaultOptimizer, optimizerNames, optimizerOf, optimizers } from './index.ts';

const { runs } = readFixture<{ runs: Record<string, { config: OptimizerConfig; path: number[][] }> }>('../optimizers/fixtures/torch.json');
const size = 6;

describe.each(Object.entries(runs))('%s', (_name, { config: given, path }) => {
  const config: OptimizerConfig = { ...defaultOptimizer(given.type), ...given };
  const optimizer = optimizerOf(config);
  const states = optimizer.stateNames(config);
  const type = { shape: [2, 3], dtype: 'f32' } as const;

  it.each([
    ['float64', () => createReferenceEngine({ precision: 'f64' })] as const,
    ...enginesUnderTest.map((create) => [create().info.label, create] as const),
  ])("takes PyTorch's twenty steps in %s", async (label, create) => {
    const engine = create();
    const b = createBuilder({ name: 'step', batchSize: 0 });
    const parameter = b.slot('parameter', type);
    const { parameter: moved, states: newStates } = optimizer.update({
      b,
      config,
      parameter,
      gradient: b.slot('gradient', type),
      states: states.map((state) => b.slot(state, type)),
      scalar: (name) => b.scalar(name),
    });
    b.assign('parameter', moved);
    newStates.forEach((value, i) => b.assign(states[i] ?? '', value));
    const slots = ['parameter', 'gradient', ...states].map((name): SlotSpec => ({ name, kind: 'parameter', type }));
    const program = b.build();
    await engine.load({ programs: { step: program }, slots, seed: 1 });
    await engine.write('parameter', wave(size, 0));
    for (const [t, expected] of path.entries()) {
      const now = await engine.read('parameter');
      const offsets = wave(size, t + 1);
      await engine.write(
        'gradient',
        Float64Array.from(now, (value, i) => value * ((t % 3) - 0.5) + (offsets[i] ?? 0)),
      );
      const scalars = optimizer.scalars(config, t, config.learningRate);
      await engine.run('step', { steps: 1, firstStep: t, scalars: Float32Array.from(program.scalarNames, (name) => scalars[name] ?? NaN) });
      // Scalars are f32 on every engine, so float64 agrees to f32's rounding of the learning rate only.
      expectClose(
        await engine.read('parameter'),
        expected,
        optimizerPathTolerances[label === 'float64' ? 'f64' : pathTolerance(engine.info.kind)],
        { what: `step ${t + 1}` },
      );
    }
    await engine.dispose();
  });
});

it("defaults are PyTorch's, with momentum", () => {
  expect(defaultOptimizer('adam')).toEqual({
    type: 'adam',
    learningRate: 0.001,
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weightDecay: 0,
    amsgrad: false,
  });
  expect(defaultOptimizer('adamw')).toMatchObject({ type: 'adamw', learningRate: 0.001, weightDecay: 0.01 });
  expect(defaultOptimizer('sgd')).toEqual({
    type: 'sgd',
    learningRate: 0.01,
    momentum: 0.9,
    nesterov: false,
    dampening: 0,
    weightDecay: 0,
  });
  expect(new Set(Object.values(runs).map(({ config }) => config.type))).toEqual(new Set(optimizerNames));
  for (const optimizer of Object.values(optimizers)) expect(optimizer.source).toMatch(/\d{4}/);
});

it('plain SGD keeps no state', () => {
  expect(optimizers.sgd.stateNames({ ...defaultOptimizer('sgd'), momentum: 0 })).toEqual([]);
});
