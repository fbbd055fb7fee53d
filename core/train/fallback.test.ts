import { describe, expect, it } from 'vitest';
import { prepareData } from '../tasks/prepareData.ts';
import type { Engine, EngineInfo } from '../engines/engine.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createRemoteEngine } from '../engines/remote/remoteEngine.ts';
import { serveEngine } from '../engines/remote/serveEngine.ts';
import type { Platform } from '../engines/platform.ts';
import { raise } from '../problem.ts';
import { createPortPair } from '../testing/portPair.ts';
import { tinyConfig, tinyDataSet, tinyNetwork } from '../testing/tinyTraining.ts';
import { trainWithFallback, workWithFallback } from './fallback.ts';
import type { Checkpoint, TrainingCommand, TrainingEvent, TrainingRecord } from './records.ts';
import { train } from './trainer.ts';

const info: EngineInfo = { kind: 'webgpu', label: 'webgpu, a test', numerics: 'webgpu/1', threads: 1 };
const closed = 'The window was closed.';

/** Time goes on with the steps that were run, so that safety checkpoints are due at known steps. */
interface Clock {
  now: number;
}

interface Death {
  readonly call: 'load' | 'write' | 'run' | 'read';
  /** At this call of that name, counted from 1. */
  readonly at?: number;
  /** Or when this training step is to be run. */
  readonly step?: number;
}

/** An engine behind a port that closes at a given call, before or after the call is carried out. */
function dying(clock: Clock, death: Death | undefined, after = false): Engine {
  const { near, far } = createPortPair();
  const counts: Record<string, number> = {};
  let dueStep = false;
  const inner = createReferenceEngine();
  async function count<T>(call: Death['call'], work: () => Promise<T>): Promise<T> {
    counts[call] = (counts[call] ?? 0) + 1;
    const dies = call === death?.call && (counts[call] === death.at || dueStep);
    dueStep = false;
    if (dies && !after) far.close(closed);
    const result = await work();
    if (dies && after) far.close(closed);
    return result;
  }
  void serveEngine(far, () => ({
    info,
    load: (session) => count('load', () => inner.load(session)),
    write: (slot, data, offset) => count('write', () => inner.write(slot, data, offset)),
    run: (program, request) => {
      clock.now += 100 * request.steps;
      dueStep = program === 'train' && death?.step !== undefined && request.firstStep + request.steps >= death.step;
      return count('run', () => inner.run(program, request));
    },
    read: (slot, offset, length) => count('read', () => inner.read(slot, offset, length)),
    dispose: () => inner.dispose(),
  }));
  return createRemoteEngine(near, info);
}

interface Setup {
  readonly death?: Death;
  readonly after?: boolean;
  readonly none?: string;
  readonly epochs?: number;
  readonly checkpoint?: Checkpoint;
  readonly onEvent?: (event: TrainingEvent, command: (command: TrainingCommand) => void) => void;
}

const data = prepareData(tinyDataSet(), tinyConfig());

function jobOf(clock: Clock, epochs: number) {
  const queue: TrainingCommand[] = [];
  const platform: Platform = {
    now: () => clock.now,
    poll: async () => undefined,
    wait: (milliseconds) => {
      clock.now += milliseconds;
      return new Promise((resolve) => setTimeout(resolve, 1));
    },
  };
  const config = tinyConfig('stripe', { epochs });
  return { queue, job: { config, document: tinyNetwork(), data, platform, commands: { next: () => queue.shift() } } };
}

async function run(setup: Setup): Promise<{ events: TrainingEvent[]; fellBack: number }> {
  const { death, after, none, epochs = 4, checkpoint, onEvent } = setup;
  const clock = { now: 0 };
  const { queue, job } = jobOf(clock, epochs);
  const events: TrainingEvent[] = [];
  let fellBack = 0;
  const engines = {
    open: async () => (none === undefined ? dying(clock, death, after) : raise({ code: 'engine.lost', message: none })),
    fallBack: () => {
      fellBack++;
      return createReferenceEngine();
    },
  };
  for await (const event of trainWithFallback({ ...job, engines, ...(checkpoint === undefined ? {} : { checkpoint }) })) {
    events.push(event);
    onEvent?.(event, (command) => queue.push(command));
  }
  return { events, fellBack };
}

let whole: Promise<TrainingEvent[]> | undefined;

