import { describe, expect, it } from 'vitest';
import { maxFrameBytes } from '../../exchange/frames.ts';
import { createBuilder } from '../../program/builder.ts';
import { ProblemError } from '../../problem.ts';
import { describeEngine } from '../../testing/describeEngine.ts';
import { createPortPair } from '../../testing/portPair.ts';
import type { Engine, EngineInfo, Session, SlotData } from '../engine.ts';
import { createReferenceEngine } from '../reference/referenceEngine.ts';
import { createWasmEngine } from '../wasm/wasmEngine.ts';
import { createLaneOpener, createLaneServer, isLaneMessage } from './lanes.ts';
import { createRemoteEngine } from './remoteEngine.ts';
import { serveEngine } from './serveEngine.ts';

const info: EngineInfo = { kind: 'webgpu', label: 'somewhere else', numerics: 'elsewhere/1', threads: 1 };

function serve(create: () => Engine | Promise<Engine>) {
  const pair = createPortPair();
  const gone = serveEngine(pair.far, create);
  return { ...pair, gone, engine: createRemoteEngine(pair.near, info) };
}

describeEngine('a remote reference engine', () => serve(createReferenceEngine).engine);
describeEngine('a remote wasm engine', () => serve(() => createWasmEngine()).engine);

/** Slots of many elements, and a program that adds to one of them. */
function bigSession(count: number, opCount = 1): Session {
  const b = createBuilder({ name: 'main', batchSize: 2 });
  const type = { shape: [count], dtype: 'f32' } as const;
  let sum = b.slot('big', type);
  for (let i = 0; i < opCount; i++) sum = b.add(sum, 1);
  b.assign('big', sum);
  const table = b.slot('table', { shape: [5], dtype: 'i32' });
  b.append('ring', b.cast(b.gather(table, b.rows()), 'f32'));
  return {
    programs: { main: b.build() },
    slots: [
      { name: 'big', kind: 'carry', type },
      { name: 'bytes', kind: 'data', type: { shape: [5 * 1024 * 1024 + 3], dtype: 'u8' } },
      { name: 'table', kind: 'data', type: { shape: [5], dtype: 'i32' } },
      { name: 'ring', kind: 'ring', type: { shape: [4, 2], dtype: 'f32' } },
    ],
    seed: 1,
  };
}

