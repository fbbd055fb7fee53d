/**
 * A thread that plans trainings: what memory one takes, which kernels its layers become, and their text. It stays for
 * the next question, and remembers the types of the data and the last plan.
 */
import { parentPort } from 'node:worker_threads';
import { prepareData } from '../../core/tasks/prepareData.ts';
import { kernelText } from '../../core/engines/wasm/kernelText.ts';
import { kernelText as shaderText } from '../../core/engines/webgpu/kernelText.ts';
import { hasRelaxedSimd } from '../../core/engines/wasm/webAssembly.ts';
import { fuseProgram } from '../../core/plan/fuse.ts';
import type { KernelProgram } from '../../core/plan/kernelProgram.ts';
import { layoutSlots } from '../../core/plan/plan.ts';
import { planSession } from '../../core/plan/sessionPlan.ts';
import { ProblemError } from '../../core/problem.ts';
import type { PreparedDataTypes } from '../../core/program/lowerNetwork.ts';
import { lowerSession } from '../../core/program/lowerSession.ts';
import type { KernelText, TrainingPlan } from '../contract/calls.ts';
import { readDataSet } from '../files/dataCache.ts';
import { loadNative } from '../native/loadNative.ts';
import { availableEngines } from './engines.ts';
import { oneLine } from './oneLine.ts';
import type { PlanReply, PlanRequest, TrialSource } from './trialProtocol.ts';

interface Planned {
  /** Fused anew for the first text that is asked for; for WebGPU with memory in pages of so many bytes. */
  train(pageBytes?: number): KernelProgram;
  readonly plan: TrainingPlan;
}

/** The last answer to each kind of question, by what was asked. */
function remember<T>(): (key: string, make: () => Promise<T>) => Promise<T> {
  let last: { readonly key: string; readonly value: T } | undefined;
  return async (key, make) => {
    if (last?.key !== key) last = { key, value: await make() };
    return last.value;
  };
}

const dataOf = remember<PreparedDataTypes>();
const planOf = remember<Planned>();

/** Without the values, so that a large data set does not stay in memory. */
async function readTypes({ config, data }: TrialSource): Promise<PreparedDataTypes> {
  const { inputs, target, parts, ...rest } = prepareData(await readDataSet(data.folder, data.hash), config);
  const [type, ...types] = [target, ...inputs].map(({ values: _values, ...described }) => described);
  const { train, validation, test } = parts;
  return {
    ...rest,
    inputs: types,
    target: type!,
    parts: { train: { length: train.length }, validation: { length: validation.length }, test: { length: test.length } },
  };
}

async function makePlan(source: TrialSource): Promise<Planned> {
  const { document, config, data } = source;
  const types = await dataOf(JSON.stringify([data.hash, config.preparation, config.split, config.task]), () => readTypes(source));
  const lowered = lowerSession({ document, config, data: types });
  const { programs, slotBytes, bufferBytes } = planSession(lowered);
  const fused = new Map<number, KernelProgram>();
  return {
    train(pageBytes = Infinity) {
      const known = fused.get(pageBytes);
      if (known !== undefined) return known;
      const program = fuseProgram(lowered.programs.train, layoutSlots(lowered.slots, { pageBytes }));
      fused.set(pageBytes, program);
      return program;
    },
    plan: {
      kernels: programs[0]!.kernels.map(({ barrier: _barrier, buffers: _buffers, ...description }) => description),
      slotBytes,
      arenaBytes: bufferBytes,
      batchSize: programs[0]!.batchSize,
      trainingRows: types.parts.train.length,
      native: usesNative(source),
    },
  };
}

function usesNative({ config }: TrialSource): boolean {
  const kind = config.engine.kind === 'auto' ? availableEngines()[0] : config.engine.kind;
  return kind === 'native' && loadNative().accelerator !== undefined;
}

/** In the language of the chosen engine; WebAssembly where no adapter would run the kernel. */
function textOf(
  train: Planned['train'],
  { config, kernel: index, gpu }: Extract<PlanRequest, { kind: 'text' }>,
  native: boolean,
): KernelText {
  const onGpu = config.engine.kind === 'webgpu' && gpu !== undefined;
  const program = train(onGpu ? gpu.maxPageBytes : undefined);
  const kernel = program.kernels[index];
  if (kernel === undefined) throw new Error(`the training has no kernel ${index}`);
  if (onGpu) return { language: 'wgsl', text: shaderText(program, index, gpu) };
  return { language: 'wasm', text: kernelText(program, kernel, { native }, { relaxed: hasRelaxedSimd() }) };
}

async function answer(request: PlanRequest): Promise<PlanReply> {
  const { id, document, config, data } = request;
  try {
    const { train, plan } = await planOf(JSON.stringify([document, config, data]), () => makePlan(request));
    if (request.kind === 'plan') return { id, kind: 'plan', plan };
    return { id, kind: 'text', kernel: textOf(train, request, plan.native) };
  } catch (error) {
    const problem =
      error instanceof ProblemError ? error.problem : { code: 'internal', message: `The training cannot be planned: ${oneLine(error)}` };
    return { id, kind: 'failed', problem };
  }
}

// One after the other, so that two questions about one network plan it once.
let queue = Promise.resolve();
parentPort!.on('message', (request: PlanRequest) => {
  queue = queue.then(async () => parentPort!.postMessage(await answer(request)));
});
