/// <reference lib="dom" />
/// <reference types="@webgpu/types" />
/**
 * What the browser runs for the battery: the interface's own graphics worker, which serves engines as in the app; and,
 * for what that can't be asked for, engines in this page with memory in pieces as small as asked for and the shaders a
 * graphics card would get, one for every number the relay says.
 */
import { createSocketPort } from '../../../core/engines/remote/transports.ts';
import { serveEngine } from '../../../core/engines/remote/serveEngine.ts';
import { openDevice } from '../../../core/engines/webgpu/device.ts';
import { createWebgpuEngine } from '../../../core/engines/webgpu/webgpuEngine.ts';

const address = (path: string) => `ws://${location.host}/${path}`;
new Worker('gpuWorker.js', { type: 'module' }).postMessage({ address: address('gpu') });

const opened = openDevice(navigator.gpu);
const control = new WebSocket(address('page'));
control.addEventListener('message', ({ data }) => {
  const { number, pageBytes } = JSON.parse(data as string) as { number: number; pageBytes: number };
  void serveEngine(createSocketPort(new WebSocket(address(`engine/${number}`)), 'The test ended.'), async () => {
    const { device, adapter, lost } = await opened;
    const limits = { ...adapter.limits, maxPageBytes: pageBytes, isSoftware: false };
    return createWebgpuEngine({ device, lost, limits, label: adapter.label });
  });
});
