/** The thread that owns the graphics device, so that neither drawing nor clicks ever wait for it. */
import { createMessagePortPort } from '../../core/engines/remote/transports.ts';
import { openDevice } from '../../core/engines/webgpu/device.ts';
import { createWebgpuEngine } from '../../core/engines/webgpu/webgpuEngine.ts';
import { keepConnected } from './connect.ts';
import type { GpuStart } from './connect.ts';
import { createGpuServer } from './gpuServer.ts';

const server = createGpuServer(async () => {
  const { device, adapter, lost } = await openDevice(navigator.gpu as GPU | undefined);
  const { limits, label } = adapter;
  const now = () => performance.now();
  return { adapter, lost, createEngine: () => createWebgpuEngine({ device, lost, limits, label, now }) };
});

self.addEventListener('message', ({ data }: MessageEvent<GpuStart>) => {
  if ('port' in data) server.connect(createMessagePortPort(data.port, 'Layerbench ended.'));
  else keepConnected(() => new WebSocket(data.address), server.connect);
});
