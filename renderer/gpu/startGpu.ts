/** Starts the graphics worker once the interface stands and nothing else is to do. */
import type { Bridge } from '../../electron/contract/calls.ts';
import type { GpuStart } from './connect.ts';

/** Even a busy page starts it by then. */
const latestMs = 3_000;
/** The port's way through the desktop shell's bridge; see electron/preload.ts. */
const portMessage = 'layerbench:gpu';

export function startGpuWhenIdle(): void {
  // Whatever the interface shows first is drawn first.
  requestAnimationFrame(() => requestIdleCallback(start, { timeout: latestMs }));
}

function start(): void {
  const worker = new Worker(new URL('./gpuWorker.ts', import.meta.url), { type: 'module', name: 'layerbench graphics' });
  const bridge: Bridge | undefined = window.layerbench;
  if (bridge?.requestGpuPort !== undefined) {
    window.addEventListener('message', ({ source, data, ports }) => {
      const [port] = ports;
      if (source === window && data === portMessage && port !== undefined) worker.postMessage({ port } satisfies GpuStart, [port]);
    });
    bridge.requestGpuPort();
  } else {
    worker.postMessage({ address: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/gpu` } satisfies GpuStart);
  }
}
