/**
 * Between the windows that can reach a graphics card and the threads that compute on it. Windows connect and say what
 * they offer; a thread gets a port, and what goes through it is carried to the window of the best adapter. A window is
 * trusted no more than any page: what it sends wrongly ends its connection, or the thread's port.
 */
import { MessageChannel } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { createLaneOpener, isLaneMessage } from '../../core/engines/remote/lanes.ts';
import type { LaneOpener } from '../../core/engines/remote/lanes.ts';
import { readOffer } from '../../core/engines/remote/handshake.ts';
import type { GpuOffer } from '../../core/engines/remote/handshake.ts';
import type { EnginePort } from '../../core/engines/remote/port.ts';
import { createMessagePortPort } from '../../core/engines/remote/transports.ts';
import type { GpuAdapter } from '../../core/engines/webgpu/adapter.ts';
import type { Problem } from '../../core/problem.ts';

/** A window that is just opening needs about this long to find its adapter. */
const patienceMs = 3_000;
export const windowGone = 'The window that computed on the graphics card was closed or reloaded.';
const threadGone = 'The training thread ended.';
/** More windows than anyone opens; a page gone wild does not pile up connections. */
const maxWindows = 16;

export interface GpuState {
  readonly gpu: readonly GpuAdapter[];
  readonly gpuNotice?: Problem;
}

export interface GpuHub {
  /** False on the command line. */
  readonly hasWindows: boolean;
  /** A window's worker has connected. */
  accept(port: EnginePort): void;
  readonly state: GpuState;
  /**
   * A port for a thread. On it the adapter comes first (`GpuOffer`), as soon as there is one; it closes with the reason
   * where none comes in time.
   */
  openLane(): MessagePort;
  close(): void;
}

interface Window {
  readonly port: EnginePort;
  readonly lanes: LaneOpener;
  offer?: GpuOffer['offer'];
}

export interface GpuHubOptions {
  readonly hasWindows: boolean;
  onChange(): void;
  readonly waitMs?: number;
}

export function createGpuHub({ hasWindows, onChange, waitMs = patienceMs }: GpuHubOptions): GpuHub {
  const windows = new Set<Window>();
  /** Threads that wait for an adapter. */
  const waiting = new Set<() => boolean>();
  let closed = false;

  const adapterOf = ({ offer }: Window): GpuAdapter | undefined => (offer !== undefined && 'adapter' in offer ? offer.adapter : undefined);

  /** Hardware before software, those that came first before later ones. */
  function offering(): { window: Window; adapter: GpuAdapter }[] {
    const all = [...windows].flatMap((window) => {
      const adapter = adapterOf(window);
      return adapter === undefined ? [] : [{ window, adapter }];
    });
    return [...all.filter(({ adapter }) => !adapter.isSoftware), ...all.filter(({ adapter }) => adapter.isSoftware)];
  }

  function notice(): Problem | undefined {
    for (const { offer } of windows) if (offer !== undefined && 'problem' in offer) return offer.problem;
    return undefined;
  }

  function readState(): GpuState {
    const gpu = offering().map(({ adapter }) => adapter);
    const problem = gpu.length === 0 ? notice() : undefined;
    return problem === undefined ? { gpu } : { gpu, gpuNotice: problem };
  }

  let said = '';
  function changed(): void {
    for (const connect of [...waiting]) if (connect()) waiting.delete(connect);
    const now = JSON.stringify(readState());
    if (closed || now === said) return;
    said = now;
    onChange();
  }

  function accept(port: EnginePort): void {
    if (closed || windows.size >= maxWindows) return port.close('No further window can compute.');
    const lanes = createLaneOpener((message) => port.post(message));
    const window: Window = { port, lanes };
    windows.add(window);
    port.onMessage((message) => {
      if (isLaneMessage(message)) return lanes.receive(message);
      const offer = readOffer(message);
      if (offer === null) return port.close('A message could not be understood.');
      window.offer = offer;
      changed();
    });
    port.onClose((reason) => {
      windows.delete(window);
      lanes.endAll(reason);
      changed();
    });
  }

  /** Connects a thread's port with a lane of the best window; false while there is none. */
  function connect(thread: EnginePort): boolean {
    const best = offering()[0];
    if (best === undefined) return false;
    const lane = best.window.lanes.open();
    // What a thread sends at once is bounded by the protocol (a few pieces), so nothing piles up here.
    const carry = (from: EnginePort, to: EnginePort): void => {
      from.onMessage((message) => {
        try {
          to.post(message);
        } catch (error) {
          to.close((error as Error).message);
          from.close((error as Error).message);
        }
      });
      from.onClose((reason) => to.close(reason));
    };
    thread.post({ offer: { adapter: best.adapter } } satisfies GpuOffer);
    carry(lane, thread);
    carry(thread, lane);
    return true;
  }

  function openLane(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    const thread = createMessagePortPort(port1, threadGone);
    port1.unref();
    if (closed || connect(thread)) return port2;
    if (!hasWindows) {
      thread.close("WebGPU computes in the app's window, and the command line has none.");
      return port2;
    }
    const tryAgain = (): boolean => connect(thread);
    waiting.add(tryAgain);
    const timer = setTimeout(() => {
      if (!waiting.delete(tryAgain)) return;
      const problem = notice();
      thread.close(problem?.message ?? 'No window of Layerbench is open that could compute on a graphics card.');
    }, waitMs);
    thread.onClose(() => {
      clearTimeout(timer);
      waiting.delete(tryAgain);
    });
    return port2;
  }

  return {
    hasWindows,
    accept,
    get state() {
      return readState();
    },
    openLane,
    close() {
      closed = true;
      for (const { port } of [...windows]) port.close('Layerbench ends.');
    },
  };
}
