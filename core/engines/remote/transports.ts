/** Engine ports over what both worlds have: a WebSocket (frames), a MessagePort or a worker (structured clone, always copies). */
import { decodeFrame, encodeFrame } from '../../exchange/frames.ts';
import { createPortEvents } from './port.ts';
import type { EnginePort } from './port.ts';

/** A browser's WebSocket, and that of the package `ws`. */
export interface SocketLike {
  binaryType: string;
  send(data: string | Uint8Array<ArrayBuffer>): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'message' | 'close', listener: (event: object) => void): void;
}

/** A MessagePort of either world. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  start?(): void;
  close(): void;
  addEventListener(type: 'message' | 'close', listener: (event: object) => void): void;
}

/** Codes of RFC 6455 and of our own: what was sent could not be read; the one who closes gives its reason. */
const unreadable = 1002;
const withReason = 4000;
/** A WebSocket carries at most 123 bytes of reason. */
const maxReasonLength = 120;

/**
 * @param socket open, or opening where nothing is posted before
 * @param gone what is said when the other side went without a reason
 */
export function createSocketPort(socket: SocketLike, gone: string): EnginePort {
  const events = createPortEvents();
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', (event) => {
    const { data } = event as { data: unknown };
    let message: unknown;
    try {
      message = decodeFrame(data as string | ArrayBuffer);
    } catch {
      socket.close(unreadable, 'A frame could not be read.');
      return events.end('A message could not be read.');
    }
    events.deliver(message);
  });
  socket.addEventListener('close', (event) => events.end((event as { reason: string }).reason || gone));
  return {
    ...events.port,
    post(message) {
      if (!events.closed) socket.send(encodeFrame(message));
    },
    close(reason = gone) {
      if (events.closed) return;
      socket.close(withReason, reason.slice(0, maxReasonLength));
      events.end(reason);
    },
  };
}

/** The reason of a close is posted before it, because a MessagePort carries none. */
interface Goodbye {
  readonly portCloses: string;
}

function isGoodbye(value: unknown): value is Goodbye {
  return typeof value === 'object' && value !== null && typeof (value as Partial<Goodbye>).portCloses === 'string';
}

/** @param gone what is said when the other side went without a reason */
export function createMessagePortPort(port: MessagePortLike, gone: string): EnginePort {
  const events = createPortEvents();
  port.addEventListener('message', (event) => {
    const { data } = event as { data: unknown };
    if (!isGoodbye(data)) return events.deliver(data);
    port.close();
    events.end(data.portCloses);
  });
  port.addEventListener('close', () => events.end(gone));
  port.start?.();
  return {
    ...events.port,
    post(message) {
      if (!events.closed) port.postMessage(message);
    },
    close(reason = gone) {
      if (events.closed) return;
      port.postMessage({ portCloses: reason } satisfies Goodbye);
      port.close();
      events.end(reason);
    },
  };
}
