/** The thread that takes steps of training apart. It keeps the machines that were opened last. */
import { parentPort } from 'node:worker_threads';
import { createExplainer, type Explainer } from '../../core/explain/explainer.ts';
import type { ExplainState, ExplainView } from '../../core/explain/view.ts';
import { countCost, type LayerCost } from '../../core/learn/cost.ts';
import { ProblemError, raise } from '../../core/problem.ts';
import { elementCount } from '../../core/ops/shapes.ts';
import type { ValueId } from '../../core/program/program.ts';
import { prepareData } from '../../core/tasks/prepareData.ts';
import { readDataSet } from '../files/dataCache.ts';
import type { AskMessage, AskReply } from './askThread.ts';
import { readCheckpointFile } from './checkpointFile.ts';
import type { ExplainAsk, ExplainAsks } from './explainProtocol.ts';
import { oneLine } from './oneLine.ts';

const port = parentPort!;
const machines = new Map<number, Explainer>();
/** Further ones close the one that was used longest ago. */
const mostMachines = 4;
/** An answer fits one message of every shell. */
const mostNumbers = 1_000_000;
/** Samples that are offered of each part. */
const offered = 200;
let opened = 0;
let last: Promise<void> = Promise.resolve();

port.on('message', (message: AskMessage<ExplainAsk>) => {
  if (message.type === 'ask') last = last.then(() => answer(message.id, message.question));
});

function post(reply: AskReply): void {
  port.postMessage(reply);
}

async function answer(id: number, ask: ExplainAsk): Promise<void> {
  try {
    post({ id, type: 'answer', value: ask.kind === 'open' ? await open(ask) : ask.kind === 'cost' ? await cost(ask) : work(ask) });
  } catch (error) {
    const stack = error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {};
    if (error instanceof ProblemError) post({ id, type: 'failed', problem: error.problem });
    else post({ id, type: 'failed', problem: { code: 'internal', message: `Explaining the step failed: ${oneLine(error)}` }, ...stack });
  }
}

async function open({ source, rows, mode }: ExplainAsks['open']['args']): Promise<ExplainView> {
  const { document, config, data, checkpointFile } = source;
  const prepared = prepareData(await readDataSet(data.folder, data.hash), config);
  const checkpoint = checkpointFile === undefined ? undefined : await readCheckpointFile(checkpointFile);
  const samples = {
    train: [...prepared.parts.train.subarray(0, offered)],
    validation: [...prepared.parts.validation.subarray(0, offered)],
  };
  const machine = createExplainer({
    document,
    config,
    data: prepared,
    rows:
      rows.length > 0
        ? rows
        : (samples.validation[0] ?? samples.train[0]) === undefined
          ? []
          : [samples.validation[0] ?? samples.train[0]!],
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(mode === undefined ? {} : { mode }),
  });
  const number = ++opened;
  machines.set(number, machine);
  for (const [oldest] of machines) if (machines.size > mostMachines) machines.delete(oldest);
  const { explanation } = machine;
  const { classNames } = prepared.target.role;
  return {
    machine: number,
    mode: explanation.mode,
    rows: machine.rows,
    stages: explanation.stages,
    parameters: explanation.parameters,
    names: [...explanation.named],
    ...(classNames === undefined ? {} : { classNames }),
    roleNames: Object.fromEntries(
      prepared.inputs.flatMap(({ role }) => (role.classNames === undefined ? [] : [[role.name, role.classNames]])),
    ),
    samples,
    ...stateOf(machine),
  };
}

function stateOf({ step, taken, learningRate, edits, explanation, read }: Explainer): ExplainState {
  return { step, taken, learningRate, edits, loss: read(explanation.loss)[0]! };
}

async function cost({ source: { document, config, data } }: ExplainAsks['cost']['args']): Promise<LayerCost[]> {
  return countCost({ document, config, data: prepareData(await readDataSet(data.folder, data.hash), config) });
}

function work(ask: Exclude<ExplainAsk, { kind: 'open' | 'cost' }>): unknown {
  if (ask.kind === 'close') return (machines.delete(ask.machine), null);
  const machine =
    machines.get(ask.machine) ??
    raise({ code: 'explain.closed', message: 'This time machine was closed to make room for others.', hint: 'Open it again.' });
  // The one used last stays longest.
  machines.delete(ask.machine);
  machines.set(ask.machine, machine);
  switch (ask.kind) {
    case 'read':
      return readAll(machine, ask.values);
    case 'derive':
      return machine.derive(checked(machine, ask.request));
    case 'compose':
      return machine.compose(checked(machine, ask.request));
    case 'change':
      for (const { value, at } of ask.edits) checked(machine, { value, element: 'element' in at ? at.element : 0 });
      machine.change(ask.edits);
      return stateOf(machine);
    case 'advance':
      machine.advance();
      return stateOf(machine);
    case 'back':
      machine.back();
      return stateOf(machine);
    default:
      return ask satisfies never;
  }
}

function typeOf({ explanation }: Explainer, value: ValueId): { readonly shape: readonly number[] } {
  return (
    explanation.program.values[value] ??
    raise({ code: 'explain.value', message: `There is no value ${value} in this step; there are ${explanation.program.values.length}.` })
  );
}

function checked<T extends { readonly value: ValueId; readonly element: number }>(machine: Explainer, request: T): T {
  const count = elementCount(typeOf(machine, request.value).shape);
  if (request.element >= 0 && request.element < count) return request;
  return raise({ code: 'explain.element', message: `Value ${request.value} has the elements 0 to ${count - 1}, got ${request.element}.` });
}

function readAll(machine: Explainer, values: readonly ValueId[]): (Float32Array | Int32Array)[] {
  const total = values.reduce((sum, value) => sum + elementCount(typeOf(machine, value).shape), 0);
  if (total > mostNumbers) {
    raise({
      code: 'explain.tooMany',
      message: `These values hold ${total.toLocaleString('en-US')} numbers; up to ${mostNumbers.toLocaleString('en-US')} are read at once.`,
      hint: 'Look at one layer at a time.',
    });
  }
  return values.map((value) => {
    const data = machine.read(value);
    if (data instanceof Int32Array) return data.slice();
    return Float32Array.from(data);
  });
}
