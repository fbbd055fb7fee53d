/**
 * Document + run config + types of the prepared data → the programs and slots of one training session.
 *
 * train, trainTail     forward, loss, gradients, optimizer; append statistics to `train/statistics`
 * evaluate, ...Tail    forward and loss without dropout; append statistics to `evaluate/statistics`
 * predict              forward only; appends probabilities (or numbers on the training scale) to `predictions`
 *
 * Slots: `<node id>/<weight>` parameters and statistics, `<node id>/<weight>/<state>` optimizer states, `data/<kind>/<role>` the data.
 */
import type { PreparedData } from '../data/prepared.ts';
import type { SlotData } from '../engines/engine.ts';
import { checkTrainable, maximumSessionBytes, memoryProblem } from '../graph/checkTrainable.ts';
import type { NetworkDocument } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import * as math from '../layers/activationMath.ts';
import { losses } from '../losses/index.ts';
import { buildStatistics, statisticNames, type StatisticName } from '../metrics/index.ts';
import { optimizerOf, type OptimizerDefinition } from '../optimizers/index.ts';
import { elementCount } from '../ops/shapes.ts';
import { sessionMemory } from '../plan/sessionPlan.ts';
import { raise } from '../problem.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { createBuilder, type Builder, type Value } from './builder.ts';
import { gradients } from './gradient.ts';
import { dataSlot, gatherRows, lowerForward } from './lowerNetwork.ts';
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
  /** Scalars of `steps` training steps from `firstStep` (counted from 0): a function of the step alone, so resuming is exact. */
  fillScalars(firstStep: number, steps: number, learningRate: number): Float32Array;
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

  const network = readNetwork(document, shapes, data);
  const optimizer = optimizerOf(config.optimizer) as OptimizerDefinition;
  const batchSize = Math.min(config.batchSize, data.parts.train.length);
  const programs = buildPrograms(network, config, optimizer, batchSize);
  const slots = declareSlots(network, optimizer.stateNames(config.optimizer), programs.predict.batchSize);
  const { totalBytes } = sessionMemory({ programs, slots });
  if (totalBytes > maximumSessionBytes) {
    raise(memoryProblem(totalBytes, `The network with batches of ${batchSize.toLocaleString('en-US')} samples`));
  }
  const names = statisticNames[data.task];
  return {
    programs,
    slots,
    dataSlots: network.usedRoles.map((role) => ({ slot: dataSlot(role), values: (prepared) => valuesOf(prepared, role) })),
    parameters: network.parameters,
    statistics: network.statistics,
    parameterCount: network.parameters.reduce((sum, { spec }) => sum + elementCount(spec.shape), 0),
    trainRing: { slot: trainSlot, capacity: statisticsCapacity, names },
    evaluateRing: { slot: evaluateSlot, capacity: statisticsCapacity, names },
    predictionsRing: { slot: predictionsSlot, capacity: predictionsCapacity, units: elementCount(predictionShape(network)) },
    fillScalars(firstStep, steps, learningRate) {
      const { scalarNames } = programs.train;
      const scalars = new Float32Array(steps * scalarNames.length);
      for (let i = 0; i < steps; i++) {
        const values = optimizer.scalars(config.optimizer, firstStep + i, learningRate);
        scalarNames.forEach((name, k) => {
          scalars[i * scalarNames.length + k] = values[name] ?? NaN;
        });
      }
      return scalars;
    },
  };
}

function buildPrograms(network: LoweredNetwork, config: RunConfig, optimizer: OptimizerDefinition, batchSize: number) {
  const { train, validation, test } = network.data.parts;
  const tail = train.length % batchSize;
  const evaluateBatch = Math.min(largestEvaluateBatch, Math.max(train.length, validation.length, test.length));
  return {
    train: trainProgram('train', batchSize, network, config, optimizer),
    ...(tail === 0 ? {} : { trainTail: trainProgram('trainTail', tail, network, config, optimizer) }),
    evaluate: evaluateProgram('evaluate', evaluateBatch, network, config),
    evaluateTail: evaluateProgram('evaluateTail', 1, network, config),
    predict: predictProgram(evaluateBatch, network),
  };
}

function declareSlots(network: LoweredNetwork, states: readonly string[], predictBatch: number): SlotSpec[] {
  const { rowCount, task } = network.data;
  const ring = (name: string, shape: readonly number[]): SlotSpec => ({ name, kind: 'ring', type: { shape, dtype: 'f32' } });
  const statistics = [statisticsCapacity, statisticNames[task].length];
  return [
    ...network.parameters.flatMap(({ slot, spec, frozen }): SlotSpec[] => [
      { name: slot, kind: 'parameter', type: { shape: spec.shape, dtype: 'f32' } },
      ...(frozen ? [] : states).map((state): SlotSpec => ({
        name: `${slot}/${state}`,
        kind: 'optimizer',
        type: { shape: spec.shape, dtype: 'f32' },
      })),
    ]),
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

function trainProgram(
  name: string,
  batchSize: number,
  network: LoweredNetwork,
  { loss, optimizer: config }: RunConfig,
  optimizer: OptimizerDefinition,
): Program {
  const b = createBuilder({ name, batchSize });
  const { sampleLoss, statistics } = lowerLoss(b, network, loss, 'train');
  b.append(trainSlot, statistics);
  const trainable = network.parameters.filter(({ frozen }) => frozen !== true);
  const parameters = trainable.map(({ slot, spec }) => b.slot(slot, { shape: spec.shape, dtype: 'f32' }));
  const changes = gradients(b, b.mean(sampleLoss, [0]), parameters);
  trainable.forEach(({ slot, spec, nodeId }, i) => {
    const parameter = parameters[i];
    const gradient = changes[i];
    if (parameter === undefined || gradient === undefined) throw new Error(`No gradient for ${slot}.`);
    b.within(nodeId, () => {
      const states = optimizer.stateNames(config).map((state) => `${slot}/${state}`);
      const values = states.map((state) => b.slot(state, { shape: spec.shape, dtype: 'f32' }));
      const updated = optimizer.update({ b, config, parameter, gradient, states: values });
      b.assign(slot, updated.parameter);
      updated.states.forEach((value, k) => b.assign(states[k] ?? '', value));
    });
  });
  return b.build();
}

function evaluateProgram(name: string, batchSize: number, network: LoweredNetwork, config: RunConfig): Program {
  const b = createBuilder({ name, batchSize });
  b.append(evaluateSlot, lowerLoss(b, network, config.loss, 'evaluate').statistics);
  return b.build();
}

function predictProgram(batchSize: number, network: LoweredNetwork): Program {
  const b = createBuilder({ name: 'predict', batchSize });
  const prediction = lowerForward(b, network, 'evaluate');
  b.append(predictionsSlot, network.data.task === 'classification' ? math.softmax(b, prediction) : prediction);
  return b.build();
}

interface LoweredLoss {
  /** (B) */
  readonly sampleLoss: Value;
  /** One row of the statistics ring. */
  readonly statistics: Value;
}

function lowerLoss(b: Builder, network: LoweredNetwork, loss: RunConfig['loss'], mode: Mode): LoweredLoss {
  const prediction = lowerForward(b, network, mode);
  return b.within(network.outputId, () => {
    const target = gatherRows(b, network.data.target, network.data.rowCount);
    const sampleLoss = losses[loss].perSample(b, prediction, target);
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
