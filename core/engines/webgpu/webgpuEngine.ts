/**
 * The engine that computes on a graphics adapter: the kernels of the plan as WGSL. Pipelines, bind groups and memory are
 * made at `load`; a step is only encoded. Nothing comes back but what is read, and whether an index was wrong.
 */
import { elementCount } from '../../ops/shapes.ts';
import type { PlacedSlot } from '../../plan/plan.ts';
import { checkRange, checkWrite } from '../checkCalls.ts';
import type { Engine, NumericsId } from '../engine.ts';
import { webgpuNumerics } from './adapter.ts';
import { guardDevice, type FailureGuard } from './failure.ts';
import { loadSession, type GpuProgram, type GpuSession } from './gpuSession.ts';
import { profileSteps } from './profileSteps.ts';
import { runSteps } from './runSteps.ts';
import type { GpuLimits } from './shader.ts';
import { readSlot, writeSlot } from './slotAccess.ts';

export interface WebgpuOptions {
  readonly device: GPUDevice;
  /** Why the device is gone; from `openDevice`. */
  readonly lost: Promise<string>;
  readonly limits: GpuLimits;
  /** The adapter's name. */
  readonly label: string;
  readonly numerics?: NumericsId;
  /** Milliseconds, to keep submits short. */
  readonly now?: () => number;
}

export function createWebgpuEngine({ device, lost, limits, label, numerics = webgpuNumerics, now = Date.now }: WebgpuOptions): Engine {
  let guard: FailureGuard | undefined;
  let session: GpuSession | undefined;
  /** Calls run one after the other, as they were made. */
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  }

  function loaded(): GpuSession {
    if (session === undefined) throw new Error('webgpu engine: no session is loaded');
    session.guard.check();
    return session;
  }

  function placedSlot(name: string): PlacedSlot {
    const placed = loaded().layout.slots.get(name);
    if (placed === undefined) throw new Error(`webgpu engine: the session has no slot "${name}"`);
    return placed;
  }

  function programOf(call: string, name: string): GpuProgram {
    const program = loaded().programs.get(name);
    if (program === undefined) throw new Error(`${call}: the session has no program "${name}"`);
    return program;
  }

  function release(): void {
    guard?.close();
    session?.destroy();
    guard = undefined;
    session = undefined;
  }

  return {
    info: { kind: 'webgpu', label: `webgpu, ${label}`, numerics, threads: 1 },

    load: (next) =>
      inTurn(async () => {
        release();
        const own = guardDevice(device, lost);
        guard = own;
        const made = await loadSession(next, { device, guard: own, limits, now });
        if (guard !== own) made.destroy();
        else session = made;
      }),

    write: (name, data, offset = 0) =>
      inTurn(async () => {
        const placed = placedSlot(name);
        checkWrite(placed.spec, data, offset);
        await writeSlot(loaded(), placed, data, offset);
        const cursor = loaded().cursors.get(name);
        if (cursor !== undefined) cursor.next = 0;
      }),

    run: (name, request) => inTurn(async () => runSteps(loaded(), programOf('run', name), request)),

    profile: (name, request, clock) => inTurn(async () => profileSteps(loaded(), programOf('profile', name), request, clock)),

    read: (name, offset = 0, length) =>
      inTurn(async () => {
        const placed = placedSlot(name);
        const size = elementCount(placed.spec.type.shape);
        const count = length ?? size - offset;
        checkRange(name, size, offset, count);
        return readSlot(loaded(), placed, offset, count);
      }),

    // Not in turn: it ends what waits.
    dispose: async () => release(),
  };
}
