/**
 * Times of single kernels: by the adapter's own clock where it has one, else by submitting one kernel at a time, less
 * what an empty submit takes. Browsers round the adapter's clock to 100 µs, so times are means of the middle half of the
 * steps, not medians.
 */
import type { RunRequest } from '../engine.ts';
import { usage } from './buffers.ts';
import { encodeDispatch, type Dispatch } from './dispatches.ts';
import type { GpuProgram, GpuSession } from './gpuSession.ts';
import { checkRun, encodeInputs, uploadSteps } from './runSteps.ts';

type Measure = (step: number, into: Float64Array) => Promise<void>;

/** Milliseconds of every kernel; stores are left out. */
export async function profileSteps(session: GpuSession, loaded: GpuProgram, request: RunRequest, now: () => number): Promise<Float64Array> {
  checkRun(loaded, request);
  const count = loaded.kernels.kernels.length;
  const samples: Float64Array[] = [];
  const { measure, release } = session.device.features.has('timestamp-query')
    ? byTimestamps(session, loaded)
    : bySubmits(session, loaded, now);
  try {
    for (let done = 0; done < request.steps;) {
      const uploaded = uploadSteps(session, loaded, request, done);
      for (let i = 0; i < uploaded; i++) {
        const times = new Float64Array(count);
        await measure(i, times);
        samples.push(times);
      }
      done += uploaded;
    }
  } finally {
    release();
  }
  return Float64Array.from({ length: count }, (_, k) => middleMean(samples.map((times) => times[k]!)));
}

/** The dispatches of each kernel that has any. */
function byKernel(dispatches: readonly Dispatch[]): { kernel: number; dispatches: Dispatch[] }[] {
  const groups: { kernel: number; dispatches: Dispatch[] }[] = [];
  for (const dispatch of dispatches) {
    const group = groups.at(-1);
    if (group?.kernel === dispatch.kernel) group.dispatches.push(dispatch);
    else groups.push({ kernel: dispatch.kernel, dispatches: [dispatch] });
  }
  return groups;
}

function byTimestamps(session: GpuSession, loaded: GpuProgram): { measure: Measure; release: () => void } {
  const { device, readback } = session;
  const groups = byKernel(loaded.dispatches);
  // An adapter has 4096 queries in a set.
  const perSet = Math.min(groups.length, 2048);
  const querySet = device.createQuerySet({ type: 'timestamp', count: Math.max(2, 2 * perSet) });
  const resolved = device.createBuffer({ size: Math.max(256, 16 * perSet), usage: usage.queryResolve | usage.copySource });
  return {
    async measure(step, into) {
      for (let from = 0; from < groups.length; from += perSet) {
        const part = groups.slice(from, from + perSet);
        const encoder = device.createCommandEncoder();
        if (from === 0) encodeInputs(encoder, session, loaded, step);
        part.forEach((group, i) => {
          const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 };
          const pass = encoder.beginComputePass({ timestampWrites });
          for (const dispatch of group.dispatches) encodeDispatch(pass, dispatch);
          pass.end();
        });
        encoder.resolveQuerySet(querySet, 0, 2 * part.length, resolved, 0);
        const bytes = await readback.read(
          16 * part.length,
          (last, staging) => last.copyBufferToBuffer(resolved, 0, staging, 0, 16 * part.length),
          encoder,
        );
        const nanoseconds = new BigUint64Array(bytes.buffer);
        part.forEach(({ kernel }, i) => (into[kernel] = Math.max(0, Number(nanoseconds[2 * i + 1]! - nanoseconds[2 * i]!)) / 1e6));
      }
    },
    release() {
      querySet.destroy();
      resolved.destroy();
    },
  };
}

function bySubmits(session: GpuSession, loaded: GpuProgram, now: () => number): { measure: Measure; release: () => void } {
  const { device, guard } = session;
  const groups = byKernel(loaded.dispatches);
  const timed = async (encode: (encoder: GPUCommandEncoder) => void): Promise<number> => {
    const encoder = device.createCommandEncoder();
    encode(encoder);
    const commands = encoder.finish();
    const startedAt = now();
    device.queue.submit([commands]);
    await guard.wait(device.queue.onSubmittedWorkDone());
    return now() - startedAt;
  };
  return {
    async measure(step, into) {
      const empty = [];
      for (let i = 0; i < 3; i++) empty.push(await timed((encoder) => encodeInputs(encoder, session, loaded, step)));
      const overhead = middleMean(empty);
      for (const { kernel, dispatches } of groups) {
        const time = await timed((encoder) => {
          const pass = encoder.beginComputePass();
          for (const dispatch of dispatches) encodeDispatch(pass, dispatch);
          pass.end();
        });
        into[kernel] = Math.max(0, time - overhead);
      }
    },
    release: () => undefined,
  };
}

/** Mean of the values between the quartiles. */
function middleMean(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const quarter = Math.floor(sorted.length / 4);
  const middle = sorted.slice(quarter, sorted.length - quarter);
  return middle.reduce((sum, value) => sum + value, 0) / Math.max(1, middle.length);
}
