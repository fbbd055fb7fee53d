/**
 * Document + run config + types of the prepared data → the programs and slots of one training session.
 *
 * train, trainTail     forward, loss, gradients, optimizer; append statistics to `train/statistics`
 * evaluate, ...Tail    forward and loss without dropout; append statistics to `evaluate/statistics`
 * predict              forward only; appends probabilities (or numbers on the training scale) to `predictions`
 *
 * Slots: `<node id>/<weight>` parameters, `<node id>/<weight>/<state>` optimizer states, `data/<role>` the data.
 */
import type { PreparedData, PreparedRole } from '../data/prepared.ts';
import type { SlotData } from '../engines/engine.ts';
import type { LayerNode, NetworkDocument, NodeId } from '../graph/document.ts';
import { boundRole, inferShapes, type NetworkShapes } from '../graph/inferShapes.ts';
import { checkTrainable, maximumSessionBytes, memoryProblem } from '../graph/checkTrainable.ts';
import { ancestors, readGraph, type Graph } from '../graph/walk.ts';
import * as math from '../layers/activationMath.ts';
import type { Initialiser, WeightSpec } from '../layers/defineLayer.ts';
import { onlyValue } from '../layers/helpers.ts';
import { findLayer, resolveParams } from '../layers/index.ts';
import { losses } from '../losses/index.ts';
import { buildStatistics, statisticNames, type StatisticName } from '../metrics/index.ts';
import { optimizerOf, type OptimizerDefinition } from '../optimizers/index.ts';
import { sessionMemory } from '../plan/plan.ts';
import { raise } from '../problem.ts';
import { createRandom } from '../random/philox.ts';
import type { RunConfig } from '../train/runConfig.ts';
import { createBuilder, type Builder, type Value } from './builder.ts';
import { gradients } from './gradient.ts';
import type { Program, SlotSpec } from './program.ts';

export type PreparedRoleType = Omit<PreparedRole, 'values'>;

/** What lowering needs to know of the data: everything but the values. A `PreparedData` fits as it is. */
export interface PreparedDataTypes extends Pick<PreparedData, 'task' | 'rowCount'> {
  readonly inputs: readonly PreparedRoleType[];
  readonly target: PreparedRoleType;
  readonly parts: { readonly [K in keyof PreparedData['parts']]: { readonly length: number } };
}

export interface ParameterSlot {
  readonly slot: string;
  readonly spec: WeightSpec;
  readonly nodeId: NodeId;
}

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
  readonly trainRing: StatisticsRing;
  readonly evaluateRing: StatisticsRing;
  /** Rows of shape (predict.batchSize, units). */
  readonly predictionsRing: RingSlot & { readonly units: number };
  /** Scalars of `steps` training steps from `firstStep` (counted from 0): a function of the step alone, so resuming is exact. */
  fillScalars(firstStep: number, steps: number, learningRate: number): Float32Array;
}

const statisticsCapacity = 1024;
const predictionsCapacity = 16;
const largestEvaluateBatch = 256;
/** Streams of the start weights, apart from those of split and sampler. */
const firstWeightStream = 0x57000000;

