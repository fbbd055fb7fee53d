/**
 * One training step as it is explained: forward pass, loss, backward pass and update in one program that keeps the
 * gradient of everything, cut into stages by layer. Unlike a training step it takes a few samples of the user's choice,
 * and clips, averages and accumulates nothing but what the optimizer itself does: the clipped gradient is named apart.
 */
import { elementCount, range } from '../ops/shapes.ts';
import { raise } from '../problem.ts';
import { applyGradients, smallestWeight } from '../program/applyGradients.ts';
import { createBuilder, type Builder, type Value, type ValueName } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import { lowerLoss, readablePrediction } from '../program/lowerLoss.ts';
import type { LoweredNode, Mode } from '../program/lowerNetwork.ts';
import { clipGradients } from '../program/optimizerStep.ts';
import type { Program, ValueId } from '../program/program.ts';
import { slotOf, trainableOf, type Session } from '../program/trainingParts.ts';
import type { Parameter, Stage, TensorRef } from './stages.ts';

export interface Explanation {
  readonly program: Program;
  readonly mode: Mode;
  readonly stages: readonly Stage[];
  readonly parameters: readonly Parameter[];
  /** () the mean loss of the samples. */
  readonly loss: ValueId;
  /** Where derivations stop: what has a name, what layers give, the loss. */
  readonly named: ReadonlyMap<ValueId, NamedValue>;
  /** Of the loss by a value of the forward pass; absent where nothing flows. */
  readonly gradients: ReadonlyMap<ValueId, ValueId>;
  /** Values that are taken for constants. */
  readonly isStopped: (id: ValueId) => boolean;
}

export interface NamedValue extends ValueName {
  /** The lowered layer it belongs to. */
  readonly node?: string;
  /** Of a parameter. */
  readonly slot?: string;
}

/** @throws ProblemError where a network has no single loss to follow */
export function explainSession(session: Session, batchSize: number, mode: Mode): Explanation {
  const { config, network } = session;
  if (config.task.type === 'adversarial') {
    raise({
      code: 'explain.twoLosses',
      message: 'The time machine follows one loss; an adversarial pair has two networks that learn against each other, each with its own.',
      hint: 'Look at the discriminator as a classifier of its own, or at a variational autoencoder.',
    });
  }
  const b = createBuilder({ name: 'explain', batchSize });
  const { sampleLoss, forward, prediction, target } = lowerLoss(b, session, mode);
  const trainable = trainableOf(network);
  const weights = trainable.map((parameter) => slotOf(b, parameter));
  const weight = sampleLoss.weight === undefined ? batchSize : b.maximum(b.sum(sampleLoss.weight, [0]), smallestWeight);
  const loss = b.divide(b.sum(sampleLoss.loss, [0]), weight);
  const followed = followedValues(b, loss);
  const found = gradients(b, loss, [...weights, ...followed]);
  const gradientOf = new Map<ValueId, ValueId>([[loss.id, constantOne(b)]]);
  [...weights, ...followed].forEach(({ id }, i) => gradientOf.set(id, found[i]!.id));

  const readable = readablePrediction(b, config, prediction);
  const own = found.slice(0, weights.length);
  const clipped = clipGradients(b, own, config.controls);
  const updated = applyGradients(b, session, own, trainable);
  const program = b.build();
  const after = new Map(program.assignments.map(({ slot, value }) => [slot, value]));

  const parameters = trainable.map(({ slot, spec, nodeId }, i): Parameter => {
    const states = session.optimizer.stateNames(config.optimizer).map((name) => {
      const before = b.slot(`${slot}/${name}`, { shape: spec.shape, dtype: 'f32' });
      return { name, before: before.id, after: after.get(`${slot}/${name}`)! };
    });
    const isClipped = clipped[i] !== own[i];
    return {
      slot,
      name: spec.name,
      node: nodeId,
      shape: spec.shape,
      value: weights[i]!.id,
      gradient: own[i]!.id,
      ...(isClipped ? { clipped: clipped[i]!.id } : {}),
      states,
      after: updated.get(slot)!.id,
    };
  });

  const named = nameValues(b, session, forward.valueOf, parameters);
  if (!named.has(sampleLoss.loss.id)) named.set(sampleLoss.loss.id, { name: 'sampleLoss' });
  named.set(loss.id, { name: 'loss' });
  const context = { b, named, gradientOf, valueOf: forward.valueOf };
  const layers = network.nodes.map((node) => describeLayer(node, context));
  const refOf = (value: Value, name: string): TensorRef => tensorRef(value, { name }, gradientOf);
  const stages: Stage[] = [
    ...layers.map((layer): Stage => ({ phase: 'forward', ...layer })),
    {
      phase: 'loss',
      type: config.loss.type,
      prediction: refOf(prediction, 'prediction'),
      readable: { id: readable.id, name: 'probabilities', shape: readable.shape, dtype: readable.dtype },
      target: refOf(target, 'target'),
      sampleLoss: refOf(sampleLoss.loss, 'sampleLoss'),
      loss: refOf(loss, 'loss'),
    },
    ...layers.toReversed().map((layer): Stage => ({ phase: 'backward', ...layer })),
    ...layers
      .filter(({ node }) => parameters.some((parameter) => parameter.node === node))
      .map(({ node, name, type }): Stage => ({
        phase: 'update',
        node,
        name,
        type,
        optimizer: config.optimizer.type,
        parameters: parameters.filter((parameter) => parameter.node === node),
      })),
  ];
  // What was asked for after the update was built belongs to the program, too.
  return { program: b.build(), mode, stages, parameters, loss: loss.id, named, gradients: gradientOf, isStopped: b.isStopped };
}