/** The same training on an engine that stays, made once. */
function undisturbed(): Promise<TrainingEvent[]> {
  return (whole ??= (async () => {
    const engine = createReferenceEngine();
    const events: TrainingEvent[] = [];
    for await (const event of train({ ...jobOf({ now: 0 }, 4).job, engine })) events.push(event);
    await engine.dispose();
    return events;
  })());
}

function ofType<T extends TrainingEvent['type']>(events: readonly TrainingEvent[], type: T): Extract<TrainingEvent, { type: T }>[] {
  return events.filter((event): event is Extract<TrainingEvent, { type: T }> => event.type === type);
}

/** What is left of the records once each rewinding has taken away what came after its step. */
function kept(events: readonly TrainingEvent[]): TrainingRecord[] {
  let records: TrainingRecord[] = [];
  for (const event of events) {
    if (event.type === 'rewound') records = records.filter(({ step }) => step <= event.step);
    else if (event.type === 'record') records.push(event);
  }
  return records;
}

const timeless = (records: readonly TrainingRecord[]) => records.map(({ step, epoch, metrics }) => ({ step, epoch, metrics }));
const finished = (events: readonly TrainingEvent[]) =>
  ofType(events, 'finished').map(({ reason, step, train, validation }) => ({ reason, step, train, validation }));