describe('a remote engine', () => {
  it('writes, runs and reads what is larger than a frame, piece by piece', async () => {
    const { engine, frameSizes } = serve(createReferenceEngine);
    const count = 1_500_001;
    await engine.load(bigSession(count));
    const values = Float32Array.from({ length: count }, (_, i) => i);
    await engine.write('big', values);
    const bytes = Uint8Array.from({ length: 5 * 1024 * 1024 + 3 }, (_, i) => i % 251);
    await engine.write('bytes', bytes);
    await engine.run('main', { steps: 1, firstStep: 0, rows: Int32Array.of(0, 1) });
    const same = (got: SlotData, expected: SlotData) =>
      expect(Buffer.from(got.buffer).equals(Buffer.from(expected.buffer, expected.byteOffset, expected.byteLength))).toBe(true);
    const sums = values.map((value) => value + 1);
    same(await engine.read('big'), sums);
    same(await engine.read('bytes'), bytes);
    same(await engine.read('big', count - 700_000), sums.subarray(count - 700_000));
    expect(Math.max(...frameSizes)).toBeLessThan(maxFrameBytes);
    await engine.dispose();
  });

  it('splits the rows of very many steps', async () => {
    const requests: number[][] = [];
    const { engine } = serve(() => ({
      ...createReferenceEngine(),
      load: async () => undefined,
      run: async (_program, { steps, firstStep, rows, scalars }) => {
        requests.push([steps, firstStep, rows!.length, rows![0]!, scalars!.length]);
      },
    }));
    await engine.load(bigSession(1));
    const steps = 300_000;
    const rows = Int32Array.from({ length: steps * 2 }, (_, i) => i);
    await engine.run('main', { steps, firstStep: 7, rows, scalars: new Float32Array(steps) });
    expect(requests.length).toBeGreaterThan(1);
    let at = 0;
    for (const [count, first, rowCount, firstRow, scalarCount] of requests) {
      expect([first, rowCount, firstRow, scalarCount]).toEqual([7 + at, count! * 2, at * 2, count]);
      at += count!;
    }
    expect(at).toBe(steps);
  });

  it('loads programs of megabytes', async () => {
    const { engine, frameSizes } = serve(createReferenceEngine);
    const session = bigSession(3, 20_000);
    expect(JSON.stringify(session).length).toBeGreaterThan(maxFrameBytes / 2);
    await engine.load(session);
    await engine.run('main', { steps: 1, firstStep: 0, rows: Int32Array.of(0, 1) });
    expect(await engine.read('big')).toEqual(Float32Array.of(20_000, 20_000, 20_000));
    expect(Math.max(...frameSizes)).toBeLessThan(maxFrameBytes);
  });

  it('times kernels over there, where the engine can', async () => {
    const wasm = serve(() => createWasmEngine());
    await wasm.engine.load(bigSession(2));
    const request = { steps: 3, firstStep: 0, rows: new Int32Array(6) };
    const times = await wasm.engine.profile!('main', request, () => 0);
    expect(times).toBeInstanceOf(Float64Array);
    expect(times.length).toBeGreaterThan(0);
    const reference = serve(createReferenceEngine);
    await reference.engine.load(bigSession(2));
    await expect(reference.engine.profile!('main', request, () => 0)).rejects.toMatchObject({ problem: { code: 'engine.noKernels' } });
  });

  it('passes problems and other errors on', async () => {
    const problem = { code: 'engine.limit', message: 'Too large for this adapter.', hint: 'Use smaller batches.' };
    const tooSmall = serve(() => {
      throw new ProblemError(problem);
    });
    await expect(tooSmall.engine.load(bigSession(1))).rejects.toMatchObject({ problem });
    const { engine } = serve(createReferenceEngine);
    await engine.load(bigSession(1));
    await expect(engine.read('nothing')).rejects.toThrow('nothing');
  });

  it('fails every call, under way and later, once the port closes', async () => {
    let release: () => void = () => undefined;
    let started: (value?: unknown) => void = () => undefined;
    const loading = new Promise((resolve) => (started = resolve));
    let disposed = false;
    const { engine, far, gone } = serve(() => ({
      ...createReferenceEngine(),
      load: () => {
        started();
        return new Promise<void>((resolve) => (release = resolve));
      },
      dispose: async () => void (disposed = true),
    }));
    const load = engine.load(bigSession(1));
    const read = engine.read('big');
    await loading;
    far.close('The window was closed.');
    const lost = { problem: { code: 'engine.lost', message: 'The window was closed.' } };
    await expect(load).rejects.toMatchObject(lost);
    await expect(read).rejects.toMatchObject(lost);
    await expect(engine.run('main', { steps: 1, firstStep: 0 })).rejects.toMatchObject(lost);
    expect(disposed).toBe(false);
    release();
    await gone;
    expect(disposed).toBe(true);
    await engine.dispose();
  });

  it('is disposed of on both sides, once', async () => {
    let disposals = 0;
    const { engine, gone } = serve(() => {
      const inner = createReferenceEngine();
      return { ...inner, dispose: async () => void disposals++ };
    });
    await engine.load(bigSession(1));
    await engine.dispose();
    await gone;
    expect(disposals).toBe(1);
    await expect(engine.read('big')).rejects.toThrow('no session is loaded');
  });

  it.each([
    ['no object', 7],
    ['no such call', { id: 99, ok: true }],
    ['neither result nor problem', { id: 1 }],
    ['something else than data', { id: 1, ok: true, value: [1, 2] }],
    ['too little data', { id: 1, ok: true, value: new Float32Array(1) }],
  ])('gives up an engine that answers %s', async (_name, answer) => {
    const { near, far } = createPortPair();
    const engine = createRemoteEngine(near, info);
    const closed = new Promise((resolve) => far.onClose(resolve));
    far.onMessage(() => far.post(answer));
    await expect(engine.read('big', 0, 2)).rejects.toMatchObject({ problem: { code: 'engine.lost' } });
    expect(await closed).toBe('The engine gave an answer that could not be understood.');
  });

  it.each([[{ id: 1, call: 'format' }], [{ id: 1, call: 'write', slot: 'p', data: 'x', offset: 0 }], [{ call: 'load' }], ['load']])(
    'is not served to a caller that says %j',
    async (message) => {
      const { near, far } = createPortPair();
      const gone = serveEngine(far, createReferenceEngine);
      const closed = new Promise((resolve) => near.onClose(resolve));
      near.post(message);
      expect(await closed).toBe('A call to the engine could not be understood.');
      await gone;
    },
  );
});

describe('lanes', () => {
  function connect() {
    const { near, far } = createPortPair();
    const opener = createLaneOpener((message) => near.post(message));
    const server = createLaneServer(
      (message) => far.post(message),
      (lane) => void serveEngine(lane, createReferenceEngine),
    );
    near.onMessage((message) => isLaneMessage(message) && opener.receive(message));
    far.onMessage((message) => isLaneMessage(message) && server.receive(message));
    return { opener, server };
  }

  it('carry several engines over one port, each with its own slots', async () => {
    const { opener } = connect();
    const engines = [1, 2, 3].map(() => createRemoteEngine(opener.open(), info));
    await Promise.all(engines.map((engine) => engine.load(bigSession(2))));
    await Promise.all(engines.map((engine, i) => engine.write('big', Float32Array.of(i, i + 1))));
    await engines[1]!.dispose();
    expect(await engines[0]!.read('big')).toEqual(Float32Array.of(0, 1));
    expect(await engines[2]!.read('big')).toEqual(Float32Array.of(2, 3));
  });

  it('end together, with the reason', async () => {
    const { opener, server } = connect();
    const engines = [1, 2].map(() => createRemoteEngine(opener.open(), info));
    await Promise.all(engines.map((engine) => engine.load(bigSession(2))));
    server.closeAll('The graphics device was lost.');
    const lost = { problem: { code: 'engine.lost', message: 'The graphics device was lost.' } };
    for (const engine of engines) await expect(engine.run('main', { steps: 9e9, firstStep: 0 })).rejects.toMatchObject(lost);
    opener.endAll('The window was closed.');
    await expect(engines[0]!.read('big')).rejects.toMatchObject(lost);
  });
});
