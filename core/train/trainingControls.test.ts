/** Whole small trainings with each control: what it does to the weights, and that a resumed run is the same to the bit. */
import { describe, expect, it } from 'vitest';
import { prepareData } from '../tasks/prepareData.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createWasmEngine } from '../engines/wasm/wasmEngine.ts';
import type { Engine } from '../engines/engine.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { defaultSchedule } from '../schedules/index.ts';
import { expectClose } from '../testing/compare.ts';
import { tinyConfig, tinyDataSet, tinyNetwork } from '../testing/tinyTraining.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import { defaultControls } from './defaults.ts';
import type { ControlsConfig } from './controlSpecs.ts';
import type { Checkpoint, TrainingCommand, TrainingEvent } from './records.ts';
import type { RunConfig } from './runConfig.ts';
import { train } from './trainer.ts';

const controls = (change: Partial<ControlsConfig>): Pick<RunConfig, 'controls'> => ({
  controls: { ...defaultControls.controls, ...change },
});

interface Setup {
  readonly change?: Partial<RunConfig>;
  readonly target?: 'stripe' | 'height';
  readonly dropout?: number;
  readonly checkpoint?: Checkpoint;
  readonly engine?: Engine;
  readonly onEvent?: (event: TrainingEvent, command: (command: TrainingCommand) => void) => void;
}

async function run({ change = {}, target = 'stripe', dropout = 0.1, checkpoint, engine = createReferenceEngine(), onEvent }: Setup) {
  const config = tinyConfig(target, change);
  const data = prepareData(tinyDataSet(target), config);
  const queue: TrainingCommand[] = [];
  const events: TrainingEvent[] = [];
  const platform = { now: () => performance.now(), poll: async () => undefined, wait: async () => undefined };
  const job = { config, document: tinyNetwork(target, dropout), data, engine, platform, commands: { next: () => queue.shift() } };
  for await (const event of train({ ...job, ...(checkpoint === undefined ? {} : { checkpoint }) })) {
    events.push(event);
    onEvent?.(event, (command) => queue.push(command));
  }
  await engine.dispose();
  const of = <T extends TrainingEvent['type']>(type: T) =>
    events.filter((event): event is Extract<TrainingEvent, { type: T }> => event.type === type);
  return { of, end: of('checkpoint').at(-1)!.checkpoint, finished: of('finished')[0]! };
}

const sgd = { ...defaultOptimizer('sgd'), learningRate: 0.1, momentum: 0 };
const plain = { rtol: { relative: 1e-5, absolute: 1e-6 } };

function expectSameWeights(got: Checkpoint, expected: Checkpoint, tolerance = plain.rtol): void {
  for (const [name, values] of Object.entries(expected.slots)) {
    if (name.startsWith('n') && name.split('/').length === 2) expectClose(got.slots[name]!, values, tolerance, { what: name });
  }
}

describe('gradient accumulation', () => {
  it('three batches of 10 make the step of one of 30, also where the last is short', async () => {
    const large = await run({ dropout: 0, change: { batchSize: 30, optimizer: sgd } });
    const summed = await run({ dropout: 0, change: { batchSize: 10, optimizer: sgd, ...controls({ accumulation: 3 }) } });
    expect(summed.end.step).toBe(large.end.step);
    expectSameWeights(summed.end, large.end);
    const [losses, wanted] = [summed, large].map(({ of }) => of('record').map(({ metrics }) => metrics['train/loss'] ?? NaN));
    expectClose(losses!, wanted!.map(Number), { relative: 1e-5, absolute: 1e-6 }, { what: 'losses' });
  });

  it('weights of classes count over the whole step', async () => {
    const loss = { type: 'crossEntropy', classWeights: 'balanced', labelSmoothing: 0, ignoreIndex: -100 } as const;
    const large = await run({ dropout: 0, change: { batchSize: 30, optimizer: sgd, loss } });
    const summed = await run({ dropout: 0, change: { batchSize: 10, optimizer: sgd, loss, ...controls({ accumulation: 3 }) } });
    expectSameWeights(summed.end, large.end);
  });

  it('a step may be larger than the training part', async () => {
    const { of } = await run({ change: controls({ accumulation: 100 }) });
    expect(of('started')[0]).toMatchObject({ stepsPerEpoch: 1, totalSteps: 4 });
  });
});

