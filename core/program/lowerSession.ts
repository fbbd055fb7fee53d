/**
 * Document + run config + types of the prepared data → the programs and slots of one training session.
 *
 * train, trainTail     forward, loss, gradients, optimizer; append statistics to `train/statistics`
 * apply                where several batches make a step: the optimizer, on the gradients that train and trainTail summed up
 * evaluate, ...Tail    forward and loss without dropout; append statistics to `evaluate/statistics`
 * predict              forward only; appends probabilities (or numbers on the training scale) to `predictions`
 *                        evaluate2, ... where the parts are scored in batches of their own size
 *
 * Slots: `<node id>/<weight>` parameters and statistics, `<node id>/<weight>/<state>` optimizer states, `data/<kind>/<role>` the data.
 */
import type { PreparedData } from '../data/prepared.ts';
import { countClasses, epochRows } from '../data/sampling.ts';
import type { SlotData } from '../engines/engine.ts';
import { checkTrainable, maximumSessionBytes, memoryProblem } from '../graph/checkTrainable.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { preparedRoles } from '../data/prepared.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { statisticNames, type StatisticName } from '../metrics/index.ts';
import { optimizerOf } from '../optimizers/index.ts';
import { elementCount } from '../ops/shapes.ts';
import { sessionMemory } from '../plan/sessionPlan.ts';
import { raise } from '../problem.ts';
import { taskOf } from '../tasks/index.ts';
import { tableSlot } from '../tasks/tables.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { applyGradients, applyProgram, smallestWeight } from './applyGradients.ts';
import { createBuilder } from './builder.ts';
import { gradients } from './gradient.ts';
import { lowerLoss, predictionOf, predictionShape, readablePrediction, statisticOptions } from './lowerLoss.ts';
import { gradientSlot, splitScalar, stepScalars, weightSlot } from './optimizerStep.ts';
import { adversarialProgram, adversarialScores } from './adversarialStep.ts';
import { createFeed } from './feed.ts';
import { averageSlot, dataSlot, dataType, lowerForward } from './lowerNetwork.ts';
import type { LoweredNetwork, ParameterSlot, PreparedDataTypes, PreparedRoleType } from './lowerNetwork.ts';
import type { Program, SlotSpec } from './program.ts';
import { readNetwork } from './readNetwork.ts';
import { slotOf, trainableOf, type Session } from './trainingParts.ts';

export { initialiseParameters } from './initialise.ts';

export interface RingSlot {
  readonly slot: string;
  /** Steps that fit before it must be read. */
  readonly capacity: number;
}

export interface StatisticsRing extends RingSlot {
  /** Columns of a row: sums over the step's rows. */
  readonly names: readonly StatisticName[];
}

export interface LoweredSession {
  /** `trainTail` is the last, shorter batch of an epoch; `evaluateTail` takes one row per step. */
  readonly programs: {
    readonly train: Program;
    readonly trainTail?: Program;
    /** Present where several batches make a step: `train` and `trainTail` then only add up gradients. */
    readonly apply?: Program;
    readonly evaluate: Program;
    readonly evaluateTail: Program;
    readonly predict: Program;
  };
  /** The programs that score, largest batch first; every row count is made up of them. */
  readonly evaluations: readonly Program[];
  readonly slots: readonly SlotSpec[];
  /** Slots to fill with the data before the first step. */
  readonly dataSlots: readonly { readonly slot: string; readonly values: (data: PreparedData) => SlotData }[];
  readonly parameters: readonly ParameterSlot[];
  readonly parameterCount: number;
  /** What training keeps without learning it, as batch norm's running mean. */
  readonly statistics: readonly ParameterSlot[];
  readonly trainRing: StatisticsRing;
  readonly evaluateRing: StatisticsRing;
  /** Rows of shape (predict.batchSize, units); units of all time steps together. */
  readonly predictionsRing: RingSlot & { readonly units: number };
  /** Parameters whose moving average is kept. */
  readonly averaged: readonly ParameterSlot[];
  /**
   * Scalars of `steps` optimizer steps from `firstStep` (counted from 0): a function of the step alone, so resuming is exact.
   * @param learningRate the same for all, or by step
   */
  fillScalars(firstStep: number, steps: number, learningRate: number | ((step: number) => number)): Float32Array;
}

export interface SessionParts {
  readonly document: NetworkDocument;
  readonly config: RunConfig;
  readonly data: PreparedDataTypes;
}

const trainSlot = 'train/statistics';
const evaluateSlot = 'evaluate/statistics';
const predictionsSlot = 'predictions';
const statisticsCapacity = 1024;
const largestEvaluateBatch = 256;
/** Numbers of a batch's predictions from which batches are smaller and are read one by one. */
const manyPredictions = 2 ** 18;

/**
 * What the programs of a session are built from.
 * @throws ProblemError with the first reason why the document can't be trained
 */
