import { describe, expect, it } from 'vitest';
import { prepareData } from '../tasks/prepareData.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createWasmEngine } from '../engines/wasm/wasmEngine.ts';
import type { Engine, RunRequest } from '../engines/engine.ts';
import type { Platform } from '../engines/platform.ts';
import { defaultOptimizer } from '../optimizers/index.ts';
import { ProblemError } from '../problem.ts';
import type { Problem } from '../problem.ts';
import { tinyConfig, tinyDataSet, tinyNetwork } from '../testing/tinyTraining.ts';
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts';
import type { Checkpoint, TrainingCommand, TrainingEvent, TrainingRecord } from './records.ts';
import type { RunConfig } from './runConfig.ts';
import { scorePart } from './score.ts';
import { train } from './trainer.ts';

type Target = 'stripe' | 'height';

interface Setup {
  target?: Target;
  change?: Partial<RunConfig>;
  checkpoint?: Checkpoint;
  engine?: Engine;
  platform?: Platform;
  /** Commands given as soon as the event arrives. */
  onEvent?: (event: TrainingEvent, command: (command: TrainingCommand) => void) => void;
}

const realPlatform: Platform = {
  now: () => performance.now(),
  poll: async () => undefined,
  wait: async (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

async function run(setup: Setup = {}): Promise<{ events: TrainingEvent[]; problem?: Problem }> {
  const { target = 'stripe', change, checkpoint, engine = createReferenceEngine(), platform = realPlatform, onEvent } = setup;
  const config = tinyConfig(target, change);
  const queue: TrainingCommand[] = [];
  const events: TrainingEvent[] = [];
  const data = prepareData(tinyDataSet(target), config);
  try {
    for await (const event of train({
      config,
      document: tinyNetwork(target),
      data,
      engine,
      platform,
      commands: { next: () => queue.shift() },
      ...(checkpoint === undefined ? {} : { checkpoint }),
    })) {
      events.push(event);
      onEvent?.(event, (command) => queue.push(command));
    }
  } catch (error) {
    if (error instanceof ProblemError) return { events, problem: error.problem };
    throw error;
  } finally {
    await engine.dispose();
  }
  return { events };
}

function ofType<T extends TrainingEvent['type']>(events: readonly TrainingEvent[], type: T): Extract<TrainingEvent, { type: T }>[] {
  return events.filter((event): event is Extract<TrainingEvent, { type: T }> => event.type === type);
}

/** Records without the clock's part. */
function timeless(records: readonly TrainingRecord[]) {
  return records.map(({ step, epoch, metrics }) => ({ step, epoch, metrics }));
}

/** A platform whose engine steps take a known time. */
function timed(stepMs: number, inner: Engine = createReferenceEngine()): { engine: Engine; platform: Platform; chunks: number[] } {
  let now = 0;
  const chunks: number[] = [];
  const engine: Engine = {
    ...inner,
    info: inner.info,
    load: (session) => inner.load(session),
    write: (slot, data, offset) => inner.write(slot, data, offset),
    read: (slot, offset, length) => inner.read(slot, offset, length),
    dispose: () => inner.dispose(),
    async run(program: string, request: RunRequest) {
      if (program === 'train') chunks.push(request.steps);
      now += stepMs * request.steps;
      await inner.run(program, request);
    },
  };
  return {
    engine,
    chunks,
    platform: {
      now: () => now,
      poll: async () => undefined,
      wait: async (milliseconds) => {
        now += milliseconds;
        if (now > 1e7) throw new Error('paused for ever');
      },
    },
  };
}

describe('training', () => {
  it('learns, with one record per step and one evaluation and checkpoint per epoch', async () => {
    const { events } = await run({ change: { epochs: 30 } });
    const [started] = ofType(events, 'started');
    expect(started).toMatchObject({
      stepsPerEpoch: 7,
      totalSteps: 210,
      parameterCount: 2 * 8 + 8 + 8 * 3 + 3,
      samples: { train: 63, validation: 18, test: 9 },
    });
    const records = ofType(events, 'record');
    expect(records.filter((r) => r.metrics['train/loss'] !== undefined).map((r) => r.step)).toEqual(
      Array.from({ length: 210 }, (_, i) => i + 1),
    );
    expect(records.filter((r) => r.metrics['validation/loss'] !== undefined).map((r) => r.epoch)).toEqual(
      Array.from({ length: 30 }, (_, i) => i + 1),
    );
    expect(ofType(events, 'checkpoint').map((c) => c.checkpoint.step)).toEqual(Array.from({ length: 30 }, (_, i) => (i + 1) * 7));
    const [finished] = ofType(events, 'finished');
    expect(events.at(-1)).toBe(finished);
    expect(finished).toMatchObject({ reason: 'completed', step: 210, epoch: 30 });
    expect(finished!.train.accuracy).toBeGreaterThan(0.9);
    expect(finished!.validation!.accuracy).toBeGreaterThan(0.8);
    expect(finished!.train.loss).toBeLessThan(records[0]!.metrics['train/loss']! / 2);
  });

  it('reports a number target in its own units', async () => {
    const { events } = await run({ target: 'height', change: { epochs: 40 } });
    const [finished] = ofType(events, 'finished');
    const { train: score } = finished!;
    // Heights spread by about 8 m; on the training scale the error would be below 1 from the start.
    expect(ofType(events, 'record')[0]!.metrics['train/rmse']).toBeGreaterThan(3);
    expect(score.rmse).toBeLessThan(3);
    expect(score.mae).toBeLessThan(score.rmse!);
    expect(score.r2).toBeGreaterThan(0.85);
    expect(score.accuracy).toBeUndefined();
  });

  it('gives the same records for the same seed, others for another', async () => {
    const [a, b, c] = [await run(), await run(), await run({ change: { seed: 12 } })];
    expect(timeless(ofType(a.events, 'record'))).toEqual(timeless(ofType(b.events, 'record')));
    expect(timeless(ofType(a.events, 'record'))).not.toEqual(timeless(ofType(c.events, 'record')));
  });

  it('gives the same records at any pace', async () => {
    const slow = timed(60);
    const fast = timed(0.01);
    const slowRecords = timeless(ofType((await run(slow)).events, 'record'));
    expect(timeless(ofType((await run(fast)).events, 'record'))).toEqual(slowRecords);
    expect(Math.max(...slow.chunks)).toBe(1);
    expect(Math.max(...fast.chunks)).toBe(6);
  });

  it('runs in chunks of at most 50 ms', async () => {
    const { engine, platform, chunks } = timed(9);
    await run({ engine, platform, change: { batchSize: 1, epochs: 1 } });
    expect(Math.max(...chunks) * 9).toBeLessThanOrEqual(50);
    expect(Math.max(...chunks)).toBeGreaterThan(1);
  });

  it.each([
    ['adam', 'reference', createReferenceEngine],
    ['sgd', 'reference', createReferenceEngine],
    ['adam', 'wasm', createWasmEngine],
    ['sgd', 'wasm', createWasmEngine],
  ] as const)('resumes bit for bit with %s on %s, at the end of an epoch and within one', async (type, _name, create) => {
    const change: Partial<RunConfig> =
      type === 'adam' ? {} : { optimizer: { ...defaultOptimizer('sgd'), learningRate: 0.05, weightDecay: 1e-3 } };
    const whole = await run({ change, engine: create() });
    const wholeEnd = ofType(whole.events, 'checkpoint').at(-1)!.checkpoint;
    for (const stopAt of [7, 14, 17]) {
      const first = await run({
        change,
        ...timed(60, create()),
        onEvent: (event, command) => event.type === 'record' && event.step === stopAt && command({ type: 'stop' }),
      });
      const stopped = ofType(first.events, 'checkpoint').at(-1)!.checkpoint;
      expect(stopped.step).toBe(stopAt);
      expect(ofType(first.events, 'finished')[0]!.reason).toBe('stopped');

      const rest = await run({ change, engine: create(), checkpoint: decodeCheckpoint(encodeCheckpoint(stopped)) });
      expect(ofType(rest.events, 'checkpoint').at(-1)!.checkpoint.slots).toEqual(wholeEnd.slots);
      const records = [...timeless(ofType(first.events, 'record')), ...timeless(ofType(rest.events, 'record'))];
      expect(records).toEqual(timeless(ofType(whole.events, 'record')));
      const [end, wholeFinish] = [ofType(rest.events, 'finished')[0]!, ofType(whole.events, 'finished')[0]!];
      expect([end.train, end.validation]).toEqual([wholeFinish.train, wholeFinish.validation]);
      expect(ofType(rest.events, 'record')[0]!.elapsedMs).toBeGreaterThan(stopped.elapsedMs);
    }
  });

  it('finishes a run that was interrupted after its last step', async () => {
    const whole = await run();
    const last = ofType(whole.events, 'checkpoint').at(-1)!.checkpoint;
    const rest = await run({ checkpoint: last });
    expect(ofType(rest.events, 'record')).toEqual([]);
    expect(ofType(rest.events, 'finished')[0]!.train).toEqual(ofType(whole.events, 'finished')[0]!.train);
  });

  it('says so when it goes on with other numerics', async () => {
    const { events } = await run();
    const other = { ...ofType(events, 'checkpoint')[0]!.checkpoint, numerics: 'another engine' };
    const rest = await run({ checkpoint: other });
    expect(ofType(rest.events, 'notice').map((n) => n.problem.code)).toContain('training.otherNumerics');
  });

  it('takes all rows as one batch where the batch size is larger', async () => {
    const { events } = await run({ change: { batchSize: 1000 } });
    expect(ofType(events, 'started')[0]).toMatchObject({ stepsPerEpoch: 1, totalSteps: 4 });
    expect(ofType(events, 'finished')).toHaveLength(1);
  });

  it('refuses the checkpoint of another network', async () => {
    const { events } = await run();
    const { checkpoint } = ofType(events, 'checkpoint')[0]!;
    const [name] = Object.keys(checkpoint.slots);
    const { problem } = await run({ checkpoint: { ...checkpoint, slots: { ...checkpoint.slots, [name!]: new Float32Array(1) } } });
    expect(problem?.code).toBe('checkpoint.otherNetwork');
  });
});

describe('commands', () => {
  it('pauses, steps singly, continues; the pause does not count as training time', async () => {
    const clock = timed(60);
    let waits = 0;
    const platform: Platform = { ...clock.platform, wait: async (milliseconds) => (waits++, clock.platform.wait(milliseconds)) };
    const queue: TrainingCommand[] = [];
    const config = tinyConfig();
    const data = prepareData(tinyDataSet(), config);
    const events: TrainingEvent[] = [];
    const commands = {
      next: (): TrainingCommand | undefined => {
        // While paused at step 3: one single step after ten looks, on after twenty.
        if (waits === 10) return (waits++, { type: 'step' });
        if (waits === 20) return (waits++, { type: 'continue' });
        return queue.shift();
      },
    };
    for await (const event of train({ config, document: tinyNetwork(), data, engine: clock.engine, platform, commands })) {
      events.push(event);
      if (event.type === 'record' && event.step === 3) queue.push({ type: 'pause' });
    }
    expect(ofType(events, 'paused')).toEqual([{ type: 'paused', step: 3 }]);
    expect(ofType(events, 'continued')).toEqual([{ type: 'continued', step: 4 }]);
    const at = (step: number) => ofType(events, 'record').find((r) => r.step === step)!.elapsedMs;
    expect(at(5) - at(3)).toBe(120);
    expect(clock.platform.now()).toBeGreaterThan(ofType(events, 'finished')[0]!.elapsedMs + 300);
  });

  it('shows the validation of an epoch that a single step has ended', async () => {
    const seen: TrainingEvent[] = [];
    let validated = false;
    await run({
      ...timed(60),
      onEvent: (event, command) => {
        seen.push(event);
        if (event.type === 'record' && event.step === 5) command({ type: 'pause' });
        if (event.type === 'paused') for (const type of ['step', 'step'] as const) command({ type });
        if (event.type === 'record' && event.metrics['validation/loss'] !== undefined) {
          validated ||= event.step === 7;
          command({ type: 'stop' });
        }
      },
    });
    expect(validated).toBe(true);
    expect(ofType(seen, 'finished')[0]).toMatchObject({ step: 7 });
  });

  it('acts on a pause within 100 ms and on continue as quickly', async () => {
    let pausedAfter = 0;
    let asked = 0;
    const { events } = await run({
      change: { epochs: 300 },
      onEvent: (event, command) => {
        if (event.type === 'record' && event.step === 700) {
          asked = performance.now();
          command({ type: 'pause' });
        }
        if (event.type === 'paused') {
          pausedAfter = performance.now() - asked;
          setTimeout(() => command({ type: 'stop' }), 30);
        }
      },
    });
    expect(pausedAfter).toBeLessThan(100);
    expect(ofType(events, 'finished')[0]!.reason).toBe('stopped');
  });

  it('changes the learning rate from the next chunk on, records it, and a resumed run keeps it', async () => {
    const { events } = await run({
      ...timed(60),
      onEvent: (event, command) =>
        event.type === 'record' && event.step === 10 && command({ type: 'setLearningRate', learningRate: 0.005 }),
    });
    const rates = ofType(events, 'record').filter((r) => r.metrics['train/learningRate'] !== undefined);
    expect(rates.map((r) => [r.step, r.metrics['train/learningRate']])).toEqual([
      [1, 0.02],
      [11, 0.005],
    ]);
    const checkpoint = ofType(events, 'checkpoint')[1]!.checkpoint;
    expect(checkpoint).toMatchObject({ step: 14, learningRate: 0.005 });
    const rest = await run({ checkpoint });
    expect(ofType(rest.events, 'checkpoint').at(-1)!.checkpoint.slots).toEqual(ofType(events, 'checkpoint').at(-1)!.checkpoint.slots);
  });

  it('stops at once and keeps the weights it has', async () => {
    const { events } = await run({
      ...timed(60),
      onEvent: (event, command) => event.type === 'record' && event.step === 9 && command({ type: 'stop' }),
    });
    expect(ofType(events, 'finished')[0]).toMatchObject({ reason: 'stopped', step: 9 });
    expect(ofType(events, 'checkpoint').at(-1)!.checkpoint.step).toBe(9);
  });

  it.each([
    [1, /^The loss became (not a number|infinite) at step \d+ \(epoch 1\) with learning rate 90\.$/],
    [10, /^The validation loss became (not a number|infinite) at step 7 \(epoch 1\) with learning rate 90\.$/],
  ])('ends with a sentence when the loss is no longer a number, keeping what was recorded (batch %i)', async (batchSize, message) => {
    const { events, problem } = await run({
      target: 'height',
      change: { batchSize, optimizer: { ...defaultOptimizer('sgd'), learningRate: 90 } },
    });
    expect(problem).toMatchObject({ code: 'training.diverged', where: { kind: 'config', path: 'optimizer.learningRate' } });
    expect(problem!.message).toMatch(message);
    expect(problem!.fixes).toEqual([{ kind: 'setConfig', label: 'Set learning rate 9', path: 'optimizer.learningRate', value: 9 }]);
    const records = ofType(events, 'record');
    expect(records.length).toBeGreaterThan(0);
    expect(records.every((r) => Object.values(r.metrics).every(Number.isFinite))).toBe(true);
    expect(ofType(events, 'finished')).toEqual([]);
  });
});

describe('scoring a checkpoint', () => {
  it('agrees with the scores at the end of the training', async () => {
    const { events } = await run();
    const config = tinyConfig();
    const data = prepareData(tinyDataSet(), config);
    const source = {
      config,
      document: tinyNetwork(),
      data,
      checkpoint: ofType(events, 'checkpoint').at(-1)!.checkpoint,
      now: () => performance.now(),
    };
    const [finished] = ofType(events, 'finished');
    const scores = await Promise.all(
      (['train', 'validation', 'test'] as const).map((part) => scorePart({ ...source, engine: createReferenceEngine(), part })),
    );
    // The training part's rows are not predicted one by one where a validation part is.
    expect(scores[0]).toMatchObject(finished!.train);
    expect(scores[1]).toEqual(finished!.validation);
    expect(finished!.train.confusion).toBeUndefined();
    expect(scores[1]!.confusion!.flat().reduce((sum, count) => sum + count, 0)).toBe(data.parts.validation.length);
    expect(scores[1]!.logLoss).toBeCloseTo(scores[1]!.loss, 5);
    // Nine rows: whole ninths.
    expect((scores[2]!.accuracy! * 9) % 1).toBeCloseTo(0);
  });
});
