/// <reference lib="dom" />
/// <reference types="@webgpu/types" />
/**
 * What the browser runs for the battery: one device, and an engine on it for every connection that a test makes. Each
 * comes through the relay, which says its number over the first connection.
 */
import { createSocketPort } from '../../../core/engines/remote/transports.ts';
import { serveEngine } from '../../../core/engines/remote/serveEngine.ts';
import { openDevice } from '../../../core/engines/webgpu/device.ts';
import type { GpuLimits } from '../../../core/engines/webgpu/shader.ts';
import { createWebgpuEngine } from '../../../core/engines/webgpu/webgpuEngine.ts';

const address = (path: string) => `ws://${location.host}/${path}`;
const gone = 'The test ended.';

const control = new WebSocket(address('page'));
await new Promise((resolve) => control.addEventListener('open', resolve));
try {
  const { device, adapter, lost } = await openDevice(navigator.gpu);
  const { label } = adapter;
  const create = (limits: GpuLimits) => createWebgpuEngine({ device, lost, limits, label, now: () => performance.now() });
  const { info } = create(adapter.limits);
  control.addEventListener('message', ({ data }) => {
    const { number, options } = JSON.parse(data as string) as { number: string; options: string };
    const pageBytes = new URLSearchParams(options).get('pageBytes');
    const limits = { ...adapter.limits, ...(pageBytes === null ? {} : { maxPageBytes: Number(pageBytes) }) };
    void serveEngine(createSocketPort(new WebSocket(address(`engine/${number}`)), gone), () => create(limits));
  });
  control.send(JSON.stringify({ info, adapter }));
} catch (error) {
  control.send(JSON.stringify({ problem: error instanceof Error ? error.message : String(error) }));
}