describe('clipping', () => {
  it('a norm that is never reached changes nothing, a tiny one bounds the step', async () => {
    const free = await run({ change: { optimizer: sgd, epochs: 1 } });
    const loose = await run({ change: { optimizer: sgd, epochs: 1, ...controls({ clipNorm: 1e6, clipValue: 1e6 }) } });
    expectSameWeights(loose.end, free.end);
    const start = await run({ change: { optimizer: { ...sgd, learningRate: 1e-30 }, epochs: 1 } });
    const distance = (end: Checkpoint): number =>
      Math.sqrt(
        Object.entries(start.end.slots).reduce(
          (sum, [name, values]) => sum + Array.from(values).reduce((own, value, i) => own + (value - end.slots[name]![i]!) ** 2, 0),
          0,
        ),
      );
    const tight = await run({ change: { optimizer: sgd, epochs: 1, ...controls({ clipNorm: 1e-3 }) } });
    // Seven steps of at most 0.1 · 0.001.
    expect(distance(tight.end)).toBeLessThan(7 * 1e-4 * 1.01);
    expect(distance(free.end)).toBeGreaterThan(0.01);
    const single = await run({ change: { optimizer: sgd, epochs: 1, ...controls({ clipValue: 1e-4 }) } });
    for (const [name, values] of Object.entries(start.end.slots))
      Array.from(values).forEach((value, i) => expect(Math.abs(value - single.end.slots[name]![i]!)).toBeLessThan(7 * 1e-5 * 1.01));
  });
});

describe('learning rates by layer', () => {
  it('0 leaves a layer as it starts; a factor is a smaller rate', async () => {
    const start = await run({ change: { optimizer: { ...sgd, learningRate: 1e-30 }, epochs: 1 } });
    const { end } = await run({ change: { optimizer: sgd, epochs: 1, layerRates: { dense_1: 0 } } });
    expect(end.slots['n1/weight']).toEqual(start.end.slots['n1/weight']);
    expect(end.slots['n3/weight']).not.toEqual(start.end.slots['n3/weight']);
    const slow = await run({ change: { optimizer: sgd, epochs: 1, layerRates: { n1: 0.5, n3: 0.5 } } });
    const half = await run({ change: { optimizer: { ...sgd, learningRate: 0.05 }, epochs: 1 } });
    expectSameWeights(slow.end, half.end);
  });

  it('names a layer that is not there', async () => {
    await expect(run({ change: { layerRates: { nobody: 0.1 } } })).rejects.toThrow('name a layer "nobody" that the network does not have');
  });
});

describe('weight average', () => {
  it('follows the weights, and is what validation uses', async () => {
    const { end, finished } = await run({ change: { ...controls({ averageDecay: 0.9 }) } });
    const unaveraged = await run({});
    expectSameWeights(end, unaveraged.end, { relative: 0, absolute: 0 });
    expect(end.slots['n1/weight/average']).not.toEqual(end.slots['n1/weight']);
    expect(finished.validation?.loss).not.toBe(unaveraged.finished.validation?.loss);
  });
});

describe('schedules', () => {
  it('the rate of every step is recorded, and a rate that is set is the one in force', async () => {
    const change = { schedule: { ...defaultSchedule('cosine'), warmUp: 1 } };
    const { of } = await run({
      change,
      onEvent: (event, command) => {
        if (event.type === 'record' && event.step === 14 && event.metrics['validation/loss'] !== undefined)
          command({ type: 'setLearningRate', learningRate: 0.004 });
      },
    });
    const rates = of('record').flatMap(({ step, metrics }) =>
      metrics['train/learningRate'] === undefined ? [] : [[step, metrics['train/learningRate']]],
    );
    expect(rates).toHaveLength(28);
    expect(rates[0]![1]).toBeCloseTo(0.002, 12);
    expect(rates[7]![1]).toBeCloseTo(0.02, 12);
    expect(rates[14]![1]).toBeCloseTo(0.004, 12);
    expect(rates[20]![1]).toBeLessThan(0.004);
  });

  it('a plateau lowers the rate when the validation stands still', async () => {
    const schedule = { ...defaultSchedule('plateau'), gamma: 0.5, patience: 0, threshold: 1 };
    const { of, end } = await run({ change: { schedule } });
    const rates = of('record').flatMap(({ metrics }) => metrics['train/learningRate'] ?? []);
    // By a threshold of the whole no loss is ever lower: every epoch after the first is a bad one.
    expect(rates).toEqual([0.02, 0.01, 0.005]);
    expect(end.plateau).toMatchObject({ factor: 0.125 });
  });
});

