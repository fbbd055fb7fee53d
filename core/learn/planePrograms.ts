/**
 * The programs and slots of a small network over the plane.
 *
 * train, trainTail   a batch: loss with its penalty, gradients, the optimizer's own rule
 * score              `score` (4): loss of the training and of the test part, then how much of each is right
 * map, small         every unit over a grid of points: `map/<layer>` (units, points), `small/<layer>`
 */
import { optimizerOf, type OptimizerConfig } from '../optimizers/index.ts';
import { range } from '../ops/shapes.ts';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { Program, SlotSpec } from '../program/program.ts';
import type { PlaneData } from './planeData.ts';
import { forwardPlane, planeAnswer, planeLayers, planeLoss, planeScore, type PlaneNetwork } from './planeNetwork.ts';

export type Penalty = 'none' | 'l1' | 'l2';

export interface PlaneTraining {
  readonly network: PlaneNetwork;
  readonly optimizer: OptimizerConfig;
  readonly penalty: Penalty;
}

/** The scalar beside the optimizer's own. */
const penaltyScalar = 'penalty';

/** A step's scalars in the order in which the program asks for them. */
export function trainScalars(names: readonly string[], optimizer: OptimizerConfig, step: number, penaltyRate: number): Float32Array {
  const own = optimizerOf(optimizer).scalars(optimizer, step, optimizer.learningRate);
  return Float32Array.from(names, (name) => (name === penaltyScalar ? penaltyRate : (own[name] ?? NaN)));
}

export interface Parameter {
  readonly slot: string;
  readonly shape: readonly number[];
  readonly size: number;
  readonly isBias: boolean;
}

export function planeParameters(network: PlaneNetwork): Parameter[] {
  return planeLayers(network).flatMap(({ weight, bias, units, inputs }) => [
    { slot: weight, shape: [units, inputs], size: units * inputs, isBias: false },
    { slot: bias, shape: [units], size: units, isBias: true },
  ]);
}

/** Without an optimizer, of the weights alone. */
export function parameterSlots({ network, optimizer }: Pick<PlaneTraining, 'network'> & Partial<PlaneTraining>): SlotSpec[] {
  return planeParameters(network).flatMap(({ slot, shape }): SlotSpec[] => [
    { name: slot, kind: 'parameter', type: { shape, dtype: 'f32' } },
    ...(optimizer === undefined ? [] : optimizerOf(optimizer).stateNames(optimizer)).map((state): SlotSpec => ({
      name: `${slot}/${state}`,
      kind: 'optimizer',
      type: { shape, dtype: 'f32' },
    })),
  ]);
}

export function dataSlots({ targets }: PlaneData): SlotSpec[] {
  return [
    { name: 'data/points', kind: 'data', type: { shape: [targets.length, 2], dtype: 'f32' } },
    { name: 'data/targets', kind: 'data', type: { shape: [targets.length], dtype: 'f32' } },
    { name: 'score', kind: 'carry', type: { shape: [4], dtype: 'f32' } },
  ];
}

export const parameterOf =
  (b: Builder) =>
  (slot: string, shape: readonly number[]): Value =>
    b.slot(slot, { shape, dtype: 'f32' });

export function dataOf(b: Builder, { targets }: PlaneData): { points: Value; targets: Value } {
  return {
    points: b.slot('data/points', { shape: [targets.length, 2], dtype: 'f32' }),
    targets: b.slot('data/targets', { shape: [targets.length], dtype: 'f32' }),
  };
}