describe('an engine that is lost', () => {
  const everywhere: [string, Death][] = [
    ['while it is loaded', { call: 'load', at: 1 }],
    ['while the data is written', { call: 'write', at: 2 }],
    ['at the first step', { call: 'run', at: 1 }],
    ['in the third epoch', { call: 'run', at: 20 }],
    ['while a record is read', { call: 'read', at: 30 }],
    ['during an evaluation', { call: 'run', at: 8 }],
    ['while the last scores are made', { call: 'run', at: 49 }],
  ];

  it.each(
    everywhere.flatMap(([name, death]) =>
      [false, true].map((after) => [name, after ? 'after the call' : 'before it', death, after] as const),
    ),
  )('%s (%s): no record is missing or doubled, and every number is as if nothing had happened', async (_name, _when, death, after) => {
    const { events, fellBack } = await run({ death, after });
    const whole = await undisturbed();
    expect(fellBack).toBe(1);
    expect(timeless(kept(events))).toEqual(timeless(ofType(whole, 'record')));
    expect(finished(events)).toEqual(finished(whole));
    const elapsed = kept(events).map((record) => record.elapsedMs);
    expect(elapsed).toEqual([...elapsed].sort((a, b) => a - b));
    const [notice] = ofType(events, 'notice');
    expect(notice!.problem).toMatchObject({
      code: 'engine.lost',
      message: expect.stringContaining(`${closed} The training goes on with reference, 1 thread`),
    });
    expect(ofType(events, 'started').at(-1)!.engine.kind).toBe('reference');
  });

  it('is not lost where nothing happens', async () => {
    const { events, fellBack } = await run({});
    expect(fellBack).toBe(0);
    expect(timeless(kept(events))).toEqual(timeless(ofType(await undisturbed(), 'record')));
    expect(ofType(events, 'notice')).toEqual([]);
  });

  it('costs at most the steps since the last few seconds', async () => {
    // 100 ms a step and one epoch of 7 steps: checkpoints of their own are too far apart to matter here.
    const { events } = await run({ death: { call: 'run', step: 60 }, epochs: 9 });
    const [rewound] = ofType(events, 'rewound');
    const last = ofType(events.slice(0, events.indexOf(rewound!)), 'record').at(-1)!.step;
    expect(last - rewound!.step).toBeLessThanOrEqual(7);
    const before = events.slice(0, events.indexOf(rewound!));
    expect(ofType(before, 'checkpoint').at(-1)!.checkpoint.step).toBe(rewound!.step);
    expect(ofType(events, 'notice').map((notice) => notice.problem.code)).toEqual(['engine.lost', 'training.otherNumerics']);
  });

  it('is done without where it never was there', async () => {
    const { events, fellBack } = await run({ none: 'No window is open.' });
    expect(fellBack).toBe(1);
    expect(events.map((event) => event.type).slice(0, 2)).toEqual(['notice', 'started']);
    expect(ofType(events, 'notice')[0]!.problem.message).toBe('No window is open. The training goes on with reference, 1 thread.');
    expect(ofType(events, 'rewound')).toEqual([]);
    expect(timeless(kept(events))).toEqual(timeless(ofType(await undisturbed(), 'record')));
  });

  it('goes on from the checkpoint a run was resumed with', async () => {
    const [, second] = ofType(await undisturbed(), 'checkpoint');
    const { events } = await run({ death: { call: 'run', at: 2 }, checkpoint: second!.checkpoint });
    expect(ofType(events, 'rewound')[0]!.step).toBe(14);
    expect(kept(events).find((record) => record.metrics['train/loss'] !== undefined)!.step).toBe(15);
    expect(finished(events)).toEqual(finished(await undisturbed()));
  });

  it('keeps a pause, and what is asked for while another engine is made ready', async () => {
    const { events } = await run({
      death: { call: 'run', step: 20 },
      onEvent: (event, command) => {
        if (event.type === 'notice' && event.problem.code === 'engine.lost') {
          command({ type: 'setLearningRate', learningRate: 0.005 });
          command({ type: 'pause' });
        }
        if (event.type === 'paused') command({ type: 'continue' });
      },
    });
    const [rewound] = ofType(events, 'rewound');
    expect(ofType(events, 'paused').map((event) => event.step)).toEqual([rewound!.step]);
    const rates = kept(events).flatMap(({ step, metrics }) =>
      metrics['train/learningRate'] === undefined ? [] : [[step, metrics['train/learningRate']]],
    );
    expect(rates).toEqual([
      [1, 0.02],
      [rewound!.step + 1, 0.005],
    ]);
  });

  it('stays paused when a single step loses it', async () => {
    const { events } = await run({
      death: { call: 'run', step: 20 },
      onEvent: (event, command) => {
        if (event.type === 'checkpoint' && event.checkpoint.step === 14) {
          command({ type: 'pause' });
          for (let i = 0; i < 6; i++) command({ type: 'step' });
        }
        if (event.type === 'paused' && event.step > 14) throw new Error(`paused at ${event.step}`);
        if (event.type === 'started' && event.engine.kind === 'reference') setTimeout(() => command({ type: 'stop' }), 10);
      },
    });
    expect(ofType(events, 'rewound')[0]!.step).toBe(14);
    expect(ofType(events, 'paused').map((event) => event.step)).toEqual([14, 14]);
    // The step under way when it was lost was not taken yet; after it the training waits, and hears the stop.
    expect(ofType(events, 'finished')[0]).toMatchObject({ reason: 'stopped', step: 15 });
  });

  it('is stopped where it was asked to, even if that is beyond the checkpoint', async () => {
    const whole = await undisturbed();
    let askedAt = 0;
    const { events } = await run({
      // After the stop the last checkpoint is read slot by slot: there it dies.
      onEvent: (event, command) => {
        if (event.type === 'record' && event.step >= 24 && askedAt === 0) {
          askedAt = event.step;
          command({ type: 'stop' });
        }
      },
      death: { call: 'read', at: 52 },
    });
    const [done] = ofType(events, 'finished');
    expect(ofType(events, 'rewound')).toHaveLength(1);
    expect(done).toMatchObject({ reason: 'stopped' });
    expect(done!.step).toBeGreaterThanOrEqual(askedAt);
    expect(timeless(kept(events))).toEqual(timeless(ofType(whole, 'record').filter((record) => record.step <= done!.step)));
  });

  it('does not hide a mistake that no engine would mend', async () => {
    const foreign: Checkpoint = { step: 7, epoch: 1, elapsedMs: 1, numerics: 'x', learningRate: 0.02, slots: {} };
    await expect(run({ checkpoint: foreign })).rejects.toMatchObject({ problem: { code: 'checkpoint.otherNetwork' } });
  });
});

it('short work begins anew on the other engine', async () => {
  const clock = { now: 0 };
  const used: string[] = [];
  const notices: string[] = [];
  const session = { programs: {}, slots: [{ name: 'p', kind: 'carry', type: { shape: [1], dtype: 'f32' } }], seed: 1 } as const;
  const result = await workWithFallback(
    { open: async () => dying(clock, { call: 'read', at: 1 }), fallBack: createReferenceEngine },
    async (engine) => {
      used.push(engine.info.kind);
      await engine.load(session);
      await engine.write('p', Float32Array.of(3));
      return engine.read('p');
    },
    (problem) => notices.push(problem.message),
  );
  expect(result).toEqual(Float32Array.of(3));
  expect(used).toEqual(['webgpu', 'reference']);
  expect(notices).toEqual([`${closed} Another engine is used.`]);
});
