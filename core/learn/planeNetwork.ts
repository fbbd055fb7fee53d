/** A small multilayer perceptron over the plane: inputs derived from x and y, hidden layers, one output per question. */
import { drawWeights } from '../initialisers/draw.ts';
import { applyActivation, softmax, type ActivationName } from '../layers/activationMath.ts';
import { startValues } from '../layers/initialisers.ts';
import { linear } from '../layers/linear.ts';
import { losses, defaultLossConfig } from '../losses/index.ts';
import type { Builder, Value } from '../program/builder.ts';
import { createRandom } from '../random/philox.ts';

/** (rows) each, from the coordinates (rows). */
const inputMath = {
  x: (_b, x) => x,
  y: (_b, _x, y) => y,
  xSquared: (b, x) => b.unary('square', x),
  ySquared: (b, _x, y) => b.unary('square', y),
  product: (b, x, y) => b.multiply(x, y),
  sinX: (b, x) => b.unary('sin', x),
  sinY: (b, _x, y) => b.unary('sin', y),
} as const satisfies Record<string, (b: Builder, x: Value, y: Value) => Value>;

export type PlaneInput = keyof typeof inputMath;
export const planeInputs = Object.keys(inputMath) as PlaneInput[];

export const maxHiddenLayers = 6;
export const maxHiddenUnits = 12;

export interface PlaneNetwork {
  /** At least one, in the order of `planeInputs`. */
  readonly inputs: readonly PlaneInput[];
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** 0: a number is predicted. */
  readonly classes: number;
}

export interface PlaneLayer {
  readonly weight: string;
  readonly bias: string;
  /** Weight (units, inputs), bias (units). */
  readonly units: number;
  readonly inputs: number;
}

/** Two classes need one output: how likely the second one is. */
export function outputUnits(classes: number): number {
  return classes <= 2 ? 1 : classes;
}

/** The hidden layers and the output, in order. */
export function planeLayers({ inputs, hidden, classes }: PlaneNetwork): PlaneLayer[] {
  const sizes = [inputs.length, ...hidden, outputUnits(classes)];
  return sizes.slice(1).map((units, i) => ({ weight: `layer${i + 1}/weight`, bias: `layer${i + 1}/bias`, units, inputs: sizes[i]! }));
}

export function parameterCount(network: PlaneNetwork): number {
  return planeLayers(network).reduce((sum, { units, inputs }) => sum + units * (inputs + 1), 0);
}

const weightStream = 0x4c100000;

/** As PyTorch starts its Linear: uniform in ±1/√inputs. Each has a stream of its own. */
export function startPlane(network: PlaneNetwork, seed: number): Map<string, Float32Array> {
  const values = new Map<string, Float32Array>();
  for (const { weight, bias, units, inputs } of planeLayers(network)) {
    const start = startValues('default', inputs, units);
    values.set(weight, drawWeights(start.weight, [units, inputs], createRandom(seed, weightStream + values.size)));
    values.set(bias, drawWeights(start.bias, [units], createRandom(seed, weightStream + values.size)));
  }
  return values;
}

export interface PlaneForward {
  /** (rows, inputs), then (rows, units) of every hidden layer, then the output's scores (rows, outputs). */
  readonly layers: readonly Value[];
}

/** @param points (rows, 2); @param parameter the value of a slot (units, inputs) or (units) */
export function forwardPlane(
  b: Builder,
  network: PlaneNetwork,
  points: Value,
  parameter: (slot: string, shape: readonly number[]) => Value,
): PlaneForward {
  const rows = points.shape[0]!;
  const [x, y] = [0, 1].map((axis) => b.reshape(b.slice(points, 1, axis, 1), [rows])) as [Value, Value];
  const columns = network.inputs.map((name) => b.reshape(inputMath[name](b, x, y), [rows, 1]));
  const layers = [b.concat(columns, 1)];
  const all = planeLayers(network);
  all.forEach(({ weight, bias, units, inputs }, i) => {
    const sum = linear(b, layers.at(-1)!, parameter(weight, [units, inputs]), parameter(bias, [units]));
    layers.push(i === all.length - 1 ? sum : applyActivation(b, sum, network.activation));
  });
  return { layers };
}

/** The mean over the rows, (): binary cross-entropy, cross-entropy or mean squared error. @param targets (rows) */
export function planeLoss(b: Builder, { classes }: PlaneNetwork, scores: Value, targets: Value): Value {
  return b.mean(lossPerRow(b, classes, scores, targets), [0]);
}

function lossPerRow(b: Builder, classes: number, prediction: Value, target: Value): Value {
  if (classes === 0) return losses.mse.perSample({ b, params: {}, prediction, target: b.reshape(target, prediction.shape) }).loss;
  if (classes <= 2) {
    return losses.binaryCrossEntropy.perSample({ b, params: defaultLossConfig('binaryCrossEntropy'), prediction, target }).loss;
  }
  return losses.crossEntropy.perSample({ b, params: defaultLossConfig('crossEntropy'), prediction, target: b.cast(target, 'i32') }).loss;
}

/** Share of the rows that are given their class, (); for numbers R², the share of the variance that is explained. */
export function planeScore(b: Builder, { classes }: PlaneNetwork, scores: Value, targets: Value): Value {
  if (classes === 0) {
    const truth = b.reshape(targets, scores.shape);
    const mean = b.mean(truth, [0, 1]);
    const spread = b.mean(b.unary('square', b.subtract(truth, mean)), [0, 1]);
    const missed = b.mean(b.unary('square', b.subtract(truth, scores)), [0, 1]);
    return b.subtract(1, b.divide(missed, b.maximum(spread, 1e-12)));
  }
  const chosen = classes <= 2 ? b.cast(b.binary('less', 0, b.reshape(scores, targets.shape)), 'i32') : b.argmax(scores, 1);
  return b.mean(b.cast(b.binary('equal', chosen, b.cast(targets, 'i32')), 'f32'), [0]);
}

/** What the scores mean: probabilities of the second class or of every class, or the number itself; (rows, outputs). */
export function planeAnswer(b: Builder, { classes }: PlaneNetwork, scores: Value): Value {
  if (classes === 0) return scores;
  return classes <= 2 ? b.unary('sigmoid', scores) : softmax(b, scores);
}
