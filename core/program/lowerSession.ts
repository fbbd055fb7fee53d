/**
 * Document + run config + types of the prepared data → the programs and slots of one training session.
 *
 * train, trainTail     forward, loss, gradients, optimizer; append statistics to `train/statistics`
 * apply                where several batches make a step: the optimizer, on the gradients that train and trainTail summed up
 * evaluate, ...Tail    forward and loss without dropout; append statistics to `evaluate/statistics`
 * predict              forward only; appends probabilities (or numbers on the training scale) to `predictions`
 *
 * Slots: `<node id>/<weight>` parameters and statistics, `<node id>/<weight>/<state>` optimizer states, `data/<kind>/<role>` the data.
 */
import type { PreparedData } from '../data/prepared.ts';
import { countClasses, epochRows } from '../data/sampling.ts';
import type { SlotData } from '../engines/engine.ts';
import { checkTrainable, maximumSessionBytes, memoryProblem } from '../graph/checkTrainable.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import * as math from '../layers/activationMath.ts';
import { lossOf } from '../losses/index.ts';
import type { SampleLoss } from '../losses/defineLoss.ts';
import { buildStatistics, statisticNames, type StatisticName } from '../metrics/index.ts';
import { optimizerOf, type AnyOptimizer } from '../optimizers/index.ts';
import { elementCount } from '../ops/shapes.ts';
import { sessionMemory } from '../plan/sessionPlan.ts';
import { raise } from '../problem.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { createBuilder, type Builder, type Value } from './builder.ts';
import { gradients } from './gradient.ts';
import { clipGradients, gradientSlot, joinScalar, rateFactor, splitScalar, stepScalars, weightSlot } from './optimizerStep.ts';
import { averageSlot, dataSlot, gatherRows, lowerForward } from './lowerNetwork.ts';
import type { LoweredNetwork, Mode, ParameterSlot, PreparedDataTypes, PreparedRoleType } from './lowerNetwork.ts';
import type { Program, SlotSpec } from './program.ts';
import { readNetwork } from './readNetwork.ts';

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
const predictionsCapacity = 16;
const largestEvaluateBatch = 256;

/** @throws ProblemError with the first reason why the document can't be trained */
export function lowerSession({ document, config, data }: SessionParts): LoweredSession {
  const roles = [...data.inputs, data.target].map(({ role }) => role);
  const shapes = inferShapes(document, roles);
  const problem = checkTrainable(document, roles, config, shapes)[0];
  if (problem !== undefined) raise(problem);

  const average = config.controls.averageDecay > 0;
  const network: LoweredNetwork = { ...readNetwork(document, shapes, data), ...(average ? { averaged: true as const } : {}) };
  const optimizer = optimizerOf(config.optimizer);
  const classCounts = countClasses(data);
  const batchSize = Math.min(config.batchSize, epochRows(config.controls.sampling, classCounts, data.parts.train.length));
  const session: Session = { network, config, optimizer, ...(classCounts === undefined ? {} : { classCounts }) };
  const programs = buildPrograms(session, batchSize);
  const names = statisticNames(data.task, lossOf(config.loss).weighs?.(config.loss) === true);
  const slots = declareSlots(session, names.length, programs.predict.batchSize);
  const { totalBytes } = sessionMemory({ programs, slots });
  if (totalBytes > maximumSessionBytes) {
    raise(memoryProblem(totalBytes, `The network with batches of ${batchSize.toLocaleString('en-US')} samples`));
  }
  return {
    programs,
    slots,
    dataSlots: network.usedRoles.map((role) => ({ slot: dataSlot(role), values: (prepared) => valuesOf(prepared, role) })),
    parameters: network.parameters,
    statistics: network.statistics,
    averaged: average ? trainableOf(network) : [],
    parameterCount: network.parameters.reduce((sum, { spec }) => sum + elementCount(spec.shape), 0),
    trainRing: { slot: trainSlot, capacity: statisticsCapacity, names },
    evaluateRing: { slot: evaluateSlot, capacity: statisticsCapacity, names },
    predictionsRing: { slot: predictionsSlot, capacity: predictionsCapacity, units: elementCount(predictionShape(network)) },
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

interface Session {
  readonly network: LoweredNetwork;
  readonly config: RunConfig;
  readonly optimizer: AnyOptimizer;
  readonly classCounts?: readonly number[];
}

function buildPrograms(session: Session, batchSize: number) {
  const { network, config, classCounts } = session;
  const { train, validation, test } = network.data.parts;
  const tail = epochRows(config.controls.sampling, classCounts, train.length) % batchSize;
  const evaluateBatch = Math.min(largestEvaluateBatch, Math.max(train.length, validation.length, test.length));
  return {
    train: trainProgram('train', batchSize, session),
    ...(tail === 0 ? {} : { trainTail: trainProgram('trainTail', tail, session) }),
    ...(config.controls.accumulation > 1 ? { apply: applyProgram(session) } : {}),
    evaluate: evaluateProgram('evaluate', evaluateBatch, session),
    evaluateTail: evaluateProgram('evaluateTail', 1, session),
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
      type: { shape: [rowCount, ...role.rowShape], dtype: role.dtype },
    })),
    ring(trainSlot, statistics),
    ring(evaluateSlot, statistics),
    ring(predictionsSlot, [predictionsCapacity, predictBatch, ...predictionShape(network)]),
  ];
}

