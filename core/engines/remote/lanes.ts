/**
 * Several ports over one: each session of a graphics card's engine gets a lane of its own. One side opens lanes, the other
 * serves them; what is not about a lane (which adapter there is) goes through as it is.
 */
import { createPortEvents } from './port.ts';
import type { EnginePort, PortEvents } from './port.ts';
import { isObject } from './protocol.ts';

export type LaneMessage =
  | { readonly lane: number; readonly open: true }
  | { readonly lane: number; readonly message: unknown }
  | { readonly lane: number; readonly close: string };

export function isLaneMessage(value: unknown): value is LaneMessage {
  if (!isObject(value) || !Number.isSafeInteger(value.lane)) return false;
  return value.open === true || 'message' in value || typeof value.close === 'string';
}

/** The lanes of one port. Whoever listens to the port hands the lanes' messages to `receive`. */
function createLanes(post: (message: LaneMessage) => void) {
  const lanes = new Map<number, PortEvents>();

  function add(lane: number): EnginePort {
    const events = createPortEvents();
    lanes.set(lane, events);
    const end = (reason: string): void => {
      lanes.delete(lane);
      events.end(reason);
    };
    return {
      ...events.port,
      post(message) {
        if (!events.closed) post({ lane, message });
      },
      close(reason = 'The connection was closed.') {
        if (events.closed) return;
        post({ lane, close: reason });
        end(reason);
      },
    };
  }

  return {
    add,
    has: (lane: number): boolean => lanes.has(lane),
    /** A lane that is closed already hears nothing more. */
    receive(message: LaneMessage): void {
      const events = lanes.get(message.lane);
      if (events === undefined || 'open' in message) return;
      if ('close' in message) {
        lanes.delete(message.lane);
        events.end(message.close.slice(0, 500));
      } else events.deliver(message.message);
    },
    endAll(reason: string): void {
      const ended = [...lanes.values()];
      lanes.clear();
      for (const events of ended) events.end(reason);
    },
  };
}

export interface LaneOpener {
  open(): EnginePort;
  receive(message: LaneMessage): void;
  /** The port below is gone. */
  endAll(reason: string): void;
}

export function createLaneOpener(post: (message: LaneMessage) => void): LaneOpener {
  const lanes = createLanes(post);
  let last = 0;
  return {
    open() {
      const lane = ++last;
      post({ lane, open: true });
      return lanes.add(lane);
    },
    receive: lanes.receive,
    endAll: lanes.endAll,
  };
}

export interface LaneServer {
  receive(message: LaneMessage): void;
  /** The port below, or what the lanes need, is gone; the other side is told where there still is one. */
  closeAll(reason: string): void;
}

export function createLaneServer(post: (message: LaneMessage) => void, serve: (lane: EnginePort) => void): LaneServer {
  const lanes = createLanes(post);
  const served = new Set<EnginePort>();
  return {
    receive(message) {
      if (!('open' in message)) return lanes.receive(message);
      if (lanes.has(message.lane)) return;
      const port = lanes.add(message.lane);
      served.add(port);
      port.onClose(() => served.delete(port));
      serve(port);
    },
    closeAll(reason) {
      for (const port of [...served]) port.close(reason);
    },
  };
}
