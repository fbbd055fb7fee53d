/** Stages of a step with their numbers, as JSON: nested lists in the shape of each tensor. */
import type { Stage, TensorRef } from '../../core/explain/stages.ts';
import { elementCount } from '../../core/ops/shapes.ts';
import type { ValueId } from '../../core/program/program.ts';
import type { Host } from '../host/host.ts';

interface Tensor {
  readonly shape: readonly number[];
  readonly values: unknown;
}

type Read = (id: ValueId, shape: readonly number[]) => Tensor;

export async function stageWithNumbers(host: Host, machine: number, stage: Stage): Promise<object> {
  const wanted = idsOf(stage);
  const numbers = new Map<ValueId, ArrayLike<number>>();
  for (const id of wanted) numbers.set(id, (await host.handlers['explain.read']({ machine, values: [id] }))[0]!);
  return describe(stage, (id, shape) => ({ shape, values: nested(numbers.get(id)!, shape) }));
}

function idsOf(stage: Stage): Set<ValueId> {
  const ids = new Set<ValueId>();
  const add = (...refs: readonly (TensorRef | undefined)[]) => refs.forEach((ref) => ref !== undefined && ids.add(ref.id));
  const addGradients = (...refs: readonly TensorRef[]) => refs.forEach(({ gradient }) => gradient !== undefined && ids.add(gradient));
  switch (stage.phase) {
    case 'forward':
      add(...stage.inputs, ...stage.weights, ...stage.inside, stage.output);
      break;
    case 'backward':
      add(stage.slope);
      addGradients(...stage.inputs, ...stage.weights, ...stage.inside, stage.output);
      break;
    case 'loss':
      add(stage.prediction, stage.readable, stage.target, stage.sampleLoss, stage.loss);
      addGradients(stage.prediction);
      break;
    case 'update':
      for (const { value, gradient, clipped, states, after } of stage.parameters) {
        for (const id of [value, gradient, clipped, after, ...states.flatMap((state) => [state.before, state.after])]) {
          if (id !== undefined) ids.add(id);
        }
      }
  }
  return ids;
}

function describe(stage: Stage, read: Read): object {
  const tensor = ({ id, shape }: TensorRef) => read(id, shape);
  const named = (ref: TensorRef) => ({ name: ref.name, ...(ref.step === undefined ? {} : { step: ref.step }), ...tensor(ref) });
  const gradientOf = (ref: TensorRef) =>
    ref.gradient === undefined
      ? []
      : [{ name: ref.name, ...(ref.step === undefined ? {} : { step: ref.step }), ...read(ref.gradient, ref.shape) }];
  switch (stage.phase) {
    case 'forward':
      return {
        phase: stage.phase,
        layer: stage.name,
        type: stage.type,
        inputs: stage.inputs.map((ref, i) => ({ from: stage.inputNodes[i], ...tensor(ref) })),
        weights: stage.weights.map(named),
        inside: stage.inside.map(named),
        output: tensor(stage.output),
      };
    case 'loss':
      return {
        phase: stage.phase,
        type: stage.type,
        prediction: tensor(stage.prediction),
        readable: tensor(stage.readable),
        target: tensor(stage.target),
        sampleLoss: tensor(stage.sampleLoss),
        loss: tensor(stage.loss),
        gradients: gradientOf(stage.prediction),
      };
    case 'backward': {
      const [incoming] = gradientOf(stage.output);
      return {
        phase: stage.phase,
        layer: stage.name,
        type: stage.type,
        incoming: incoming ?? null,
        ...(stage.slope === undefined ? {} : { localDerivative: tensor(stage.slope) }),
        inside: stage.inside.flatMap(gradientOf),
        weights: stage.weights.flatMap(gradientOf),
        inputs: stage.inputs.flatMap((ref, i) => gradientOf(ref).map(({ name: _, ...own }) => ({ from: stage.inputNodes[i], ...own }))),
      };
    }
    case 'update':
      return {
        phase: stage.phase,
        layer: stage.name,
        type: stage.type,
        parameters: stage.parameters.map(({ name, shape, value, gradient, clipped, states, after }) => ({
          name,
          before: read(value, shape),
          gradient: read(gradient, shape),
          ...(clipped === undefined ? {} : { clippedGradient: read(clipped, shape) }),
          states: states.map((state) => ({ name: state.name, before: read(state.before, shape), after: read(state.after, shape) })),
          after: read(after, shape),
        })),
      };
  }
}

/** A scalar, a list, a list of lists, ... */
export function nested(numbers: ArrayLike<number>, shape: readonly number[], start = 0): unknown {
  const [size, ...rest] = shape;
  if (size === undefined) return numbers[start];
  const step = elementCount(rest);
  return Array.from({ length: size }, (_, i) => nested(numbers, rest, start + i * step));
}
