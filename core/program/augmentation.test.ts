import { describe, expect, it } from 'vitest';
import { mixingShare } from '../augmentation/mixUp.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { chain } from '../graph/starterNetwork.ts';
import { prepareData } from '../tasks/prepareData.ts';
import { openTestSession, trainSteps } from '../testing/sessions.ts';
import { tinyConfig, tinyDataSet, tinyNetwork } from '../testing/tinyTraining.ts';
import { parseRunConfig, setConfigPath } from '../train/runConfigSchema.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { createBuilder } from './builder.ts';
import { lowerSession } from './lowerSession.ts';

const lower = (change: Partial<RunConfig>) => {
  const config = tinyConfig('stripe', change);
  return lowerSession({ document: tinyNetwork(), config, data: prepareData(tinyDataSet(), config) }).programs;
};

describe('augmentation in a session', () => {
  it('leaves every program as it was where all is off', () => {
    const plain = lower({});
    expect(lower({ augmentation: {} })).toEqual(plain);
    expect(lower({ augmentation: { noise: 0, mixUp: 0 } })).toEqual(plain);
  });

  it('changes training alone', () => {
    const plain = lower({});
    const noisy = lower({ augmentation: { noise: 0.1 } });
    expect(noisy.train.ops.length).toBeGreaterThan(plain.train.ops.length);
    expect([noisy.evaluate, noisy.evaluateTail, noisy.predict]).toEqual([plain.evaluate, plain.evaluateTail, plain.predict]);
  });

  it('mixes inputs and losses with one share', async () => {
    const config = tinyConfig('height', {
      batchSize: 4,
      loss: { type: 'mse' },
      augmentation: { mixUp: 0.5 },
      controls: tinyConfig().controls,
    });
    const data = prepareData(tinyDataSet('height'), config);
    const network = chain('linear', [
      ['input', { role: 'features' }],
      ['dense', { units: 1 }],
      ['output', { role: 'height' }],
    ]);
    const engine = createReferenceEngine();
    const lowered = await openTestSession(engine, network, data, config);
    const [weight, bias] = await Promise.all(lowered.parameters.map(({ slot }) => engine.read(slot)));
    const rows = Int32Array.from(data.parts.train.slice(0, 4));
    const [loss] = await trainSteps(engine, lowered, [rows], 0);

    const b = createBuilder({ name: 'main', batchSize: 0 });
    b.assign('out', mixingShare(b, 0.5));
    await engine.load({
      programs: { main: b.build() },
      slots: [{ name: 'out', kind: 'carry', type: { shape: [1], dtype: 'f32' } }],
      seed: config.seed,
    });
    await engine.run('main', { steps: 1, firstStep: 0 });
    const share = (await engine.read('out'))[0]!;
    const feature = (i: number, k: number): number => data.inputs[0]!.values[rows[i]! * 2 + k]!;
    const target = (i: number): number => data.target.values[rows[i]!]!;
    const mix = (f: (i: number) => number, i: number): number => share * f(i) + (1 - share) * f(3 - i);
    const expected = [0, 1, 2, 3].map((i) => {
      const predicted = bias![0]! + [0, 1].reduce((sum, k) => sum + weight![k]! * mix((n) => feature(n, k), i), 0);
      return mix((n) => (predicted - target(n)) ** 2, i);
    });
    expect(loss).toBeCloseTo(expected.reduce((sum, value) => sum + value, 0) / 4, 5);
  });
});

describe('augmentation in a run config', () => {
  it('holds what is on, and nothing else', () => {
    const config = tinyConfig();
    const on = setConfigPath(config, 'augmentation.noise', '0.2');
    expect(on.augmentation).toEqual({ noise: 0.2 });
    expect(parseRunConfig(JSON.parse(JSON.stringify(on)))).toEqual(on);
    expect(setConfigPath(on, 'augmentation.noise', '0')).toEqual(config);
    expect(() => setConfigPath(config, 'augmentation.noise', '-1')).toThrow('Run config, augmentation.noise: expected');
    expect(() => setConfigPath(config, 'augmentation.nose', '1')).toThrow('There is no setting "augmentation.nose"');
    expect(() => parseRunConfig({ ...config, augmentation: { nose: 1 } })).toThrow('there is no setting "augmentation.nose"');
  });
});
