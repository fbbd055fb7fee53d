/**
 * The mathematics of every activation, once: the stand-alone activation layers and Dense's `activation` parameter
 * both call these. Formulas, defaults and the choice of gradient at kinks are PyTorch's (`torch.nn`, version 2).
 *
 * Branches use `select(lessEqual(x, k), ...)`: so the gradient at the kink is the left one, as in PyTorch, and a NaN
 * fails the comparison and passes through instead of turning into a harmless 0.
 */
import type { Builder, Value } from '../program/builder.ts';

export type ActivationName =
  | 'linear'
  | 'relu'
  | 'leakyRelu'
  | 'elu'
  | 'selu'
  | 'gelu'
  | 'geluTanh'
  | 'silu'
  | 'mish'
  | 'sigmoid'
  | 'tanh'
  | 'softplus'
  | 'hardSigmoid'
  | 'hardSwish'
  | 'softmax'
  | 'logSoftmax';

/** Self-normalising constants, Klambauer et al. 2017. */
const seluAlpha = 1.6732632423543772;
const seluScale = 1.0507009873554805;

export function relu(b: Builder, x: Value): Value {
  return b.maximum(x, 0);
}

export function leakyRelu(b: Builder, x: Value, negativeSlope: number): Value {
  return b.select(b.binary('lessEqual', x, 0), b.multiply(x, negativeSlope), x);
}

/** x for x > 0, else alpha · (eˣ − 1); the exponent is kept at or below 0 so that it can't overflow. */
export function elu(b: Builder, x: Value, alpha: number): Value {
  const negative = b.binary('lessEqual', x, 0);
  const exponent = b.select(negative, x, 0);
  return b.select(negative, b.multiply(b.subtract(b.unary('exp', exponent), 1), alpha), x);
}

export function selu(b: Builder, x: Value): Value {
  return b.multiply(elu(b, x, seluAlpha), seluScale);
}

/** x · Φ(x) with the normal distribution's exact Φ. */
export function geluExact(b: Builder, x: Value): Value {
  const phi = b.multiply(b.add(b.unary('erf', b.multiply(x, Math.SQRT1_2)), 1), 0.5);
  return b.multiply(x, phi);
}

/** The tanh approximation of GELU. */
export function geluTanh(b: Builder, x: Value): Value {
  const cube = b.multiply(b.unary('square', x), x);
  const inner = b.multiply(b.add(x, b.multiply(cube, 0.044715)), Math.sqrt(2 / Math.PI));
  return b.multiply(b.multiply(x, 0.5), b.add(b.unary('tanh', inner), 1));
}

export function silu(b: Builder, x: Value): Value {
  return b.multiply(x, b.unary('sigmoid', x));
}

/** log(1 + eˣ), linear above 20 as in PyTorch. */
export function softplus(b: Builder, x: Value): Value {
  const large = b.binary('less', 20, x);
  const exponent = b.select(large, 0, x);
  return b.select(large, x, b.unary('log1p', b.unary('exp', exponent)));
}

export function mish(b: Builder, x: Value): Value {
  return b.multiply(x, b.unary('tanh', softplus(b, x)));
}

/** min(max(x + 3, 0), 6) ÷ 6 */
export function hardSigmoid(b: Builder, x: Value): Value {
  const middle = b.add(b.multiply(x, 1 / 6), 0.5);
  const upper = b.select(b.binary('lessEqual', 3, x), 1, middle);
  return b.select(b.binary('lessEqual', x, -3), 0, upper);
}

export function hardSwish(b: Builder, x: Value): Value {
  return b.multiply(x, hardSigmoid(b, x));
}

/** Along the last axis, shifted by the maximum so that eˣ can't overflow. */
export function softmax(b: Builder, x: Value): Value {
  const axis = x.shape.length - 1;
  const exponentials = b.unary('exp', b.subtract(x, b.stopGradient(b.max(x, [axis], true))));
  return b.divide(exponentials, b.sum(exponentials, [axis], true));
}

/** Along the last axis: x − log Σ eˣ. */
export function logSoftmax(b: Builder, x: Value): Value {
  return b.subtract(x, logSumExp(b, x));
}

/** log Σ eˣ along the last axis, which stays with size 1. */
export function logSumExp(b: Builder, x: Value): Value {
  const axis = x.shape.length - 1;
  const maximum = b.stopGradient(b.max(x, [axis], true));
  return b.add(b.unary('log', b.sum(b.unary('exp', b.subtract(x, maximum)), [axis], true)), maximum);
}

interface Activation {
  readonly title: string;
  readonly doc: string;
  readonly apply: (b: Builder, x: Value) => Value;
}

/** What Dense's `activation` offers, with PyTorch's default constants. */
export const activations: Readonly<Record<ActivationName, Activation>> = {
  linear: { title: 'Linear', doc: 'No activation: the sum as it is.', apply: (_b, x) => x },
  relu: { title: 'ReLU', doc: 'Cuts negative values to 0.', apply: relu },
  leakyRelu: { title: 'LeakyReLU', doc: 'Negative values keep 1 % of their size.', apply: (b, x) => leakyRelu(b, x, 0.01) },
  elu: { title: 'ELU', doc: 'Negative values run smoothly towards −1.', apply: (b, x) => elu(b, x, 1) },
  selu: { title: 'SELU', doc: 'ELU scaled so that activations keep mean 0 and variance 1.', apply: selu },
  gelu: { title: 'GELU', doc: 'x times the normal distribution function of x.', apply: geluExact },
  geluTanh: { title: 'GELU (tanh)', doc: 'The tanh approximation of GELU.', apply: geluTanh },
  silu: { title: 'SiLU', doc: 'x times sigmoid(x), also called Swish.', apply: silu },
  mish: { title: 'Mish', doc: 'x times tanh(softplus(x)).', apply: mish },
  sigmoid: { title: 'Sigmoid', doc: 'Squashes to 0…1.', apply: (b, x) => b.unary('sigmoid', x) },
  tanh: { title: 'Tanh', doc: 'Squashes to −1…1.', apply: (b, x) => b.unary('tanh', x) },
  softplus: { title: 'Softplus', doc: 'A smooth ReLU: log(1 + eˣ).', apply: softplus },
  hardSigmoid: { title: 'HardSigmoid', doc: 'Sigmoid made of three straight lines.', apply: hardSigmoid },
  hardSwish: { title: 'HardSwish', doc: 'x times HardSigmoid(x).', apply: hardSwish },
  softmax: { title: 'Softmax', doc: 'Turns a row of numbers into probabilities that sum to 1.', apply: softmax },
  logSoftmax: { title: 'LogSoftmax', doc: 'The logarithm of softmax.', apply: logSoftmax },
};

export function isActivationName(name: string): name is ActivationName {
  return Object.hasOwn(activations, name);
}

/** An `activation` parameter's function of x. */
export function applyActivation(b: Builder, x: Value, name: string): Value {
  if (!isActivationName(name) || name === 'linear') return x;
  return activations[name].apply(b, b.name(x, 'preActivation'));
}

/** ` · ReLU` for the line under a node's name; nothing for linear. */
export function activationSuffix(name: string): string {
  return isActivationName(name) && name !== 'linear' ? ` · ${activations[name].title}` : '';
}

export const activationOptions: readonly { readonly value: string; readonly label: string; readonly doc: string }[] = Object.entries(
  activations,
).map(([value, { title, doc }]) => ({ value, label: title, doc }));
