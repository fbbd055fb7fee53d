/** The connection of a window's graphics worker: engine messages, each one frame. */
import type { WebSocket } from 'ws';
import { createSocketPort } from '../../core/engines/remote/transports.ts';
import { windowGone } from '../host/gpuHub.ts';
import type { Host } from '../host/host.ts';

/** A browser answers pings by itself; one that does not is gone, though its connection still stands. */
const pingMs = 10_000;

export function serveGpuSocket(socket: WebSocket, host: Pick<Host, 'gpu'>): void {
  let answered = true;
  const timer = setInterval(() => {
    if (!answered) return socket.terminate();
    answered = false;
    socket.ping();
  }, pingMs);
  socket.on('pong', () => (answered = true));
  socket.on('error', () => socket.terminate());
  socket.on('close', () => clearInterval(timer));
  host.gpu.accept(createSocketPort(socket, windowGone));
}
