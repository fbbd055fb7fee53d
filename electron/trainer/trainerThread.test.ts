import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TrainingRecord } from '../../core/train/records.ts';
import { tinyConfig, tinyDataSet, tinyNetwork } from '../../core/testing/tinyTraining.ts';
import type { Engine } from '../../core/engines/engine.ts';
import { createReferenceEngine } from '../../core/engines/reference/referenceEngine.ts';
import { createLaneServer, isLaneMessage } from '../../core/engines/remote/lanes.ts';
import { serveEngine } from '../../core/engines/remote/serveEngine.ts';
import { testAdapter } from '../../core/testing/gpuAdapter.ts';
import { createPortPair } from '../../core/testing/portPair.ts';
import { hashDataSet, writeDataSet } from '../files/dataCache.ts';
import { createGpuHub } from '../host/gpuHub.ts';
import { readCheckpointFile } from './checkpointFile.ts';
import { availableEngines } from './engines.ts';
import type { TrainerEvent, TrainerJob } from './protocol.ts';
import { keepSpareThread } from './spareThread.ts';
import { scoreInThread, startTrainer } from './trainerThread.ts';
import type { TrainerHandle } from './trainerThread.ts';

let folder: string;
let data: TrainerJob['data'];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'layerbench-trainer-'));
  const { info, columns } = tinyDataSet();
  const hash = hashDataSet(info, columns);
  await writeDataSet(folder, { info: { ...info, hash }, columns });
  data = { folder, hash };
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function job(name: string, change: Partial<TrainerJob> & { epochs?: number } = {}): TrainerJob {
  const { epochs = 4, ...rest } = change;
  return { document: tinyNetwork(), config: tinyConfig('stripe', { epochs }), data, checkpointFolder: join(folder, name), ...rest };
}

/** All events until the thread is gone. */
async function follow(trainer: TrainerHandle, onEvent?: (event: TrainerEvent) => void): Promise<TrainerEvent[]> {
  const events: TrainerEvent[] = [];
  trainer.onEvents((group) => {
    for (const event of group) {
      events.push(event);
      onEvent?.(event);
    }
  });
  await trainer.done;
  return events;
}

function ofType<T extends TrainerEvent['type']>(events: readonly TrainerEvent[], type: T): Extract<TrainerEvent, { type: T }>[] {
  return events.filter((event): event is Extract<TrainerEvent, { type: T }> => event.type === type);
}

function steps(events: readonly TrainerEvent[]): number[] {
  return ofType(events, 'record')
    .filter((record: TrainingRecord) => record.metrics['train/loss'] !== undefined)
    .map((record) => record.step);
}