describe('early stopping', () => {
  it('ends after so many epochs without improvement, with the best weights', async () => {
    const change = { epochs: 30, ...controls({ earlyStopping: 'loss', patience: 2, minimumDelta: 1e6 }) };
    const { of, end, finished } = await run({ change });
    expect(finished).toMatchObject({ reason: 'completed', epoch: 3 });
    const first = await run({ change: { epochs: 1 } });
    expectSameWeights(end, first.end, { relative: 0, absolute: 0 });
    expect(finished.validation).toEqual(first.finished.validation);
    expect(of('notice').map(({ problem }) => problem.message)).toEqual([
      'Training ended early after epoch 3: no improvement since epoch 1. The weights of epoch 1 are kept.',
    ]);
  });

  it('keeps the last weights where that is wanted', async () => {
    const change = { epochs: 30, ...controls({ earlyStopping: 'score', patience: 2, minimumDelta: 1e6, restoreBest: false }) };
    const { end } = await run({ change });
    const three = await run({ change: { epochs: 3 } });
    expectSameWeights(end, three.end, { relative: 0, absolute: 0 });
  });
});

describe('resuming is exact to the bit', () => {
  const cases: Record<string, Partial<RunConfig>> = {
    accumulation: controls({ accumulation: 2, clipNorm: 0.5 }),
    'an average and a cosine': { schedule: { ...defaultSchedule('cosine'), warmUp: 0.5 }, ...controls({ averageDecay: 0.99 }) },
    'a plateau': { schedule: { ...defaultSchedule('plateau'), gamma: 0.5, patience: 0, threshold: 0.5 } },
    'a plateau of the training loss': {
      schedule: { ...defaultSchedule('plateau'), gamma: 0.5, patience: 0, threshold: 0.5 },
      split: { train: 0.9, validation: 0, test: 0.1, seed: 3, stratify: false },
    },
    'early stopping': controls({ earlyStopping: 'loss', patience: 1, minimumDelta: 0.3 }),
    'weighted sampling': controls({ sampling: 'weighted' }),
    oversampling: controls({ sampling: 'oversample' }),
    'undersampling with nadam': {
      ...controls({ sampling: 'undersample' }),
      optimizer: { ...defaultOptimizer('nadam'), learningRate: 0.02 },
    },
    'learning rates by layer': { layerRates: { n1: 0.1 }, optimizer: { ...defaultOptimizer('radam'), learningRate: 0.02 } },
  };
  const engines = { reference: () => createReferenceEngine(), wasm: () => createWasmEngine() };

  // What the steps compute differs by engine; how they are counted does not: two cases on the second are enough.
  const onBoth = ['accumulation', 'an average and a cosine'];
  it.each([...Object.keys(cases).map((name) => [name, 'reference'] as const), ...onBoth.map((name) => [name, 'wasm'] as const)])(
    'with %s on %s',
    async (name, kind) => {
      const change = cases[name]!;
      const whole = await run({ change, engine: engines[kind]() });
      const { stepsPerEpoch } = whole.of('started')[0]!;
      for (const stopAt of [stepsPerEpoch, stepsPerEpoch + 2]) {
        // A run that goes step by step can be left at any of them.
        const first = await run({
          change,
          engine: engines[kind](),
          onEvent: (event, command) => {
            if (event.type === 'started') for (let i = 0; i < stopAt; i++) command({ type: 'step' });
            if (event.type === 'record' && event.step === stopAt && event.metrics['train/loss'] !== undefined) command({ type: 'stop' });
          },
        });
        expect(first.end.step).toBe(stopAt);
        const checkpoint = decodeCheckpoint(encodeCheckpoint(first.end));
        const second = await run({ change, engine: engines[kind](), checkpoint });
        expect(second.end.slots).toEqual(whole.end.slots);
        expect(second.finished.validation).toEqual(whole.finished.validation);
        const later = (events: typeof whole) =>
          events
            .of('record')
            .filter(({ step }) => step > stopAt)
            .map(({ step, metrics }) => ({ step, metrics }));
        expect(later(second)).toEqual(later(whole));
      }
    },
  );
});
