/** One page's connection: calls in, replies and events out, each one frame of `core/exchange/frames.ts`. */
import type { WebSocket } from 'ws';
import { decodeFrame, encodeFrame } from '../../core/exchange/frames.ts';
import type { HostFrame, Reply } from '../contract/calls.ts';
import { toProblem } from '../handlers/router.ts';
import type { Host } from '../host/host.ts';

/** A page that cannot keep up (a sleeping tab) misses records; it reads them from the store when it wakes. */
const maxBufferedBytes = 32 * 1024 * 1024;
const protocolError = 1002;

export function serveSocket(socket: WebSocket, host: Host): void {
  const send = (frame: HostFrame): void => {
    if (socket.readyState === socket.OPEN) socket.send(encodeFrame(frame));
  };

  const reply = (id: number, answer: Reply<unknown>): void => {
    try {
      send({ id, reply: answer });
    } catch (error) {
      send({ id, reply: { ok: false, problem: toProblem(error, 'reply', host.log) } });
    }
  };

  const off = host.onAny((event, value) => {
    if (event === 'run.records' && socket.bufferedAmount > maxBufferedBytes) return;
    send({ event, value } as HostFrame);
  });

  socket.on('message', (data: Buffer, isBinary) => {
    let frame: unknown;
    try {
      frame = decodeFrame(isBinary ? data : data.toString('utf8'));
    } catch {
      frame = null;
    }
    if (!isCallFrame(frame)) {
      socket.close(protocolError, 'A frame could not be read.');
      return;
    }
    const { id, name, args } = frame;
    void host.router.call(name, args).then((answer) => reply(id, answer));
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', off);
}

function isCallFrame(frame: unknown): frame is { id: number; name: unknown; args: unknown } {
  return (
    typeof frame === 'object' && frame !== null && 'id' in frame && Number.isSafeInteger(frame.id) && 'name' in frame && 'args' in frame
  );
}