/** A step of training; where several batches make a step, the share of one batch in it. */
function trainProgram(name: string, batchSize: number, session: Session): Program {
  const { network, config } = session;
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
    applyGradients(b, session, gradients(b, mean, parameters));
    return b.build();
  }
  gradients(b, loss, parameters).forEach((gradient, i) => {
    const { slot, spec } = trainable[i]!;
    b.assign(gradientSlot(slot), b.add(b.slot(gradientSlot(slot), { shape: spec.shape, dtype: 'f32' }), gradient));
  });
  b.assign(weightSlot, b.add(b.slot(weightSlot, { shape: [], dtype: 'f32' }), weight));
  return b.build();
}

/** The optimizer's step on summed gradients, which start again at 0. */
function applyProgram(session: Session): Program {
  const b = createBuilder({ name: 'apply', batchSize: 0 });
  const weight = b.maximum(b.slot(weightSlot, { shape: [], dtype: 'f32' }), smallestWeight);
  const trainable = trainableOf(session.network);
  const sums = trainable.map(({ slot, spec }) => b.slot(gradientSlot(slot), { shape: spec.shape, dtype: 'f32' }));
  applyGradients(
    b,
    session,
    sums.map((sum) => b.divide(sum, weight)),
  );
  trainable.forEach(({ slot, spec }) => b.assign(gradientSlot(slot), b.constant(0, spec.shape)));
  b.assign(weightSlot, b.constant(0));
  return b.build();
}

/** Weights sum to less only where no row counts. */
const smallestWeight = 1e-12;

function applyGradients(b: Builder, { network, config, optimizer }: Session, changes: readonly Value[]): void {
  const { optimizer: settings, controls, layerRates } = config;
  const clipped = clipGradients(b, changes, controls);
  const names = new Map(network.nodes.map(({ node }) => [node.id, node.name]));
  trainableOf(network).forEach((own, i) => {
    const { slot, spec, nodeId } = own;
    const parameter = slotOf(b, own);
    const gradient = clipped[i];
    if (gradient === undefined) throw new Error(`No gradient for ${slot}.`);
    b.within(nodeId, () => {
      const states = optimizer.stateNames(settings).map((state) => `${slot}/${state}`);
      const values = states.map((state) => b.slot(state, { shape: spec.shape, dtype: 'f32' }));
      const factor = rateFactor(layerRates, nodeId, names.get(nodeId));
      const scalar = (name: string) => b.scalar(joinScalar(name, factor));
      const updated = optimizer.update({ b, config: settings, parameter, gradient, states: values, scalar });
      b.assign(slot, updated.parameter);
      updated.states.forEach((value, k) => b.assign(states[k] ?? '', value));
      if (!network.averaged) return;
      const average = b.slot(averageSlot(slot), { shape: spec.shape, dtype: 'f32' });
      b.assign(averageSlot(slot), b.add(average, b.multiply(b.subtract(updated.parameter, average), b.scalar('averageShare'))));
    });
  });
}

function trainableOf(network: LoweredNetwork): ParameterSlot[] {
  return network.parameters.filter(({ frozen }) => frozen !== true);
}

function slotOf(b: Builder, { slot, spec }: ParameterSlot): Value {
  return b.slot(slot, { shape: spec.shape, dtype: 'f32' });
}

function evaluateProgram(name: string, batchSize: number, session: Session): Program {
  const b = createBuilder({ name, batchSize });
  b.append(evaluateSlot, lowerLoss(b, session, 'evaluate').statistics);
  return b.build();
}

function predictProgram(batchSize: number, { network, config }: Session): Program {
  const b = createBuilder({ name: 'predict', batchSize });
  const prediction = lowerForward(b, network, 'evaluate');
  const probabilities = lossOf(config.loss).probabilities ?? math.softmax;
  b.append(predictionsSlot, network.data.task === 'classification' ? probabilities(b, prediction) : prediction);
  return b.build();
}

interface LoweredLoss {
  readonly sampleLoss: SampleLoss;
  /** One row of the statistics ring. */
  readonly statistics: Value;
}

function lowerLoss(b: Builder, { network, config, classCounts }: Session, mode: Mode): LoweredLoss {
  const prediction = lowerForward(b, network, mode);
  return b.within(network.outputId, () => {
    const target = gatherRows(b, network.data.target, network.data.rowCount);
    const counts = classCounts === undefined ? {} : { classCounts };
    const sampleLoss = lossOf(config.loss).perSample({ b, params: config.loss, prediction, target, ...counts });
    return { sampleLoss, statistics: buildStatistics(b, network.data.task, sampleLoss, prediction, target) };
  });
}

/** Of one row: classes, or 1 for a number; (T, classes) where every time step is classified. */
function predictionShape(network: LoweredNetwork): number[] {
  return network.data.target.role.shape.slice(1).map((d) => d.size ?? 1);
}

function valuesOf(data: PreparedData, { role }: PreparedRoleType): SlotData {
  const prepared = role.kind === 'target' ? data.target : data.inputs.find((input) => input.role.name === role.name);
  if (prepared === undefined) throw new Error(`The prepared data has no role "${role.name}".`);
  return prepared.values;
}