export function readSession({ document, config, data }: SessionParts): Session {
  const roles = preparedRoles(data);
  const shapes = inferShapes(document, roles);
  const problem = checkTrainable(document, roles, config, shapes)[0];
  if (problem !== undefined) raise(problem);

  const average = config.controls.averageDecay > 0;
  const network: LoweredNetwork = { ...readNetwork(document, shapes, data), ...(average ? { averaged: true as const } : {}) };
  const optimizer = optimizerOf(config.optimizer);
  const classCounts = countClasses(data);
  return { network, config, task: taskOf(config.task), optimizer, ...(classCounts === undefined ? {} : { classCounts }) };
}

/** @throws ProblemError with the first reason why the document can't be trained */
export function lowerSession(parts: SessionParts): LoweredSession {
  const { config, data } = parts;
  const session = readSession(parts);
  const { network, optimizer, classCounts } = session;
  const average = network.averaged === true;
  const batchSize = Math.min(config.batchSize, epochRows(config.controls.sampling, classCounts, data.parts.train.length));
  const { evaluations, ...programs } = buildPrograms(session, batchSize);
  const names = statisticNames(session.task.answer, statisticOptions(session));
  const slots = declareSlots(session, names.length, programs.predict.batchSize);
  const { totalBytes } = sessionMemory({ programs, slots });
  if (totalBytes > maximumSessionBytes) {
    raise(memoryProblem(totalBytes, `The network with batches of ${batchSize.toLocaleString('en-US')} samples`));
  }
  return {
    programs,
    slots,
    evaluations,
    dataSlots: [
      ...network.usedRoles.map((role) => ({ slot: dataSlot(role), values: (prepared: PreparedData) => valuesOf(prepared, role) })),
      ...(data.tables ?? []).map(({ name }) => ({ slot: tableSlot(name), values: (prepared: PreparedData) => tableOf(prepared, name) })),
    ],
    parameters: network.parameters,
    statistics: network.statistics,
    averaged: average ? trainableOf(network) : [],
    parameterCount: network.parameters.reduce((sum, { spec }) => sum + elementCount(spec.shape), 0),
    trainRing: { slot: trainSlot, capacity: statisticsCapacity, names },
    evaluateRing: { slot: evaluateSlot, capacity: statisticsCapacity, names },
    predictionsRing: { slot: predictionsSlot, capacity: predictionsCapacity(network), units: elementCount(predictionShape(network)) },
    fillScalars(firstStep, steps, learningRate) {
      const { scalarNames } = programs.apply ?? programs.train;
      const named = scalarNames.map(splitScalar);
      const scalars = new Float32Array(steps * named.length);
      for (let i = 0; i < steps; i++) {
        const step = firstStep + i;
        const rate = typeof learningRate === 'number' ? learningRate : learningRate(step);
        const byFactor = new Map<number, Readonly<Record<string, number>>>();
        named.forEach(({ name, factor }, k) => {
          const values = byFactor.get(factor) ?? stepScalars(config, optimizer, step, rate * factor);
          byFactor.set(factor, values);
          scalars[i * named.length + k] = values[name] ?? NaN;
        });
      }
      return scalars;
    },
  };
}

function buildPrograms(session: Session, batchSize: number) {
  const { network, config, classCounts } = session;
  const { train, validation, test } = network.data.parts;
  const tail = epochRows(config.controls.sampling, classCounts, train.length) % batchSize;
  const largest = Math.max(train.length, validation.length, test.length);
  const evaluateBatch = Math.min(largestBatch(network), largest);
  const evaluate = evaluateProgram('evaluate', evaluateBatch, session);
  const evaluateTail = evaluateProgram('evaluateTail', 1, session);
  // Where every batch computes the whole data, each part is one batch.
  const whole = network.data.inputs.some(({ reading }) => reading?.kind === 'whole');
  const sizes = whole
    ? [...new Set([train.length, validation.length, test.length])].filter((size) => size > 1 && size !== evaluateBatch)
    : [];
  const others = sizes.map((size, i) => evaluateProgram(`evaluate${i + 2}`, size, session));
  return {
    evaluations: [evaluate, ...others, evaluateTail].sort((a, z) => z.batchSize - a.batchSize),
    ...Object.fromEntries(others.map((program) => [program.name, program])),
    train: trainProgram('train', batchSize, session),
    ...(tail === 0 ? {} : { trainTail: trainProgram('trainTail', tail, session) }),
    ...(config.controls.accumulation > 1 ? { apply: applyProgram(session) } : {}),
    evaluate,
    evaluateTail,
    predict: predictProgram(evaluateBatch, session),
  };
}

