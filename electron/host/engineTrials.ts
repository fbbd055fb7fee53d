/** Engines on trial: how fast each trains a network on this machine, what its layers become, and the memory that takes. */
import { cpus } from 'node:os';
import type { DataRole } from '../../core/data/dataSet.ts';
import { inferShapes } from '../../core/graph/inferShapes.ts';
import type { GpuAdapter } from '../../core/engines/webgpu/adapter.ts';
import { raise } from '../../core/problem.ts';
import { suggestRate } from '../../core/train/rateFinder.ts';
import { rateRange, type RatePoint, type RateSearch } from '../../core/train/rateRange.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import { threadChoices } from '../../core/train/threadChoices.ts';
import type { EngineSpeed, KernelMeasurement, KernelText, Trainable, TrainingPlan } from '../contract/calls.ts';
import type { Store } from '../store/store.ts';
import { availableEngines } from '../trainer/engines.ts';
import type { TrialSource } from '../trainer/trialProtocol.ts';
import { createPlanner, tryKernels, tryRates, trySpeeds } from '../trainer/trials.ts';
import { createAutoEngine, isWorthMeasuring } from './autoEngine.ts';
import type { DataLibrary } from './dataLibrary.ts';
import type { Emit } from './events.ts';
import type { GpuHub } from './gpuHub.ts';

export interface EngineTrials {
  measure(trained: Trainable): Promise<EngineSpeed[]>;
  /**
   * What a run with the engine "auto" takes; any other choice stays. Measures a network that may be faster on a graphics
   * card, once.
   * @param roles of the data; absent where nothing is to be measured now
   */
  chooseEngine(trained: Trainable, roles?: readonly DataRole[]): Promise<RunConfig['engine']>;
  measureKernels(trained: Trainable): Promise<KernelMeasurement>;
  plan(trained: Trainable): Promise<TrainingPlan>;
  kernelText(trained: Trainable, kernel: number): Promise<KernelText>;
  /** Grows the learning rate step by step until the loss explodes. */
  findRate(trained: Trainable): Promise<RateSearch>;
  /** Ends the measurement or search that runs. */
  cancel(): void;
  close(): Promise<void>;
}

export interface EngineTrialsOptions {
  readonly data: DataLibrary;
  readonly store: Store;
  readonly emit: Emit;
  readonly gpu: GpuHub;
}

/** Every engine of this machine with the thread counts it can use, fastest kind first. */
export function engineChoices(cores: number, adapters: readonly GpuAdapter[] = []): RunConfig['engine'][] {
  const threads = threadChoices(cores);
  return availableEngines(adapters).flatMap((kind) =>
    (kind === 'reference' || kind === 'webgpu' ? [1] : threads).map((count) => ({ kind, threads: count })),
  );
}

/** Points of a search are said this often. */
const sayEveryMs = 100;

export function createEngineTrials({ data, store, emit, gpu }: EngineTrialsOptions): EngineTrials {
  const planner = createPlanner();
  const auto = createAutoEngine();
  let running: AbortController | undefined;
  let number = 0;

  /** The threads themselves say what is wrong with a network, as training would. */
  async function sourceOf({ document, config }: Trainable): Promise<TrialSource> {
    const info = data.get(config.data.id);
    await data.ensureCached(info);
    return { document, config, data: { folder: data.cacheFolder, hash: info.hash } };
  }

  const runningRun = () => store.runs.owned().find(({ status }) => status === 'running');

  /** One at a time, and never beside a training: both would be slower than they are. */
  async function runJob<T>(
    title: string,
    work: (signal: AbortSignal, progress: (done: number, total: number) => void) => Promise<T>,
    unit = 'measured',
  ) {
    const training = runningRun();
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
    const say = (state: 'running' | 'done' | 'cancelled' | 'failed') => emit('activity', { id, title, done, total, unit, state });
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

  /** What a run takes as far as is known, without measuring anything. */
  function usualEngine(trained: Trainable): RunConfig['engine'] {
    const { engine } = trained.config;
    if (engine.kind !== 'auto') return engine;
    const available = availableEngines(gpu.state.gpu);
    return auto.fastest(trained, available) ?? { kind: available[0]!, threads: engine.threads };
  }

  return {
    measure: (trained) =>
      runJob('Measuring engines', async (signal, progress) => {
        const source = await sourceOf(trained);
        const choices = engineChoices(cpus().length, gpu.state.gpu);
        let done = 0;
        progress(done, choices.length);
        const speeds = await trySpeeds(source, choices, {
          signal,
          openLane: gpu.openLane,
          onSpeed: () => progress(++done, choices.length),
        });
        auto.remember(trained, speeds);
        return speeds;
      }),
    async chooseEngine(trained, roles) {
      const { document, config } = trained;
      if (config.engine.kind !== 'auto') return config.engine;
      const available = availableEngines(gpu.state.gpu);
      const usual = { kind: available[0]!, threads: config.engine.threads };
      const known = auto.fastest(trained, available);
      if (known !== undefined || roles === undefined || runningRun() !== undefined) return known ?? usual;
      const hasCard = gpu.state.gpu.some(({ isSoftware }) => !isSoftware);
      if (!hasCard || !isWorthMeasuring(inferShapes(document, roles).flops, config.batchSize)) return usual;
      try {
        await runJob('Choosing the fastest engine', async (signal) => {
          const choices = [usual, { kind: 'webgpu', threads: 1 } as const];
          auto.remember(trained, await trySpeeds(await sourceOf(trained), choices, { signal, openLane: gpu.openLane }));
        });
      } catch {
        // Cancelled, or the network cannot be tried: the training itself will say why.
      }
      return auto.fastest(trained, available) ?? usual;
    },
    measureKernels: (trained) =>
      runJob('Measuring kernels', async (signal) => tryKernels(await sourceOf(trained), { signal, openLane: gpu.openLane })),
    findRate: (trained) =>
      runJob(
        'Finding a learning rate',
        async (signal, progress) => {
          const engine = usualEngine(trained);
          const points: RatePoint[] = [];
          let saidAt = 0;
          const say = () => {
            saidAt = Date.now();
            progress(points.length, rateRange.steps);
            emit('rate.points', { points: [...points] });
          };
          progress(0, rateRange.steps);
          await tryRates(await sourceOf({ ...trained, config: { ...trained.config, engine } }), {
            signal,
            openLane: gpu.openLane,
            onPoint: (point) => {
              points.push(point);
              if (Date.now() - saidAt >= sayEveryMs) say();
            },
          });
          return { points, suggested: suggestRate(points) };
        },
        'rates tried',
      ),
    plan: async (trained) => planner.plan(await sourceOf(trained)),
    kernelText: async (trained, kernel) => planner.kernelText(await sourceOf(trained), kernel, gpu.state.gpu[0]?.limits),
    cancel: () => running?.abort(),
    async close() {
      running?.abort();
      await planner.close();
    },
  };
}