describe('trainer thread', () => {
  it('trains, saves checkpoints and ends with the scores', async () => {
    const events = await follow(startTrainer(job('whole')));
    expect(events[0]).toMatchObject({ type: 'started', totalSteps: 28 });
    expect(steps(events)).toEqual(Array.from({ length: 28 }, (_, i) => i + 1));
    expect(events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed', step: 28 });
    const saved = ofType(events, 'checkpoint');
    // Four epochs within milliseconds: those in between may be left out, the last never.
    expect(saved.map((c) => c.step % 7)).toEqual(saved.map(() => 0));
    expect(saved.at(-1)!.step).toBe(28);
    expect(readdirSync(join(folder, 'whole'))).toEqual(saved.map((c) => `step-${String(c.step).padStart(9, '0')}.checkpoint`));
    const last = await readCheckpointFile(saved.at(-1)!.file);
    expect(last).toMatchObject({ step: 28, epoch: 4, learningRate: 0.02 });

    const { train, validation } = ofType(events, 'finished')[0]!;
    const source = { document: tinyNetwork(), config: tinyConfig(), data, checkpointFile: saved.at(-1)!.file };
    expect(await scoreInThread({ ...source, part: 'train' })).toMatchObject(train);
    expect(await scoreInThread({ ...source, part: 'validation' })).toEqual(validation);
  });

  it('gives a waiting thread the job, and makes the next one wait after it', async () => {
    const fresh = await follow(startTrainer(job('fresh')));
    keepSpareThread();
    for (const name of ['waiting', 'next']) {
      const events = await follow(startTrainer(job(name)));
      expect(steps(events)).toEqual(steps(fresh));
      expect(ofType(events, 'finished')[0]!.train).toEqual(ofType(fresh, 'finished')[0]!.train);
    }
  });

  it.each(availableEngines())('hears commands while it trains on %s, and resumes from the file it left, bit for bit', async (kind) => {
    const engine = { kind, threads: 2 };
    const paused = `paused-${kind}`;
    const pausing = startTrainer(job(paused, { config: tinyConfig('stripe', { epochs: 100_000, engine }) }));
    let askedAt = 0;
    let latencyMs = Infinity;
    const events = await follow(pausing, (event) => {
      if (event.type === 'record' && askedAt === 0) {
        askedAt = performance.now();
        pausing.command({ type: 'pause' });
      }
      if (event.type === 'paused') {
        latencyMs = performance.now() - askedAt;
        pausing.command({ type: 'step' });
        setTimeout(() => pausing.command({ type: 'stop' }), 120);
      }
    });
    // A chunk of at most 50 ms, and room for a busy machine.
    expect(latencyMs).toBeLessThan(400);
    const pausedAt = ofType(events, 'paused')[0]!.step;
    const [finished] = ofType(events, 'finished');
    expect(finished).toMatchObject({ reason: 'stopped', step: pausedAt + 1 });
    const saved = ofType(events, 'checkpoint').at(-1)!;
    expect(saved.step).toBe(pausedAt + 1);

    const epochs = Math.ceil(saved.step / 7) + 1;
    writeFileSync(join(folder, paused, 'step-999999999.checkpoint'), 'never recorded');
    const rest = await follow(startTrainer(job(paused, { config: tinyConfig('stripe', { epochs, engine }), resumeFrom: saved.file })));
    expect(readdirSync(join(folder, paused))).not.toContain('step-999999999.checkpoint');
    const whole = await follow(startTrainer(job(`uninterrupted-${kind}`, { config: tinyConfig('stripe', { epochs, engine }) })));
    expect(steps(rest)[0]).toBe(saved.step + 1);
    const slots = async (of: TrainerEvent[]) => (await readCheckpointFile(ofType(of, 'checkpoint').at(-1)!.file)).slots;
    expect(await slots(rest)).toEqual(await slots(whole));
  });

  it.each([
    ['missing data', { data: { folder: '/nowhere', hash: 'none' } }, 'file.missing'],
    ['an engine that is not there', { config: tinyConfig('stripe', { engine: { kind: 'webgpu', threads: 1 } }) }, 'engine.needsWindow'],
    ['a network that does not fit', { document: tinyNetwork('height') }, /./],
  ] as const)('ends with a sentence for %s', async (_name, change, code) => {
    const events = await follow(startTrainer(job('failed', change as Partial<TrainerJob>)));
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: 'failed', problem: { code: expect.stringMatching(code) as string } });
    expect(ofType(events, 'failed')[0]!.problem.code).not.toBe('internal');
  });

  it('goes on with another engine when the window that computed is closed, and scores either way', async () => {
    const gpu = createGpuHub({ hasWindows: true, onChange: () => undefined, waitMs: 50 });
    const config = tinyConfig('stripe', { epochs: 8, engine: { kind: 'webgpu', threads: 1 } });
    let runs = 0;
    const { near, far } = createPortPair();
    const lanes = createLaneServer(
      (message) => far.post(message),
      (lane) => {
        void serveEngine(lane, () => {
          const inner = createReferenceEngine();
          const run: Engine['run'] = async (program, request) => {
            if (++runs === 30) far.close('The window was closed.');
            await inner.run(program, request);
          };
          return { ...inner, run };
        });
      },
    );
    far.onMessage((message) => isLaneMessage(message) && lanes.receive(message));
    gpu.accept(near);
    far.post({ offer: { adapter: testAdapter } });
    await expect.poll(() => gpu.state.gpu.length).toBe(1);

    const events = await follow(startTrainer(job('window', { config, gpu: gpu.openLane() })));
    const [first, second] = ofType(events, 'started').map((event) => event.engine);
    expect(first!.label).toBe('webgpu, test card');
    expect(second!.kind).toBe(availableEngines()[0]);
    expect(ofType(events, 'notice').map(({ problem }) => problem.message)[0]).toMatch(
      /^The window was closed\. The training goes on with /,
    );
    let kept: number[] = [];
    for (const event of events) {
      if (event.type === 'rewound') kept = kept.filter((step) => step <= event.step);
      if (event.type === 'record' && event.metrics['train/loss'] !== undefined) kept.push(event.step);
    }
    expect(kept).toEqual(Array.from({ length: 56 }, (_, i) => i + 1));
    expect(events.at(-1)).toMatchObject({ type: 'finished', reason: 'completed', step: 56 });

    const source = {
      document: tinyNetwork(),
      config,
      data,
      checkpointFile: ofType(events, 'checkpoint').at(-1)!.file,
      part: 'train',
    } as const;
    const notices: string[] = [];
    const score = await scoreInThread({ ...source, gpu: gpu.openLane() }, (problem) => notices.push(problem.message));
    expect(score.loss).toBeCloseTo(ofType(events, 'finished')[0]!.train.loss, 5);
    expect(notices).toEqual(['No window of Layerbench is open that could compute on a graphics card. Another engine is used.']);
  });

  it('refuses a damaged checkpoint', async () => {
    const file = join(folder, 'damaged.checkpoint');
    writeFileSync(file, 'no checkpoint at all');
    const events = await follow(startTrainer(job('damaged', { resumeFrom: file })));
    expect(ofType(events, 'failed')[0]!.problem).toMatchObject({ code: 'checkpoint.foreign' });
    await expect(scoreInThread({ ...job('damaged'), checkpointFile: file, part: 'test' })).rejects.toMatchObject({
      problem: { code: 'checkpoint.foreign' },
    });
  });

  it('says when the weights could not be saved, and does not call the run finished', async () => {
    const file = join(folder, 'file-not-folder');
    writeFileSync(file, '');
    const events = await follow(startTrainer(job('file-not-folder', { checkpointFolder: file })));
    expect(ofType(events, 'notice').length).toBeGreaterThan(0);
    expect(events.at(-1)!.type).toBe('failed');
    expect(steps(events)).toHaveLength(28);
  });

  it('is silent after it was terminated', async () => {
    const trainer = startTrainer(job('terminated', { epochs: 100_000 }));
    const events: TrainerEvent[] = [];
    await new Promise<void>((resolve) => {
      trainer.onEvents((group) => {
        events.push(...group);
        resolve();
      });
    });
    await trainer.terminate();
    const count = events.length;
    await trainer.done;
    expect(events).toHaveLength(count);
    expect(events.some((event) => event.type === 'failed')).toBe(false);
  });
});
