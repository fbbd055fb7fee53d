/** Two ends of an engine port in one thread, for tests: every message crosses as a frame, as over a WebSocket. */
import { createPortEvents } from '../engines/remote/port.ts';
import type { EnginePort } from '../engines/remote/port.ts';
import { decodeFrame, encodeFrame } from '../exchange/frames.ts';

export interface PortPair {
  readonly near: EnginePort;
  readonly far: EnginePort;
  /** Bytes or characters of every frame, either way. */
  readonly frameSizes: number[];
}

export function createPortPair(): PortPair {
  const frameSizes: number[] = [];
  const [near, far] = [createPortEvents(), createPortEvents()];
  const end = (own: typeof near, other: typeof near): EnginePort => ({
    ...own.port,
    post(message) {
      if (own.closed) return;
      const frame = encodeFrame(message);
      frameSizes.push(frame.length);
      setImmediate(() => other.deliver(decodeFrame(frame)));
    },
    close(reason = 'closed') {
      if (own.closed) return;
      own.end(reason);
      setImmediate(() => other.end(reason));
    },
  });
  return { near: end(near, far), far: end(far, near), frameSizes };
}