/** @throws ProblemError with the first reason why the document can't be trained */
export function lowerSession({
  document,
  config,
  data,
}: {
  document: NetworkDocument;
  config: RunConfig;
  data: PreparedDataTypes;
}): LoweredSession {
  const roles = [...data.inputs, data.target].map(({ role }) => role);
  const problem = checkTrainable(document, roles, config)[0];
  if (problem !== undefined) raise(problem);

  const network = readNetwork(document, inferShapes(document, roles), data);
  const optimizer: OptimizerDefinition = optimizerOf(config.optimizer) as OptimizerDefinition;
  const states = optimizer.stateNames(config.optimizer);
  const names = statisticNames[data.task];
  const { units } = network;
  const trainBatch = Math.min(config.batchSize, data.parts.train.length);
  const tail = data.parts.train.length % trainBatch;
  const evaluateBatch = Math.min(
    largestEvaluateBatch,
    Math.max(data.parts.train.length, data.parts.validation.length, data.parts.test.length),
  );

  const train = trainProgram('train', trainBatch, network, config, optimizer);
  const programs = {
    train,
    ...(tail === 0 ? {} : { trainTail: trainProgram('trainTail', tail, network, config, optimizer) }),
    evaluate: evaluateProgram('evaluate', evaluateBatch, network, config),
    evaluateTail: evaluateProgram('evaluateTail', 1, network, config),
    predict: predictProgram(evaluateBatch, network),
  };
  const slots: SlotSpec[] = [
    ...network.parameters.flatMap(({ slot, spec }): SlotSpec[] => [
      { name: slot, kind: 'parameter', type: { shape: spec.shape, dtype: 'f32' } },
      ...states.map((state): SlotSpec => ({ name: `${slot}/${state}`, kind: 'optimizer', type: { shape: spec.shape, dtype: 'f32' } })),
    ]),
    ...network.data.map(({ slot, role }): SlotSpec => ({
      name: slot,
      kind: 'data',
      type: { shape: [data.rowCount, ...role.rowShape], dtype: role.dtype },
    })),
    { name: trainSlot, kind: 'ring', type: { shape: [statisticsCapacity, names.length], dtype: 'f32' } },
    { name: evaluateSlot, kind: 'ring', type: { shape: [statisticsCapacity, names.length], dtype: 'f32' } },
    { name: predictionsSlot, kind: 'ring', type: { shape: [predictionsCapacity, evaluateBatch, units], dtype: 'f32' } },
  ];
  const { totalBytes } = sessionMemory({ programs, slots, seed: config.seed });
  if (totalBytes > maximumSessionBytes)
    raise(memoryProblem(totalBytes, `The network with batches of ${trainBatch.toLocaleString('en-US')} samples`));
  return {
    programs,
    slots,
    dataSlots: network.data.map(({ slot, role }) => ({ slot, values: (prepared) => valuesOf(prepared, role.role.name, role.role.kind) })),
    parameters: network.parameters,
    parameterCount: network.parameters.reduce((sum, { spec }) => sum + elementCount(spec.shape), 0),
    trainRing: { slot: trainSlot, capacity: statisticsCapacity, names },
    evaluateRing: { slot: evaluateSlot, capacity: statisticsCapacity, names },
    predictionsRing: { slot: predictionsSlot, capacity: predictionsCapacity, units },
    fillScalars(firstStep, steps, learningRate) {
      const { scalarNames } = train;
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

const trainSlot = 'train/statistics';
const evaluateSlot = 'evaluate/statistics';
const predictionsSlot = 'predictions';

/** Start values of every parameter slot: one random stream per parameter, so that adding a layer leaves earlier ones alone. */
export function initialiseParameters(lowered: Pick<LoweredSession, 'parameters'>, seed: number): Map<string, Float32Array> {
  return new Map(
    lowered.parameters.map(({ slot, spec }, i) => {
      const random = createRandom(seed, firstWeightStream + i);
      const draw = drawer(spec.initialiser, random);
      return [slot, Float32Array.from({ length: elementCount(spec.shape) }, draw)];
    }),
  );
}

function drawer(initialiser: Initialiser, random: ReturnType<typeof createRandom>): () => number {
  switch (initialiser.kind) {
    case 'zeros':
      return () => 0;
    case 'ones':
      return () => 1;
    case 'constant':
      return () => initialiser.value;
    case 'uniform':
      return () => (2 * random.uniform() - 1) * initialiser.bound;
    case 'normal':
      return () => random.normal() * initialiser.standardDeviation;
    default:
      return initialiser satisfies never;
  }
}

/** The part of the document that leads to the Output, with everything lowering needs. */
interface LoweredNetwork {
  readonly graph: Graph;
  readonly shapes: NetworkShapes;
  /** In order of computation, the Output last. */
  readonly nodes: readonly LayerNode[];
  readonly output: LayerNode;
  readonly parameters: readonly ParameterSlot[];
  readonly data: readonly { readonly slot: string; readonly role: PreparedRoleType }[];
  readonly target: PreparedRoleType;
  readonly types: PreparedDataTypes;
  readonly units: number;
}

function readNetwork(document: NetworkDocument, shapes: NetworkShapes, data: PreparedDataTypes): LoweredNetwork {
  const graph = readGraph(document);
  const output = document.nodes.find((node) => node.type === 'output');
  if (output === undefined) throw new Error('A document without Output passed the check.');
  const used = ancestors(graph, output.id);
  const nodes = shapes.order
    .filter((id) => used.has(id))
    .map((id) => graph.nodes.get(id))
    .filter((node) => node !== undefined);
  const parameters = nodes.flatMap((node) =>
    weightsOf(node, graph, shapes, data).map((spec): ParameterSlot => ({ slot: `${node.id}/${spec.name}`, spec, nodeId: node.id })),
  );
  const bound = new Set(nodes.filter((node) => node.type === 'input').map((node) => node.params.role));
  const usedRoles = [...data.inputs.filter(({ role }) => bound.has(role.name)), data.target];
  return {
    graph,
    shapes,
    nodes,
    output,
    parameters,
    data: usedRoles.map((role) => ({ slot: dataSlot(role), role })),
    target: data.target,
    types: data,
    units: data.target.role.shape[1]?.size ?? 1,
  };
}

function contextOf(node: LayerNode, graph: Graph, shapes: NetworkShapes, data: PreparedDataTypes) {
  const definition = findLayer(node.type);
  if (definition === undefined) throw new Error(`Unknown layer ${node.type} passed the check.`);
  const params = resolveParams(definition, node.params);
  const role = boundRole(
    definition,
    params,
    [...data.inputs, data.target].map((prepared) => prepared.role),
  );
  return {
    definition,
    context: {
      params,
      name: node.name,
      inputs: (shapes.nodes.get(node.id)?.inputs ?? []).filter((shape) => shape !== undefined),
      inputNames: (graph.incoming.get(node.id) ?? []).map((edge) => graph.nodes.get(edge.from)?.name ?? '?'),
      ...(role === undefined ? {} : { role }),
    },
  };
}

function weightsOf(node: LayerNode, graph: Graph, shapes: NetworkShapes, data: PreparedDataTypes): readonly WeightSpec[] {
  const { definition, context } = contextOf(node, graph, shapes, data);
  return definition.weights(context);
}

/** Appends the forward pass. Returns what arrives at the Output: logits where a softmax is fused, else the values. */
function lowerForward(b: Builder, network: LoweredNetwork, mode: 'train' | 'evaluate'): Value {
  const { graph, shapes, types } = network;
  const values = new Map<NodeId, Value>();
  const valueOf = (id: NodeId): Value => {
    const value = values.get(id);
    if (value === undefined) throw new Error(`Node ${id} was used before it was lowered.`);
    return value;
  };
  for (const node of network.nodes) {
    const { definition, context } = contextOf(node, graph, shapes, types);
    const arriving = (graph.incoming.get(node.id) ?? []).map((edge) => edge.from);
    const value = b.within(node.id, () => {
      if (node.type === 'input') {
        const role = types.inputs.find((candidate) => candidate.role.name === context.params.role);
        if (role === undefined) throw new Error(`Input ${node.name} passed the check without a role.`);
        return definition.lower({ ...context, b, mode, weights: {}, values: [gatherRows(b, role, types.rowCount)] });
      }
      const weights = Object.fromEntries(
        definition.weights(context).map((spec) => [spec.name, b.slot(`${node.id}/${spec.name}`, { shape: spec.shape, dtype: 'f32' })]),
      );
      const inputs = arriving.map(valueOf);
      if (!shapes.softmaxFused.has(node.id)) return definition.lower({ ...context, b, mode, weights, values: inputs });
      // The loss applies the softmax, and only the Output follows: it gets the logits.
      return node.type === 'dense'
        ? definition.lower({ ...context, params: { ...context.params, activation: 'linear' }, b, mode, weights, values: inputs })
        : onlyValue(inputs);
    });
    values.set(node.id, value);
  }
  return valueOf(network.output.id);
}

/** This step's rows of a role, (B, ...row) f32, scaled as its preparation says; class codes stay i32. */
function gatherRows(b: Builder, role: PreparedRoleType, rowCount: number): Value {
  const table = b.slot(dataSlot(role), { shape: [rowCount, ...role.rowShape], dtype: role.dtype });
  const rows = b.gather(table, b.rows());
  if (role.dtype === 'i32') return rows;
  const values = b.cast(rows, 'f32');
  return role.affine === undefined ? values : b.add(b.multiply(values, role.affine.multiply), role.affine.add);
}

function trainProgram(
  name: string,
  batchSize: number,
  network: LoweredNetwork,
  config: RunConfig,
  optimizer: OptimizerDefinition,
): Program {
  const b = createBuilder({ name, batchSize });
  const { sampleLoss, statistics } = lowerLoss(b, network, config, 'train');
  b.append(trainSlot, statistics);
  const parameters = network.parameters.map(({ slot, spec }) => b.slot(slot, { shape: spec.shape, dtype: 'f32' }));
  const changes = gradients(b, b.mean(sampleLoss, [0]), parameters);
  const states = optimizer.stateNames(config.optimizer);
  network.parameters.forEach(({ slot, spec, nodeId }, i) =>
    b.within(nodeId, () => {
      const parameter = parameters[i];
      const gradient = changes[i];
      if (parameter === undefined || gradient === undefined) throw new Error(`No gradient for ${slot}.`);
      const updated = optimizer.update({
        b,
        config: config.optimizer,
        parameter,
        gradient,
        states: states.map((state) => b.slot(`${slot}/${state}`, { shape: spec.shape, dtype: 'f32' })),
      });
      b.assign(slot, updated.parameter);
      states.forEach((state, k) => {
        const value = updated.states[k];
        if (value !== undefined) b.assign(`${slot}/${state}`, value);
      });
    }),
  );
  return b.build();
}

function evaluateProgram(name: string, batchSize: number, network: LoweredNetwork, config: RunConfig): Program {
  const b = createBuilder({ name, batchSize });
  b.append(evaluateSlot, lowerLoss(b, network, config, 'evaluate').statistics);
  return b.build();
}

function predictProgram(batchSize: number, network: LoweredNetwork): Program {
  const b = createBuilder({ name: 'predict', batchSize });
  const prediction = lowerForward(b, network, 'evaluate');
  b.append(predictionsSlot, network.types.task === 'classification' ? math.softmax(b, prediction) : prediction);
  return b.build();
}

function lowerLoss(
  b: Builder,
  network: LoweredNetwork,
  config: RunConfig,
  mode: 'train' | 'evaluate',
): { sampleLoss: Value; statistics: Value } {
  const prediction = lowerForward(b, network, mode);
  return b.within(network.output.id, () => {
    const target = gatherRows(b, network.target, network.types.rowCount);
    const sampleLoss = losses[config.loss].perSample(b, prediction, target);
    return { sampleLoss, statistics: buildStatistics(b, network.types.task, sampleLoss, prediction, target) };
  });
}

function dataSlot(role: PreparedRoleType): string {
  return `data/${role.role.kind}/${role.role.name}`;
}

function valuesOf(data: PreparedData, name: string, kind: 'input' | 'target'): SlotData {
  const role = kind === 'target' ? data.target : data.inputs.find((input) => input.role.name === name);
  if (role === undefined) throw new Error(`The prepared data has no role "${name}".`);
  return role.values;
}

function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