function declareSlots({ network, config, optimizer }: Session, statisticCount: number, predictBatch: number): SlotSpec[] {
  const { rowCount } = network.data;
  const ring = (name: string, shape: readonly number[]): SlotSpec => ({ name, kind: 'ring', type: { shape, dtype: 'f32' } });
  const statistics = [statisticsCapacity, statisticCount];
  const accumulates = config.controls.accumulation > 1;
  return [
    ...network.parameters.flatMap(({ slot, spec, frozen }): SlotSpec[] => {
      const type = { shape: spec.shape, dtype: 'f32' } as const;
      const own: SlotSpec = { name: slot, kind: 'parameter', type };
      if (frozen) return [own];
      return [
        own,
        ...optimizer.stateNames(config.optimizer).map((state): SlotSpec => ({ name: `${slot}/${state}`, kind: 'optimizer', type })),
        ...(accumulates ? [{ name: gradientSlot(slot), kind: 'carry', type } as const] : []),
        ...(network.averaged ? [{ name: averageSlot(slot), kind: 'statistic', type } as const] : []),
      ];
    }),
    ...(accumulates ? [{ name: weightSlot, kind: 'carry', type: { shape: [], dtype: 'f32' } } as const] : []),
    ...network.statistics.map(({ slot, spec }): SlotSpec => ({ name: slot, kind: 'statistic', type: { shape: spec.shape, dtype: 'f32' } })),
    ...network.usedRoles.map((role): SlotSpec => ({
      name: dataSlot(role),
      kind: 'data',
      type: dataType(role, rowCount),
    })),
    ...(network.data.tables ?? []).map(({ name, values }): SlotSpec => ({
      name: tableSlot(name),
      kind: 'data',
      type: { shape: [values.length], dtype: 'f32' },
    })),
    ring(trainSlot, statistics),
    ring(evaluateSlot, statistics),
    ring(predictionsSlot, [predictionsCapacity(network), predictBatch, ...predictionShape(network)]),
  ];
}

/** A step of training; where several batches make a step, the share of one batch in it. */
function trainProgram(name: string, batchSize: number, session: Session): Program {
  const { network, config } = session;
  if (config.task.type === 'adversarial') return adversarialProgram(name, batchSize, session, trainSlot);
  const b = createBuilder({ name, batchSize });
  const { sampleLoss, statistics } = lowerLoss(b, session, 'train');
  b.append(trainSlot, statistics);
  const trainable = trainableOf(network);
  const parameters = trainable.map((parameter) => slotOf(b, parameter));
  const loss = b.sum(sampleLoss.loss, [0]);
  const weight = sampleLoss.weight === undefined ? batchSize : b.sum(sampleLoss.weight, [0]);
  if (config.controls.accumulation === 1) {
    // Where every row is ignored there is nothing to learn, and no 0 to divide by.
    const mean = b.divide(loss, typeof weight === 'number' ? weight : b.maximum(weight, smallestWeight));
    applyGradients(b, session, gradients(b, mean, parameters), trainable);
    return b.build();
  }
  gradients(b, loss, parameters).forEach((gradient, i) => {
    const { slot, spec } = trainable[i]!;
    b.assign(gradientSlot(slot), b.add(b.slot(gradientSlot(slot), { shape: spec.shape, dtype: 'f32' }), gradient));
  });
  b.assign(weightSlot, b.add(b.slot(weightSlot, { shape: [], dtype: 'f32' }), weight));
  return b.build();
}

function evaluateProgram(name: string, batchSize: number, session: Session): Program {
  if (session.config.task.type === 'adversarial') return adversarialScores(name, batchSize, session, evaluateSlot);
  const b = createBuilder({ name, batchSize });
  b.append(evaluateSlot, lowerLoss(b, session, 'evaluate').statistics);
  return b.build();
}

function predictProgram(batchSize: number, session: Session): Program {
  const { network, config } = session;
  const b = createBuilder({ name: 'predict', batchSize });
  const feed = createFeed(b, network, config.task, 'evaluate', batchSize);
  const prediction = predictionOf(b, session, lowerForward(b, network, { mode: 'evaluate', feed }).valueOf(network.outputId));
  const shaped = b.reshape(prediction, [batchSize, ...predictionShape(network)]);
  b.append(predictionsSlot, readablePrediction(b, config, shaped));
  return b.build();
}

function largestBatch(network: LoweredNetwork): number {
  const perRow = elementCount(predictionShape(network));
  return perRow <= 1024 ? largestEvaluateBatch : Math.max(1, Math.floor(manyPredictions / perRow));
}

function predictionsCapacity(network: LoweredNetwork): number {
  return elementCount(predictionShape(network)) <= 1024 ? 16 : 1;
}

export function tableOf({ tables = [] }: PreparedData, name: string): SlotData {
  const table = tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`The prepared data has no table "${name}".`);
  return table.values;
}

/** What stands in a role's data slot. */
export function valuesOf(data: PreparedData, { role }: PreparedRoleType): SlotData {
  const prepared = role.kind === 'target' ? data.target : data.inputs.find((input) => input.role.name === role.name);
  if (prepared === undefined) throw new Error(`The prepared data has no role "${role.name}".`);
  return prepared.values;
}
