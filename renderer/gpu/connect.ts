/** The graphics worker's way to the host in the browser shell: a WebSocket of its own, opened again whenever it breaks. */
import { createSocketPort } from '../../core/engines/remote/transports.ts';
import type { EnginePort } from '../../core/engines/remote/port.ts';

/** What the page tells its worker. */
export type GpuStart = { readonly address: string } | { readonly port: MessagePort };

/** Milliseconds between two attempts, growing to the last. */
const retryDelaysMs = [300, 800, 2_000, 5_000];
/** The host's way to say that this page has no session. */
const noSessionCode = 4401;

export function keepConnected(openSocket: () => WebSocket, connected: (port: EnginePort) => void): void {
  let attempt = 0;
  const connect = (): void => {
    const socket = openSocket();
    const port = createSocketPort(socket, 'The connection to Layerbench broke.');
    socket.addEventListener('open', () => {
      attempt = 0;
      connected(port);
    });
    socket.addEventListener('close', ({ code }) => {
      if (code === noSessionCode) return;
      setTimeout(connect, retryDelaysMs[Math.min(attempt++, retryDelaysMs.length - 1)]);
    });
  };
  connect();
}
