/**
 * A thread that plans trainings: what memory one takes, which kernels its layers become, and their text. It stays for
 * the next question, and remembers the types of the data and the last plan.
 */
import { parentPort } from 'node:worker_threads';
import { prepareData } from '../../core/data/prepare.ts';
import { kernelText } from '../../core/engines/wasm/kernelText.ts';
import { hasRelaxedSimd } from '../../core/engines/wasm/webAssembly.ts';
import { fuseProgram } from '../../core/plan/fuse.ts';
import type { KernelProgram } from '../../core/plan/kernelProgram.ts';
import { layoutSlots } from '../../core/plan/plan.ts';
import { planSession } from '../../core/plan/sessionPlan.ts';
import { ProblemError } from '../../core/problem.ts';
import type { PreparedDataTypes } from '../../core/program/lowerNetwork.ts';
import { lowerSession } from '../../core/program/lowerSession.ts';
import type { TrainingPlan } from '../contract/calls.ts';
import { readDataSet } from '../files/dataCache.ts';
import { loadNative } from '../native/loadNative.ts';
import { availableEngines } from './engines.ts';
import { oneLine } from './oneLine.ts';
import type { PlanReply, PlanRequest, TrialSource } from './trialProtocol.ts';

interface Planned {
  /** Fused anew for the first text that is asked for. */
  train(): KernelProgram;
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
  const { preparation, split } = config;
  const { task, rowCount, inputs, target, parts } = prepareData(await readDataSet(data.folder, data.hash), { preparation, split });
  const [type, ...types] = [target, ...inputs].map(({ values: _values, ...rest }) => rest);
  const { train, validation, test } = parts;
  return {
    task,
    rowCount,
    inputs: types,
    target: type!,
    parts: { train: { length: train.length }, validation: { length: validation.length }, test: { length: test.length } },
  };
}

async function makePlan(source: TrialSource): Promise<Planned> {
  const { document, config, data } = source;
  const types = await dataOf(JSON.stringify([data.hash, config.preparation, config.split]), () => readTypes(source));
  const lowered = lowerSession({ document, config, data: types });
  const { programs, slotBytes, bufferBytes } = planSession(lowered);
  let train: KernelProgram | undefined;
  return {
    train: () => (train ??= fuseProgram(lowered.programs.train, layoutSlots(lowered.slots))),
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

async function answer(request: PlanRequest): Promise<PlanReply> {
  const { id, document, config, data } = request;
  try {
    const { train, plan } = await planOf(JSON.stringify([document, config, data]), () => makePlan(request));
    if (request.kind === 'plan') return { id, kind: 'plan', plan };
    const program = train();
    const kernel = program.kernels[request.kernel];
    if (kernel === undefined) throw new Error(`the training has no kernel ${request.kernel}`);
    return { id, kind: 'text', text: kernelText(program, kernel, { native: plan.native }, { relaxed: hasRelaxedSimd() }) };
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
