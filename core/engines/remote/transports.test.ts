import { MessageChannel } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { maxFrameBytes } from '../../exchange/frames.ts';
import { createWasmEngine } from '../wasm/wasmEngine.ts';
import type { EnginePort } from './port.ts';
import { createRemoteEngine } from './remoteEngine.ts';
import { serveEngine } from './serveEngine.ts';
import { createMessagePortPort, createSocketPort } from './transports.ts';

let server: WebSocketServer;
beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1', maxPayload: maxFrameBytes });
  await new Promise((resolve) => server.once('listening', resolve));
});
afterAll(() => server.close());

async function sockets(): Promise<[WebSocket, WebSocket]> {
  const accepted = new Promise<WebSocket>((resolve) => server.once('connection', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await new Promise((resolve, reject) => client.once('open', resolve).once('error', reject));
  return [client, await accepted];
}

const transports: [string, () => Promise<[EnginePort, EnginePort]>][] = [
  [
    'a WebSocket',
    async () => {
      const [near, far] = await sockets();
      return [createSocketPort(near, 'The near end went.'), createSocketPort(far, 'The far end went.')];
    },
  ],
  [
    'a MessageChannel',
    async () => {
      const { port1, port2 } = new MessageChannel();
      return [createMessagePortPort(port1, 'The near end went.'), createMessagePortPort(port2, 'The far end went.')];
    },
  ],
];

describe.each(transports)('over %s', (name, connect) => {
  it('messages arrive as copies, in order, even before anyone listens', async () => {
    const [near, far] = await connect();
    const values = Float32Array.of(1, NaN, 3);
    near.post({ first: values.subarray(1) });
    near.post({ second: -Infinity });
    values[1] = 7;
    await new Promise((resolve) => setTimeout(resolve, 30));
    const received: unknown[] = [];
    far.onMessage((message) => received.push(message));
    await expect.poll(() => received).toEqual([{ first: Float32Array.of(NaN, 3) }, { second: -Infinity }]);
    near.close();
  });

  it('a close is heard with its reason on both sides', async () => {
    const [near, far] = await connect();
    const heard = new Promise((resolve) => far.onClose(resolve));
    near.close('The device was lost.');
    near.post('nothing');
    expect(await heard).toBe('The device was lost.');
    near.onClose((reason) => expect(reason).toBe('The device was lost.'));
    expect.assertions(2);
  });

  it('an engine computes', async () => {
    const [near, far] = await connect();
    void serveEngine(far, () => createWasmEngine());
    const engine = createRemoteEngine(near, { kind: 'webgpu', label: name, numerics: 'x/1', threads: 1 });
    await engine.load({ programs: {}, slots: [{ name: 'p', kind: 'carry', type: { shape: [3], dtype: 'f32' } }], seed: 1 });
    await engine.write('p', Float32Array.of(2, 3), 1);
    expect(await engine.read('p')).toEqual(Float32Array.of(0, 2, 3));
    await engine.dispose();
  });
});

it('a socket that dies says so in plain words', async () => {
  const [near, far] = await sockets();
  const heard = new Promise((resolve) => createSocketPort(far, 'The window was closed.').onClose(resolve));
  near.terminate();
  expect(await heard).toBe('The window was closed.');
});

it.each(['{', Buffer.of(9, 9, 9, 9, 9)])('a socket that sends nonsense is closed: %j', async (nonsense) => {
  const [near, far] = await sockets();
  const heard = new Promise((resolve) => createSocketPort(far, 'gone').onClose(resolve));
  const code = new Promise((resolve) => near.once('close', resolve));
  near.send(nonsense);
  expect(await heard).toBe('A message could not be read.');
  expect(await code).toBe(1002);
});