export function trainProgram(name: string, batchSize: number, { network, optimizer, penalty }: PlaneTraining, data: PlaneData): Program {
  const b = createBuilder({ name, batchSize });
  const all = dataOf(b, data);
  const points = b.gather(all.points, b.rows());
  const targets = b.gather(all.targets, b.rows());
  const value = parameterOf(b);
  const scores = forwardPlane(b, network, points, value).layers.at(-1)!;
  const parameters = planeParameters(network);
  const values = parameters.map(({ slot, shape }) => value(slot, shape));
  const loss = planeLoss(b, network, scores, targets);
  const whole = penalty === 'none' ? loss : b.add(loss, b.multiply(penaltyOf(b, penalty, parameters, values), b.scalar(penaltyScalar)));
  const changes = gradients(b, whole, values);
  const rule = optimizerOf(optimizer);
  parameters.forEach(({ slot, shape }, i) => {
    const states = rule.stateNames(optimizer).map((state) => `${slot}/${state}`);
    const updated = rule.update({
      b,
      config: optimizer,
      parameter: values[i]!,
      gradient: changes[i]!,
      states: states.map((state) => value(state, shape)),
      scalar: (scalar) => b.scalar(scalar),
    });
    b.assign(slot, updated.parameter);
    updated.states.forEach((state, k) => b.assign(states[k]!, state));
  });
  return b.build();
}

/** Σ |w| or ½ Σ w² over the weights; biases go free. */
function penaltyOf(b: Builder, penalty: Penalty, parameters: readonly Parameter[], values: readonly Value[]): Value {
  const sizes = values
    .filter((_, i) => !parameters[i]!.isBias)
    .map((weight) => b.sum(b.unary(penalty === 'l1' ? 'abs' : 'square', weight), range(weight.shape.length)));
  const sum = sizes.reduce((total, size) => b.add(total, size));
  return penalty === 'l1' ? sum : b.multiply(sum, 0.5);
}

export function scoreProgram(network: PlaneNetwork, data: PlaneData): Program {
  const b = createBuilder({ name: 'score', batchSize: 0 });
  const all = dataOf(b, data);
  const scores = forwardPlane(b, network, all.points, parameterOf(b)).layers.at(-1)!;
  const parts = [
    [0, data.trainCount],
    [data.trainCount, data.targets.length - data.trainCount],
  ] as const;
  const cut = parts.map(([from, count]) => [b.slice(scores, 0, from, count), b.slice(all.targets, 0, from, count)] as const);
  const numbers = [
    ...cut.map(([part, targets]) => planeLoss(b, network, part, targets)),
    ...cut.map(([part, targets]) => planeScore(b, network, part, targets)),
  ];
  b.assign(
    'score',
    b.concat(
      numbers.map((number) => b.reshape(number, [1])),
      0,
    ),
  );
  return b.build();
}

export function mapSlots(name: string, network: PlaneNetwork, side: number): SlotSpec[] {
  const sizes = [network.inputs.length, ...planeLayers(network).map(({ units }) => units)];
  return [
    { name: `${name}/points`, kind: 'data', type: { shape: [side * side, 2], dtype: 'f32' } },
    ...sizes.map((units, i): SlotSpec => ({
      name: `${name}/${i}`,
      kind: 'carry',
      type: { shape: [units, side * side], dtype: 'f32' },
    })),
  ];
}

export function mapProgram(name: string, network: PlaneNetwork, side: number): Program {
  const b = createBuilder({ name, batchSize: 0 });
  const points = b.slot(`${name}/points`, { shape: [side * side, 2], dtype: 'f32' });
  const { layers } = forwardPlane(b, network, points, parameterOf(b));
  layers.forEach((layer, i) => {
    const shown = i === layers.length - 1 ? planeAnswer(b, network, layer) : layer;
    b.assign(`${name}/${i}`, b.transpose(shown, [1, 0]));
  });
  return b.build();
}

/** (side², 2): the middles of the cells, rows from the top down. */
export function gridPoints([x0, x1, y0, y1]: PlaneData['bounds'], side: number): Float32Array {
  const points = new Float32Array(2 * side * side);
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = 2 * (row * side + column);
      points[at] = x0 + ((x1 - x0) * (column + 0.5)) / side;
      points[at + 1] = y1 - ((y1 - y0) * (row + 0.5)) / side;
    }
  }
  return points;
}