function constantOne(b: Builder): ValueId {
  return b.constant(1).id;
}

/** Numbers of the forward pass that the loss is computed from: their gradients are asked for. */
function followedValues(b: Builder, loss: Value): Value[] {
  const needed = new Set([loss.id]);
  const varies = new Set<ValueId>();
  const ops = b.ops.slice(0, loss.id + 1);
  for (const op of ops.toReversed()) if (needed.has(op.output)) for (const id of op.inputs) needed.add(id);
  for (const op of ops) if (op.op === 'slot' || op.inputs.some((id) => varies.has(id))) varies.add(op.output);
  return ops
    .filter((op) => needed.has(op.output) && varies.has(op.output) && op.op !== 'slot' && op.output !== loss.id && !b.isStopped(op.output))
    .map((op) => b.valueOf(op.output))
    .filter((value) => value.dtype === 'f32');
}

function nameValues(
  b: Builder,
  { network }: Session,
  valueOf: (id: string) => Value,
  parameters: readonly Parameter[],
): Map<ValueId, NamedValue> {
  const named = new Map<ValueId, NamedValue>();
  for (const [id, name] of b.names) {
    const { node } = b.opOf(b.valueOf(id));
    named.set(id, { ...name, ...(node === undefined ? {} : { node }) });
  }
  for (const { node } of network.nodes) {
    const { id } = valueOf(node.id);
    // A layer that changes nothing gives what it got.
    if (named.get(id)?.name !== 'output') named.set(id, { name: 'output', node: node.id });
  }
  for (const { slot, name, node, value, gradient, clipped, states } of parameters) {
    named.set(value, { name, node, slot });
    named.set(gradient, { name: 'gradient', node, slot });
    if (clipped !== undefined) named.set(clipped, { name: 'clippedGradient', node, slot });
    for (const state of states) {
      named.set(state.before, { name: state.name, node, slot });
      named.set(state.after, { name: `${state.name}After`, node, slot });
    }
  }
  return named;
}

interface LayerContext {
  readonly b: Builder;
  readonly named: ReadonlyMap<ValueId, NamedValue>;
  readonly gradientOf: ReadonlyMap<ValueId, ValueId>;
  readonly valueOf: (id: string) => Value;
}

function describeLayer({ node, context, inputs, definition, parameters }: LoweredNode, { b, named, gradientOf, valueOf }: LayerContext) {
  const inside = [...named]
    .filter(([, value]) => value.node === node.id && value.slot === undefined && value.name !== 'output')
    .map(([id, { name, step }]) => tensorRef(b.valueOf(id), { name, ...(step === undefined ? {} : { step }) }, gradientOf))
    .sort((x, y) => x.id - y.id);
  const output = valueOf(node.id);
  const slope = activationSlope(b, inside.find(({ name, step }) => name === 'preActivation' && step === undefined)?.id, output);
  return {
    node: node.id,
    name: node.name,
    type: definition.type,
    params: context.params,
    inputNodes: inputs,
    inputs: inputs.map((id) => tensorRef(valueOf(id), { name: 'output' }, gradientOf)),
    weights: parameters.map((parameter) => ({
      ...tensorRef(slotOf(b, parameter), { name: parameter.spec.name }, gradientOf),
      slot: parameter.slot,
    })),
    inside,
    ...(slope === undefined ? {} : { slope }),
    output: tensorRef(output, { name: 'output' }, gradientOf),
  };
}

/** f′ of an activation that acts on every element by itself, in the shape of what it acts on. */
function activationSlope(b: Builder, from: ValueId | undefined, output: Value): TensorRef | undefined {
  if (from === undefined) return undefined;
  const within = new Set([from]);
  for (const op of b.ops.slice(from + 1, output.id + 1)) {
    if (!op.inputs.some((id) => within.has(id))) continue;
    if (op.op !== 'unary' && op.op !== 'binary' && op.op !== 'select' && op.op !== 'reshape') continue;
    within.add(op.output);
  }
  if (!within.has(output.id)) return undefined;
  const before = b.valueOf(from);
  const [slope] = gradients(b, b.sum(output, range(output.shape.length)), [before]);
  return { id: slope!.id, name: 'slope', shape: before.shape, dtype: 'f32' };
}

function tensorRef({ id, shape, dtype }: Value, name: ValueName, gradientOf: ReadonlyMap<ValueId, ValueId>): TensorRef {
  const gradient = gradientOf.get(id);
  return { id, ...name, shape, dtype, ...(gradient === undefined ? {} : { gradient }) };
}

/** Numbers that a step keeps in all, for an estimate before it is computed. */
export function keptNumbers({ program }: Explanation): number {
  return program.values.reduce((sum, { shape }) => sum + elementCount(shape), 0);
}
