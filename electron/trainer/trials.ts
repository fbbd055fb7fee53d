/** Starts the threads that plan trainings and try out engines. */
import { Worker } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import { ProblemError, type Problem } from '../../core/problem.ts';
import type { GpuLimits } from '../../core/engines/webgpu/shader.ts';
import type { RatePoint } from '../../core/train/rateRange.ts';
import type { RunConfig } from '../../core/train/runConfig.ts';
import type { EngineSpeed, KernelMeasurement, KernelText, TrainingPlan } from '../contract/calls.ts';
import { oneLine } from './oneLine.ts';
import type { PlanReply, PlanRequest, TrialJob, TrialMessage, TrialSource } from './trialProtocol.ts';

/** Measured for so long, each. */
const speedBudgetMs = 600;
const kernelBudgetMs = 700;
/** An engine that has not said anything for so long is given up. */
const patienceMs = 6_000;
/** A graphics driver may take this long to compile a network's shaders for the first time. */
const gpuPatienceMs = 30_000;
/** A planner that nobody asks ends after this. */
const idleMs = 60_000;

export const cancelled: Problem = { code: 'job.cancelled', message: 'The measurement was cancelled.' };

/** A port to the engine on a graphics card. */
export type OpenLane = () => MessagePort;

export interface TrialOptions {
  readonly signal: AbortSignal;
  readonly openLane: OpenLane;
  readonly onSpeed?: (speed: EngineSpeed) => void;
}

/** Tries each choice in turn; one that is far too slow is named as such, and the others go on. */
export async function trySpeeds(
  source: TrialSource,
  choices: readonly RunConfig['engine'][],
  { signal, openLane, onSpeed }: TrialOptions,
): Promise<EngineSpeed[]> {
  const speeds: EngineSpeed[] = [];
  const add = (speed: EngineSpeed) => {
    speeds.push(speed);
    onSpeed?.(speed);
  };
  while (speeds.length < choices.length) {
    const left = choices.slice(speeds.length);
    const lane = left.some(({ kind }) => kind === 'webgpu') ? { lane: openLane() } : {};
    const ended = await runTrial({ ...source, ...lane, kind: 'speeds', choices: left, budgetMs: speedBudgetMs }, signal, (message) => {
      if (message.kind === 'speed') add(message.speed);
    });
    if (ended === 'late') add({ choice: choices[speeds.length]!, problem: tooSlow('lane' in lane) });
  }
  return speeds;
}

function tooSlow(onGpu: boolean): Problem {
  return { code: 'engine.slow', message: `Not one step in ${(onGpu ? gpuPatienceMs : patienceMs) / 1000} s: too slow for this network.` };
}

export async function tryKernels(source: TrialSource, { signal, openLane }: TrialOptions): Promise<KernelMeasurement> {
  let measurement: KernelMeasurement | undefined;
  const lane = source.config.engine.kind === 'webgpu' ? { lane: openLane() } : {};
  await runTrial({ ...source, ...lane, kind: 'kernels', budgetMs: kernelBudgetMs }, signal, (message) => {
    if (message.kind === 'kernels') measurement = message.measurement;
  });
  if (measurement === undefined) throw new ProblemError(tooSlow('lane' in lane));
  return measurement;
}

/** Tries growing learning rates from the start weights; `onPoint` hears of each. */
export async function tryRates(
  source: TrialSource,
  { signal, openLane, onPoint }: TrialOptions & { readonly onPoint: (point: RatePoint) => void },
): Promise<void> {
  const lane = source.config.engine.kind === 'webgpu' ? { lane: openLane() } : {};
  const ended = await runTrial({ ...source, ...lane, kind: 'rates', budgetMs: 0 }, signal, (message) => {
    if (message.kind === 'rate') onPoint(message.point);
  });
  if (ended === 'late') throw new ProblemError(tooSlow('lane' in lane));
}

