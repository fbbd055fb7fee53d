/** Engines on trial: how fast each trains a network on this machine, what its layers become, and the memory that takes. */
import { cpus } from 'node:os';
import { checkTrainable } from '../../core/graph/checkTrainable.ts';
import type { NetworkDocument } from '../../core/graph/document.ts';
import { raise } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { threadChoices } from '../../core/train/threadChoices.ts';
import type { EngineSpeed, KernelMeasurement, TrainingPlan } from '../contract/calls.ts';
import type { Store } from '../store/store.ts';
import { availableEngines, engineProblem } from '../trainer/engines.ts';
import type { TrialSource } from '../trainer/trialProtocol.ts';
import { createPlanner, tryKernels, trySpeeds } from '../trainer/trials.ts';
import type { DataLibrary } from './dataLibrary.ts';
import type { Emit } from './events.ts';

export interface Trained {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
}

export interface EngineTrials {
  measure(trained: Trained): Promise<EngineSpeed[]>;
  measureKernels(trained: Trained): Promise<KernelMeasurement>;
  plan(trained: Trained): Promise<TrainingPlan>;
  kernelText(trained: Trained, kernel: number): Promise<string>;
  /** Ends the measurement that runs. */
  cancel(): void;
  close(): Promise<void>;
}

export interface EngineTrialsOptions {
  readonly data: DataLibrary;
  readonly store: Store;
  readonly emit: Emit;
}

/** Every engine of this machine with the thread counts it can use, fastest kind first. */
export function engineChoices(cores: number): RunConfig['engine'][] {
  const threads = threadChoices(cores);
  return availableEngines().flatMap((kind) => (kind === 'reference' ? [1] : threads).map((count) => ({ kind, threads: count })));
}

export function createEngineTrials({ data, store, emit }: EngineTrialsOptions): EngineTrials {
  const planner = createPlanner();
  let running: AbortController | undefined;
  let number = 0;

  async function sourceOf({ document, config }: Trained): Promise<TrialSource> {
    const info = data.get(config.data.id);
    const { roles, problems } = await data.roles(info.id, config);
    const problem = roles.length === 0 ? problems[0] : (checkTrainable(document, roles, config)[0] ?? engineProblem(config.engine));
    if (problem !== undefined) raise(problem);
    await data.ensureCached(info);
    return { document, config, data: { folder: data.cacheFolder, hash: info.hash } };
  }

  /** One at a time, and never beside a training: both would be slower than they are. */
  async function runJob<T>(title: string, work: (signal: AbortSignal, progress: (done: number, total: number) => void) => Promise<T>) {
    const training = store.runs.owned().find(({ status }) => status === 'running');
    if (training !== undefined) {
      raise({
        code: 'engine.busy',
        message: `Run ${training.id} trains on this machine: nothing can be measured beside it.`,
        hint: 'Pause or stop it, or measure when it has ended.',
      });
    }
    running?.abort();
    const controller = (running = new AbortController());
    const id = `engines ${++number}`;
    let [done, total] = [0, 1];
    const say = (state: 'running' | 'done' | 'cancelled' | 'failed') =>
      emit('activity', { id, title, done, total, unit: 'measured', state });
    say('running');
    try {
      const result = await work(controller.signal, (now, of) => {
        [done, total] = [now, of];
        say('running');
      });
      done = total;
      say('done');
      return result;
    } catch (error) {
      say(controller.signal.aborted ? 'cancelled' : 'failed');
      throw error;
    } finally {
      if (running === controller) running = undefined;
    }
  }

  return {
    measure: (trained) =>
      runJob('Measuring engines', async (signal, progress) => {
        const source = await sourceOf({ ...trained, config: { ...trained.config, engine: { kind: 'auto', threads: 1 } } });
        const choices = engineChoices(cpus().length);
        let done = 0;
        progress(done, choices.length);
        return trySpeeds(source, choices, { signal, onSpeed: () => progress(++done, choices.length) });
      }),
    measureKernels: (trained) => runJob('Measuring kernels', async (signal) => tryKernels(await sourceOf(trained), signal)),
    plan: async (trained) => planner.plan(await sourceOf(trained)),
    kernelText: async (trained, kernel) => planner.kernelText(await sourceOf(trained), kernel),
    cancel: () => running?.abort(),
    async close() {
      running?.abort();
      await planner.close();
    },
  };
}
