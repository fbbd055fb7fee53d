/**
 * Offers the graphics adapter of this window to the host, and serves engines on it, one per lane, all on one device. A lost
 * device ends its lanes with the reason; after a moment another one is opened, a few times.
 */
import { createLaneServer, isLaneMessage } from '../../core/engines/remote/lanes.ts';
import type { LaneServer } from '../../core/engines/remote/lanes.ts';
import type { GpuOffer } from '../../core/engines/remote/handshake.ts';
import type { EnginePort } from '../../core/engines/remote/port.ts';
import { serveEngine } from '../../core/engines/remote/serveEngine.ts';
import type { Engine } from '../../core/engines/engine.ts';
import type { GpuAdapter } from '../../core/engines/webgpu/adapter.ts';
import { ProblemError } from '../../core/problem.ts';
import type { Problem } from '../../core/problem.ts';

export interface OpenedAdapter {
  readonly adapter: GpuAdapter;
  /** Why, in words, once the device is gone. */
  readonly lost: Promise<string>;
  createEngine(): Engine;
}

/** A device that is lost so often within a window's life will not stay. */
const maxReopens = 5;
const reopenMs = 2_000;

export interface GpuServer {
  /** Serves a connection to the host; the next one takes its place. */
  connect(port: EnginePort): void;
}

/** @param open asks for the adapter; rejects with a ProblemError where there is none */
export function createGpuServer(open: () => Promise<OpenedAdapter>, waitMs = reopenMs): GpuServer {
  let opened: OpenedAdapter | undefined;
  let offer: GpuOffer | undefined;
  let connection: { readonly port: EnginePort; readonly lanes: LaneServer } | undefined;
  let reopens = 0;

  function say(next: GpuOffer['offer']): void {
    offer = { offer: next };
    connection?.port.post(offer);
  }

  async function openDevice(): Promise<void> {
    try {
      const now = (opened = await open());
      say({ adapter: now.adapter });
      void now.lost.then((reason) => lose(now, reason));
    } catch (error) {
      say({ problem: problemOf(error) });
    }
  }

  function lose(device: OpenedAdapter, reason: string): void {
    if (opened !== device) return;
    opened = undefined;
    const sentence = `WebGPU stopped: ${reason}.`;
    say({ problem: { code: 'engine.lost', message: sentence } });
    connection?.lanes.closeAll(sentence);
    if (reopens++ < maxReopens) setTimeout(() => void openDevice(), waitMs);
  }

  void openDevice();

  return {
    connect(port) {
      const lanes = createLaneServer(
        (message) => port.post(message),
        (lane) => {
          const device = opened;
          if (device === undefined) lane.close('WebGPU has no graphics adapter at the moment.');
          else
            void serveEngine(
              lane,
              () => device.createEngine(),
              () => performance.now(),
            );
        },
      );
      connection = { port, lanes };
      port.onMessage((message) => {
        if (isLaneMessage(message)) lanes.receive(message);
      });
      port.onClose((reason) => {
        if (connection?.port === port) connection = undefined;
        lanes.closeAll(reason);
      });
      if (offer !== undefined) port.post(offer);
    },
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return {
    code: 'engine.noGpu',
    message: `The graphics adapter could not be opened: ${error instanceof Error ? error.message : String(error)}`,
  };
}