/** @throws ProblemError when it fails or is cancelled; the thread is gone either way */
function runTrial(job: TrialJob, signal: AbortSignal, onMessage: (message: TrialMessage) => void): Promise<'end' | 'late'> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(new ProblemError(cancelled));
    const worker = new Worker(new URL('./trialWorker.ts', import.meta.url), {
      workerData: job,
      transferList: job.lane === undefined ? [] : [job.lane],
      name: 'layerbench trial',
    });
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      worker.removeAllListeners();
      void worker.terminate().then(finish);
    };
    const fail = (problem: Problem) => settle(() => reject(new ProblemError(problem)));
    const cancel = () => fail(cancelled);
    const giveUp = () => settle(() => resolve('late'));
    const patience = job.lane === undefined ? patienceMs : gpuPatienceMs;
    let timer = setTimeout(giveUp, patience);
    signal.addEventListener('abort', cancel);
    worker.on('message', (message: TrialMessage) => {
      clearTimeout(timer);
      if (message.kind === 'failed') return fail(message.problem);
      onMessage(message);
      if (message.kind === 'end') return settle(() => resolve('end'));
      timer = setTimeout(giveUp, patience);
    });
    worker.on('error', (error) => fail({ code: 'internal', message: `The measurement failed: ${oneLine(error)}` }));
    worker.on('exit', () => fail({ code: 'internal', message: 'The measuring thread ended without a result.' }));
  });
}

export interface Planner {
  plan(source: TrialSource): Promise<TrainingPlan>;
  /** @param gpu of the adapter that WebGPU would use */
  kernelText(source: TrialSource, kernel: number, gpu: GpuLimits | undefined): Promise<KernelText>;
  close(): Promise<void>;
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never;

/** One thread for all questions, started by the first and ended when none come any more. */
export function createPlanner(): Planner {
  let worker: Worker | undefined;
  let idle: NodeJS.Timeout | undefined;
  let lastId = 0;
  const open = new Map<number, { resolve(reply: PlanReply): void; reject(error: Error): void }>();

  function rest(): void {
    clearTimeout(idle);
    if (open.size > 0) return;
    idle = setTimeout(() => void close(), idleMs);
    idle.unref();
  }

  function start(): Worker {
    const started = new Worker(new URL('./planWorker.ts', import.meta.url), { name: 'layerbench planner' });
    started.unref();
    const fail = (error: Error) => {
      if (worker === started) worker = undefined;
      for (const { reject } of open.values()) reject(error);
      open.clear();
    };
    started.on('message', (reply: PlanReply) => {
      open.get(reply.id)?.resolve(reply);
      open.delete(reply.id);
      rest();
    });
    started.on('error', (error) => fail(error instanceof Error ? error : new Error(String(error))));
    started.on('exit', () => worker === started && fail(new ProblemError({ code: 'planner.ended', message: 'Planning was ended.' })));
    return started;
  }

  async function ask(request: Unnumbered<PlanRequest>): Promise<PlanReply> {
    clearTimeout(idle);
    worker ??= start();
    const id = ++lastId;
    const reply = await new Promise<PlanReply>((resolve, reject) => {
      open.set(id, { resolve, reject });
      worker!.postMessage({ id, ...request });
    });
    if (reply.kind === 'failed') throw new ProblemError(reply.problem);
    return reply;
  }

  async function close(): Promise<void> {
    clearTimeout(idle);
    await worker?.terminate();
  }

  return {
    async plan(source) {
      const reply = await ask({ kind: 'plan', ...source });
      return (reply as Extract<PlanReply, { kind: 'plan' }>).plan;
    },
    async kernelText(source, kernel, gpu) {
      const reply = await ask({ kind: 'text', kernel, ...source, ...(gpu === undefined ? {} : { gpu }) });
      return (reply as Extract<PlanReply, { kind: 'text' }>).kernel;
    },
    close,
  };
}
