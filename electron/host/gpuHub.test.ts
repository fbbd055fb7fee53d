import { Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { describe, expect, it, vi } from 'vitest';
import { createReferenceEngine } from '../../core/engines/reference/referenceEngine.ts';
import { createLaneServer, isLaneMessage } from '../../core/engines/remote/lanes.ts';
import { serveEngine } from '../../core/engines/remote/serveEngine.ts';
import { createMessagePortPort } from '../../core/engines/remote/transports.ts';
import type { GpuAdapter } from '../../core/engines/webgpu/adapter.ts';
import { testAdapter } from '../../core/testing/gpuAdapter.ts';
import { createPortPair } from '../../core/testing/portPair.ts';
import { openGpuEngine } from '../trainer/gpuEngine.ts';
import { createGpuHub } from './gpuHub.ts';

const software: GpuAdapter = { ...testAdapter, label: 'slow card', isSoftware: true };
const session = { programs: {}, slots: [{ name: 'p', kind: 'carry', type: { shape: [2], dtype: 'f32' } }], seed: 1 } as const;

function createHub(waitMs = 1_000) {
  const onChange = vi.fn();
  return { hub: createGpuHub({ hasWindows: true, onChange, waitMs }), onChange };
}
type Hub = ReturnType<typeof createHub>['hub'];

/** A window that serves reference engines under the adapter's name. */
function openWindow(hub: Hub, offer: unknown) {
  const { near, far } = createPortPair();
  hub.accept(near);
  const engines: { disposed: boolean }[] = [];
  const lanes = createLaneServer(
    (message) => far.post(message),
    (lane) => {
      const state = { disposed: false };
      engines.push(state);
      void serveEngine(lane, () => {
        const inner = createReferenceEngine();
        return { ...inner, dispose: async () => void (state.disposed = true) };
      });
    },
  );
  far.onMessage((message) => isLaneMessage(message) && lanes.receive(message));
  if (offer !== undefined) far.post({ offer });
  return { far, lanes, engines };
}

describe('windows', () => {
  it('offer their adapters, hardware first; what changed is said once', async () => {
    const { hub, onChange } = createHub();
    const first = openWindow(hub, { adapter: software });
    await expect.poll(() => hub.state).toEqual({ gpu: [software] });
    const second = openWindow(hub, { adapter: testAdapter });
    await expect.poll(() => hub.state.gpu.map(({ label }) => label)).toEqual(['test card', 'slow card']);
    second.far.post({ offer: { adapter: testAdapter } });
    second.far.close('closed');
    await expect.poll(() => hub.state).toEqual({ gpu: [software] });
    first.far.post({ offer: { problem: { code: 'engine.noGpu', message: 'No card.' } } });
    await expect.poll(() => hub.state).toEqual({ gpu: [], gpuNotice: { code: 'engine.noGpu', message: 'No card.' } });
    expect(onChange).toHaveBeenCalledTimes(4);
  });

  it.each([
    ['no object', 'hello'],
    ['an adapter without limits', { offer: { adapter: { label: 'x' } } }],
    ['limits that are no numbers', { offer: { adapter: { ...testAdapter, limits: { ...testAdapter.limits, maxPageBytes: '9' } } } }],
    ['a lane without number', { lane: 'x', open: true }],
    ['neither adapter nor reason', { offer: {} }],
  ])('that say %s are let go', async (_name, message) => {
    const { hub } = createHub();
    const { far } = openWindow(hub, undefined);
    const closed = new Promise((resolve) => far.onClose(resolve));
    far.post(message);
    expect(await closed).toBe('A message could not be understood.');
    expect(hub.state).toEqual({ gpu: [] });
  });

  it('are taken at their word only for what can be shown', async () => {
    const { hub } = createHub();
    openWindow(hub, { adapter: { ...testAdapter, label: 'x'.repeat(9_999), secret: 'y' } });
    await expect.poll(() => hub.state.gpu[0]?.label).toBe('x'.repeat(200));
    expect(hub.state.gpu[0]).not.toHaveProperty('secret');
  });
});

describe('a lane', () => {
  it('reaches an engine of the best window, one per lane', async () => {
    const { hub } = createHub();
    openWindow(hub, { adapter: software });
    const hardware = openWindow(hub, { adapter: testAdapter });
    await expect.poll(() => hub.state.gpu.length).toBe(2);
    const engines = await Promise.all([openGpuEngine(hub.openLane()), openGpuEngine(hub.openLane())]);
    expect(engines[0]!.info).toEqual({ kind: 'webgpu', label: 'webgpu, test card', numerics: 'webgpu/1', threads: 1 });
    for (const [i, engine] of engines.entries()) {
      await engine.load(session);
      await engine.write('p', Float32Array.of(i, 7));
    }
    expect(await engines[0]!.read('p')).toEqual(Float32Array.of(0, 7));
    expect(hardware.engines).toHaveLength(2);
    await engines[0]!.dispose();
    await expect.poll(() => hardware.engines.map(({ disposed }) => disposed)).toEqual([true, false]);
    expect(await engines[1]!.read('p')).toEqual(Float32Array.of(1, 7));
    await engines[1]!.dispose();
  });

  it('waits for a window that is just opening', async () => {
    const { hub } = createHub();
    const engine = openGpuEngine(hub.openLane());
    await new Promise((resolve) => setTimeout(resolve, 30));
    openWindow(hub, { adapter: testAdapter });
    expect((await engine).info.label).toBe('webgpu, test card');
    await (await engine).dispose();
  });

  it('says why none comes', async () => {
    const { hub } = createHub(20);
    await expect(openGpuEngine(hub.openLane())).rejects.toMatchObject({
      problem: { code: 'engine.lost', message: 'No window of Layerbench is open that could compute on a graphics card.' },
    });
    openWindow(hub, { problem: { code: 'engine.noGpu', message: 'No graphics adapter was found.' } });
    await expect(openGpuEngine(hub.openLane())).rejects.toMatchObject({ problem: { message: 'No graphics adapter was found.' } });
    const shell = createGpuHub({ hasWindows: false, onChange: () => undefined });
    await expect(openGpuEngine(shell.openLane())).rejects.toMatchObject({ problem: { message: /the command line has none/ } });
  });

  it('ends with its window, with the lane, and with the host', async () => {
    const { hub } = createHub();
    const { far, lanes } = openWindow(hub, { adapter: testAdapter });
    await expect.poll(() => hub.state.gpu.length).toBe(1);
    const open = async () => {
      const engine = await openGpuEngine(hub.openLane());
      await engine.load(session);
      return engine;
    };
    const first = await open();
    lanes.closeAll('The device stopped.');
    await expect.poll(() => first.read('p').catch((error: Error) => error.message)).toBe('The device stopped.');
    const second = await open();
    far.close('The window was reloaded.');
    await expect.poll(() => second.read('p').catch((error: Error) => error.message)).toBe('The window was reloaded.');
    openWindow(hub, { adapter: testAdapter });
    await expect.poll(() => hub.state.gpu.length).toBe(1);
    const third = await open();
    hub.close();
    await expect.poll(() => third.read('p').catch((error: Error) => error.message)).toBe('Layerbench ends.');
  });

  it('frees its engine when the thread that held it dies', async () => {
    const { hub } = createHub();
    const { engines } = openWindow(hub, { adapter: testAdapter });
    await expect.poll(() => hub.state.gpu.length).toBe(1);
    const lane: MessagePort = hub.openLane();
    const worker = new Worker(
      `const { workerData, parentPort } = require('node:worker_threads');
       workerData.once('message', () => { workerData.postMessage({ id: 1, call: 'read', slot: 'p' }); parentPort.postMessage('open'); });
       setInterval(() => undefined, 1000);`,
      { eval: true, workerData: lane, transferList: [lane] },
    );
    await new Promise((resolve) => worker.once('message', resolve));
    await expect.poll(() => engines.length).toBe(1);
    await worker.terminate();
    await expect.poll(() => engines[0]!.disposed).toBe(true);
  });

  it('that says nonsense ends alone', async () => {
    const { hub } = createHub();
    openWindow(hub, { adapter: testAdapter });
    await expect.poll(() => hub.state.gpu.length).toBe(1);
    const port = createMessagePortPort(hub.openLane(), 'gone');
    port.onMessage(() => undefined);
    const closed = new Promise((resolve) => port.onClose(resolve));
    port.post({ id: 1, call: 'format' });
    expect(await closed).toBe('A call to the engine could not be understood.');
    expect(hub.state.gpu).toHaveLength(1);
  });
});
