/// <reference types="@webgpu/types" />
/** Our WebGPU engine as a contender, in a worker as in the app. */
import { openDevice } from '../../../core/engines/webgpu/device.ts';
import { createWebgpuEngine } from '../../../core/engines/webgpu/webgpuEngine.ts';
import { ProblemError } from '../../../core/problem.ts';
import { openTraining } from '../engine/training.ts';
import { Refusal } from '../peers/arrays.mjs';
import { serve } from '../peers/serveWorker.mjs';
import { findWorkload } from '../workloads.ts';

interface Request {
  /** The time of each kernel instead. */
  readonly profile?: boolean;
}

await serve(async (task: { workload: string }) => {
  try {
    const { device, adapter, lost } = await openDevice(navigator.gpu);
    const engine = createWebgpuEngine({ device, lost, limits: adapter.limits, label: adapter.label, now: () => performance.now() });
    const bench = await openTraining(engine, findWorkload(task.workload)!);
    return {
      about: `Layerbench, ${engine.info.label}`,
      flops: bench.flops,
      adapter: adapter.label,
      run: async (steps: number, { profile = false }: Request) =>
        profile ? { kernels: (await bench.profile?.(steps)) ?? [] } : bench.run(steps),
    };
  } catch (error) {
    throw error instanceof ProblemError ? new Refusal(error.problem.message) : error;
  }
});
