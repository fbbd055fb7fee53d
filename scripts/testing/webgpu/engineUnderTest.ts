/** Before each test file: core's batteries find the engine of the browser in a global (core/testing/checkOp.ts). */
import { beforeEach, inject } from 'vitest';
import { WebSocket } from 'ws';
import type { Engine } from '../../../core/engines/engine.ts';
import type { EnginePort } from '../../../core/engines/remote/port.ts';
import { createRemoteEngine } from '../../../core/engines/remote/remoteEngine.ts';
import type { DeviceOptions } from '../../../core/testing/checkOp.ts';
import { createSocketPort, type SocketLike } from '../../../core/engines/remote/transports.ts';

const webgpu = inject('webgpu');

/** An engine of the page, over a connection of its own. */
function connect(address: string): EnginePort {
  const socket = new WebSocket(address);
  socket.on('error', () => undefined);
  const port = createSocketPort(socket as unknown as SocketLike, 'The page with the engine is gone.');
  const waiting: unknown[] = [];
  let isOpen = false;
  socket.once('open', () => {
    isOpen = true;
    for (const message of waiting) port.post(message);
  });
  return {
    ...port,
    post(message) {
      if (isOpen) port.post(message);
      else waiting.push(message);
    },
  };
}

if (webgpu === undefined) {
  beforeEach((context) => context.skip('no browser with WebGPU'));
} else {
  const { address, info } = webgpu;
  const create = ({ pageBytes }: DeviceOptions = {}): Engine =>
    pageBytes === undefined
      ? createRemoteEngine(connect(address), info)
      : createRemoteEngine(connect(`${address}?pageBytes=${pageBytes}`), { ...info, label: `${info.label}, as on a graphics card` });
  const isFull = process.env.LAYERBENCH_BATTERY === 'full';
  const deviceOptionsUnderTest: DeviceOptions[] = isFull ? [{}, { pageBytes: 2 ** 28 }] : [{}];
  Object.assign(globalThis, { webgpuUnderTest: create, deviceOptionsUnderTest });
}
