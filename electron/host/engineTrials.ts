/** Engines on trial: how fast each trains a network on this machine, what its layers become, and the memory that takes. */
import { cpus } from 'node:os';
import { raise } from '../../core/problem.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { threadChoices } from '../../core/train/threadChoices.ts';
import type { EngineSpeed, KernelMeasurement, Trainable, TrainingPlan } from '../contract/calls.ts';
import type { Store } from '../store/store.ts';
import { availableEngines } from '../trainer/engines.ts';
import type { TrialSource } from '../trainer/trialProtocol.ts';
import { createPlanner, tryKernels, trySpeeds } from '../trainer/trials.ts';
import type { DataLibrary } from './dataLibrary.ts';
import type { Emit } from './events.ts';

export interface EngineTrials {
  measure(trained: Trainable): Promise<EngineSpeed[]>;
  measureKernels(trained: Trainable): Promise<KernelMeasurement>;
  plan(trained: Trainable): Promise<TrainingPlan>;
  kernelText(trained: Trainable, kernel: number): Promise<string>;
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

  /** The threads themselves say what is wrong with a network, as training would. */
  async function sourceOf({ document, config }: Trainable): Promise<TrialSource> {
    const info = data.get(config.data.id);
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
        const source = await sourceOf(trained);
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
