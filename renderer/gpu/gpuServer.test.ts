import { describe, expect, it, vi } from 'vitest';
import { createReferenceEngine } from '../../core/engines/reference/referenceEngine.ts';
import { gpuEngineInfo, readOffer } from '../../core/engines/remote/handshake.ts';
import { createLaneOpener, isLaneMessage } from '../../core/engines/remote/lanes.ts';
import { createRemoteEngine } from '../../core/engines/remote/remoteEngine.ts';
import { raise } from '../../core/problem.ts';
import { testAdapter } from '../../core/testing/gpuAdapter.ts';
import { createPortPair } from '../../core/testing/portPair.ts';
import { createGpuServer } from './gpuServer.ts';
import type { GpuServer } from './gpuServer.ts';

const session = { programs: {}, slots: [{ name: 'p', kind: 'carry', type: { shape: [1], dtype: 'f32' } }], seed: 1 } as const;

/** A graphics card that can be taken out. */
function createCard() {
  let lose: (reason: string) => void = () => undefined;
  const open = vi.fn(async () => ({
    adapter: testAdapter,
    lost: new Promise<string>((resolve) => (lose = resolve)),
    createEngine: createReferenceEngine,
  }));
  return { open, lose: (reason: string) => lose(reason) };
}

/** The host's side of a connection. */
function connect(server: GpuServer) {
  const { near, far } = createPortPair();
  server.connect(far);
  const offers: unknown[] = [];
  const opener = createLaneOpener((message) => near.post(message));
  near.onMessage((message) => (isLaneMessage(message) ? opener.receive(message) : offers.push(readOffer(message))));
  return { near, offers, openEngine: () => createRemoteEngine(opener.open(), gpuEngineInfo(testAdapter)) };
}

describe('the graphics worker', () => {
  it('offers its adapter, and serves several engines on it', async () => {
    const card = createCard();
    const { offers, openEngine } = connect(createGpuServer(card.open));
    await expect.poll(() => offers).toEqual([{ adapter: testAdapter }]);
    const engines = [openEngine(), openEngine()];
    for (const [i, engine] of engines.entries()) {
      await engine.load(session);
      await engine.write('p', Float32Array.of(i));
    }
    expect(await engines[0]!.read('p')).toEqual(Float32Array.of(0));
    expect(card.open).toHaveBeenCalledOnce();
  });

  it('says why there is no adapter, to every connection, and closes what is opened nevertheless', async () => {
    const server = createGpuServer(() => raise({ code: 'engine.noGpu', message: 'No card.' }));
    for (let i = 0; i < 2; i++) {
      const { offers, openEngine } = connect(server);
      await expect.poll(() => offers).toEqual([{ problem: { code: 'engine.noGpu', message: 'No card.' } }]);
      await expect(openEngine().load(session)).rejects.toMatchObject({ problem: { code: 'engine.lost' } });
    }
  });

  it('ends its lanes when the device is lost, and opens another one', async () => {
    const card = createCard();
    const { offers, openEngine } = connect(createGpuServer(card.open, 5));
    await expect.poll(() => offers).toHaveLength(1);
    const engine = openEngine();
    await engine.load(session);
    card.lose('the card was unplugged');
    await expect.poll(() => engine.read('p').catch((error: Error) => error.message)).toBe('WebGPU stopped: the card was unplugged.');
    await expect
      .poll(() => offers)
      .toEqual([
        { adapter: testAdapter },
        { problem: { code: 'engine.lost', message: 'WebGPU stopped: the card was unplugged.' } },
        { adapter: testAdapter },
      ]);
    const next = openEngine();
    await next.load(session);
    expect(await next.read('p')).toEqual(Float32Array.of(0));
  });

  it('gives a device up that is lost again and again', async () => {
    const card = createCard();
    const { offers } = connect(createGpuServer(card.open, 1));
    for (let losses = 1; losses <= 6; losses++) {
      await expect.poll(() => card.open.mock.calls.length).toBe(losses);
      await expect.poll(() => offers.length).toBe(2 * losses - 1);
      card.lose('again');
      await expect.poll(() => offers.length).toBeGreaterThanOrEqual(2 * losses);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(card.open).toHaveBeenCalledTimes(6);
  });

  it('serves the next connection when one breaks', async () => {
    const card = createCard();
    const server = createGpuServer(card.open);
    const first = connect(server);
    await expect.poll(() => first.offers).toHaveLength(1);
    first.near.close('The host restarts.');
    const second = connect(server);
    await expect.poll(() => second.offers).toEqual([{ adapter: testAdapter }]);
    const engine = second.openEngine();
    await engine.load(session);
    expect(await engine.read('p')).toEqual(Float32Array.of(0));
    expect(card.open).toHaveBeenCalledOnce();
  });
});
