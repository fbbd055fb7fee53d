/**
 * What a gradient costs: multiply-adds of the forward pass and of the backward pass, counted in the program that training
 * runs, against numerical differentiation, which runs the forward pass twice for every weight (Goodfellow, Bengio,
 * Courville: Deep Learning, 2016, section 6.5: backpropagation costs about as much as a few forward passes).
 */
import { elementCount } from '../ops/shapes.ts';
import { createBuilder } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import { lowerLoss } from '../program/lowerLoss.ts';
import { readSession, type SessionParts } from '../program/lowerSession.ts';
import type { Op, TensorType } from '../program/program.ts';
import { slotOf, trainableOf } from '../program/trainingParts.ts';
import { raise } from '../problem.ts';

export interface LayerCost {
  /** The lowered layer: its path through the blocks. */
  readonly node: string;
  readonly name: string;
  readonly type: string;
  /** Numbers that are learned here; of a shared weight with the first layer that has it. */
  readonly weights: number;
  /** Multiply-adds of contractions, for one sample. */
  readonly forward: number;
  readonly backward: number;
}

/** @throws ProblemError where the network can't be trained */
export function countCost(parts: SessionParts): LayerCost[] {
  const session = readSession(parts);
  if (session.config.task.type === 'adversarial') {
    raise({
      code: 'cost.twoLosses',
      message: 'The cost of a gradient is counted for one loss; an adversarial pair has two.',
      hint: 'Open a network with one loss.',
    });
  }
  const { network } = session;
  const b = createBuilder({ name: 'cost', batchSize: 1 });
  const { sampleLoss } = lowerLoss(b, session, 'train');
  const loss = b.sum(sampleLoss.loss, [0]);
  const trainable = trainableOf(network);
  const weights = trainable.map((parameter) => slotOf(b, parameter));
  const found = gradients(b, loss, weights);
  const program = b.build();
  // Unrolled layers leave gradients that no weight needs; the planner drops them, too.
  const needed = new Set([loss.id, ...found.map(({ id }) => id)]);
  for (const op of program.ops.toReversed()) if (needed.has(op.output)) for (const id of op.inputs) needed.add(id);
  return network.nodes.map(({ node, definition }) => {
    const own = program.ops.filter((op) => op.node === node.id && needed.has(op.output));
    const sum = (ops: readonly Op[]) => ops.reduce((total, op) => total + multiplyAdds(op, program.values), 0);
    return {
      node: node.id,
      name: node.name,
      type: definition.type,
      weights: trainable.filter(({ nodeId }) => nodeId === node.id).reduce((total, { spec }) => total + elementCount(spec.shape), 0),
      forward: sum(own.filter(({ output }) => output <= loss.id)),
      backward: sum(own.filter(({ output }) => output > loss.id)),
    };
  });
}

/** Of a contraction the product of all its axes; other ops multiply and add nothing that counts beside it. */
function multiplyAdds(op: Op, values: readonly TensorType[]): number {
  if (op.op !== 'contract') return 0;
  const { left, right } = op.attrs;
  const sizes = new Map<string, number>();
  const read = (letters: string, shape: readonly number[]) => [...letters].forEach((letter, i) => sizes.set(letter, shape[i]!));
  read(left, values[op.inputs[0]!]!.shape);
  read(right, values[op.inputs[1]!]!.shape);
  return [...sizes.values()].reduce((product, size) => product * size, 1);
}

export interface TotalCost {
  readonly weights: number;
  readonly forward: number;
  readonly backward: number;
  /** Two forward passes for every weight. */
  readonly numerical: number;
}

export function totalCost(layers: readonly LayerCost[]): TotalCost {
  const sum = (key: 'weights' | 'forward' | 'backward') => layers.reduce((total, layer) => total + layer[key], 0);
  const [weights, forward, backward] = [sum('weights'), sum('forward'), sum('backward')];
  return { weights, forward, backward, numerical: 2 * weights * forward };
}
