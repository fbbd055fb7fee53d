/** A thread that tries out engines on a network and its data, says how fast they are, and ends. */
import { parentPort, workerData } from 'node:worker_threads';
import { prepareData } from '../../core/tasks/prepareData.ts';
import type { PreparedData } from '../../core/data/prepared.ts';
import type { Engine } from '../../core/engines/engine.ts';
import { ProblemError, raise, type Problem } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { searchRate } from '../../core/train/rateFinder.ts';
import { measureKernels, measureSteps } from '../../core/train/trial.ts';
import type { EngineSpeed } from '../contract/calls.ts';
import { readDataSet } from '../files/dataCache.ts';
import { createEngine, useEngine } from './createEngine.ts';
import { openGpuEngine } from './gpuEngine.ts';
import { oneLine } from './oneLine.ts';
import type { TrialJob, TrialMessage } from './trialProtocol.ts';

const post = (message: TrialMessage) => parentPort!.postMessage(message);
const now = () => performance.now();
const job = workerData as TrialJob;

/** WebGPU where a window offers it; one engine per job, as there is one lane. */
async function openEngine(choice: RunConfig['engine']): Promise<Engine> {
  return choice.kind === 'webgpu' && job.lane !== undefined ? openGpuEngine(job.lane) : createEngine(choice);
}

async function trySpeed(choice: RunConfig['engine'], data: PreparedData, budgetMs: number): Promise<EngineSpeed> {
  const { document, config } = job;
  try {
    return await useEngine(await openEngine(choice), async (engine) => ({
      choice,
      engine: engine.info,
      speed: await measureSteps({ document, config: { ...config, engine: choice }, data, engine }, { now, budgetMs }),
    }));
  } catch (error) {
    return { choice, problem: problemOf(error) };
  }
}

function problemOf(error: unknown): Problem {
  return error instanceof ProblemError ? error.problem : { code: 'internal', message: `The measurement failed: ${oneLine(error)}` };
}

try {
  const { document, config, budgetMs } = job;
  const dataSet = await readDataSet(job.data.folder, job.data.hash);
  const data = prepareData(dataSet, config);
  if (job.kind === 'speeds') {
    for (const choice of job.choices) post({ kind: 'speed', speed: await trySpeed(choice, data, budgetMs) });
  } else if (job.kind === 'rates') {
    await useEngine(await openEngine(config.engine), async (engine) => {
      // The whole thread ends where the search is cancelled.
      const platform = { poll: async () => undefined };
      for await (const point of searchRate({ document, config, data, engine }, platform)) post({ kind: 'rate', point });
    });
  } else {
    // Kernels are timed one by one, so there is nothing for a second thread to do.
    await useEngine(await openEngine({ ...config.engine, threads: 1 }), async (engine) => {
      const times =
        (await measureKernels({ document, config, data, engine }, { now, budgetMs })) ??
        raise({
          code: 'engine.noKernels',
          message: `The kernels of ${engine.info.label} cannot be measured one by one.`,
          hint: 'Choose another engine in Train.',
        });
      post({ kind: 'kernels', measurement: { engine: engine.info, kernelMs: [...times.kernelMs], steps: times.steps } });
    });
  }
  post({ kind: 'end' });
} catch (error) {
  post({ kind: 'failed', problem: problemOf(error) });
}
