/**
 * A way for messages between two sides that may live in different threads or processes: a WebSocket, a MessagePort,
 * or, over one of those, a lane. Messages are plain data and typed arrays, arrive in order and as copies.
 */
import type { Problem } from '../../problem.ts';

export interface EnginePort {
  /** At most one frame (core/exchange/frames.ts). Does nothing once the port is closed. */
  post(message: unknown): void;
  /** One listener; messages that came earlier are delivered to it. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once, with the reason as a sentence; at once where the port is closed already. */
  onClose(listener: (reason: string) => void): void;
  /** The other side hears the reason. */
  close(reason?: string): void;
}

export const closedByOwner = 'The connection to the engine was closed.';

/** What every call to an engine behind a port that is gone fails with. */
export function engineLost(reason: string): Problem {
  return { code: 'engine.lost', message: reason };
}

/** The listeners of a port and what waits for them; both kinds of port below the lanes and above need the same. */
export interface PortEvents {
  readonly port: Pick<EnginePort, 'onMessage' | 'onClose'>;
  readonly closed: boolean;
  deliver(message: unknown): void;
  end(reason: string): void;
}

export function createPortEvents(): PortEvents {
  const early: unknown[] = [];
  const closers: ((reason: string) => void)[] = [];
  let listener: ((message: unknown) => void) | undefined;
  let closedFor: string | undefined;
  return {
    port: {
      onMessage(next) {
        listener = next;
        for (const message of early.splice(0)) next(message);
      },
      onClose(closer) {
        if (closedFor === undefined) closers.push(closer);
        else closer(closedFor);
      },
    },
    get closed() {
      return closedFor !== undefined;
    },
    deliver(message) {
      if (closedFor !== undefined) return;
      if (listener === undefined) early.push(message);
      else listener(message);
    },
    end(reason) {
      if (closedFor !== undefined) return;
      closedFor = reason;
      for (const closer of closers.splice(0)) closer(reason);
    },
  };
}
