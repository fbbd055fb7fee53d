/**
 * Universal approximation (Cybenko 1989; Hornik, Stinchcombe, White 1989): a network from one number to one number is fitted
 * to a curve on the closed interval [−π, π]. All points at once, mean squared error, Adam with a cosine schedule; the
 * largest error is looked for between the points, too.
 */
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { drawWeights } from '../initialisers/draw.ts';
import { applyActivation, type ActivationName } from '../layers/activationMath.ts';
import { startValues } from '../layers/initialisers.ts';
import { linear } from '../layers/linear.ts';
import { defaultOptimizer, optimizerOf } from '../optimizers/index.ts';
import { createBuilder, type Builder, type Value } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import type { Program, SlotSpec, TensorType } from '../program/program.ts';
import { createRandom } from '../random/philox.ts';

/** Points that are fitted, evenly spaced, both ends among them. */
export const fittedPoints = 129;
/** Points at which the error is looked for: every fourth of them is fitted. */
export const checkedPoints = 4 * (fittedPoints - 1) + 1;

export const interval = { from: -Math.PI, to: Math.PI } as const;

export const curves = {
  sine: Math.sin,
  absolute: (x: number) => Math.abs(x) / Math.PI,
  wave: (x: number) => Math.sin(3 * x) * Math.exp(-x * x / 4), // prettier-ignore
  step: (x: number) => (x < 0 ? -0.5 : 0.5),
} as const satisfies Record<string, (x: number) => number>;

export type CurveName = keyof typeof curves;

export function positionOf(index: number, count: number): number {
  return interval.from + ((interval.to - interval.from) * index) / (count - 1);
}

/** A curve at `checkedPoints`. */
export function sampleCurve(name: CurveName): Float32Array {
  return Float32Array.from({ length: checkedPoints }, (_, i) => curves[name](positionOf(i, checkedPoints)));
}

/** A place on a drawn curve: one of `checkedPoints`, and the value there. */
export interface Place {
  readonly at: number;
  readonly value: number;
}

/** How far a single dab reaches to both sides, in points. */
const strokeHalf = 6;

/** The curve with a straight stroke over it; values stay within ±most. */
export function drawLine(curve: Float32Array, from: Place, to: Place, most: number): Float32Array {
  const drawn = curve.slice();
  const [left, right] = from.at <= to.at ? [from, to] : [to, from];
  const reach = left.at === right.at ? strokeHalf : 0;
  for (let i = Math.max(0, left.at - reach); i <= Math.min(curve.length - 1, right.at + reach); i++) {
    const share = right.at === left.at ? 1 : Math.min(1, Math.max(0, (i - left.at) / (right.at - left.at)));
    drawn[i] = Math.max(-most, Math.min(most, left.value + share * (right.value - left.value)));
  }
  return drawn;
}

export interface FitConfig {
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly activation: ActivationName;
  /** At `checkedPoints`. */
  readonly target: Float32Array;
  readonly steps: number;
  readonly learningRate: number;
  readonly seed: number;
}

export interface FitState {
  readonly step: number;
  /** Mean squared error at the fitted points, before the last step. */
  readonly loss: number;
  /** At `checkedPoints`. */
  readonly fit: Float32Array;
  readonly maximumError: number;
}

export interface Fit {
  readonly parameters: number;
  /** Takes steps, at most to the end. */
  run(steps: number): Promise<void>;
  read(): Promise<FitState>;
}

export async function createFit(config: FitConfig): Promise<Fit> {
  const { hidden, target, steps, learningRate, seed } = config;
  const engine = createReferenceEngine();
  const optimizer = { ...defaultOptimizer('adam'), learningRate };
  const rule = optimizerOf(optimizer);
  const layers = layersOf(hidden);
  const parameters = layers.flatMap(({ name, units, inputs }) => [
    { slot: `${name}/weight`, shape: [units, inputs] },
    { slot: `${name}/bias`, shape: [units] },
  ]);
  const slots: SlotSpec[] = [
    ...parameters.flatMap(({ slot, shape }): SlotSpec[] => [
      { name: slot, kind: 'parameter', type: f32(shape) },
      ...rule.stateNames(optimizer).map((state): SlotSpec => ({ name: `${slot}/${state}`, kind: 'optimizer', type: f32(shape) })),
    ]),
    { name: 'x', kind: 'data', type: f32([fittedPoints, 1]) },
    { name: 'target', kind: 'data', type: f32([fittedPoints, 1]) },
    { name: 'checked', kind: 'data', type: f32([checkedPoints, 1]) },
    { name: 'loss', kind: 'carry', type: f32([]) },
    { name: 'fit', kind: 'carry', type: f32([checkedPoints, 1]) },
  ];

  function forward(b: Builder, x: Value): Value {
    return layers.reduce((value, { name, units, inputs }, i) => {
      const sum = linear(b, value, b.slot(`${name}/weight`, f32([units, inputs])), b.slot(`${name}/bias`, f32([units])));
      return i === layers.length - 1 ? sum : applyActivation(b, sum, config.activation);
    }, x);
  }

  function trainProgram(): Program {
    const b = createBuilder({ name: 'train', batchSize: 0 });
    const error = b.subtract(forward(b, b.slot('x', f32([fittedPoints, 1]))), b.slot('target', f32([fittedPoints, 1])));
    const loss = b.mean(b.unary('square', error), [0, 1]);
    b.assign('loss', loss);
    const values = parameters.map(({ slot, shape }) => b.slot(slot, f32(shape)));
    gradients(b, loss, values).forEach((gradient, i) => {
      const { slot, shape } = parameters[i]!;
      const names = rule.stateNames(optimizer).map((state) => `${slot}/${state}`);
      const states = names.map((name) => b.slot(name, f32(shape)));
      const updated = rule.update({ b, config: optimizer, parameter: values[i]!, gradient, states, scalar: (name) => b.scalar(name) });
      b.assign(slot, updated.parameter);
      updated.states.forEach((state, k) => b.assign(names[k]!, state));
    });
    return b.build();
  }

  const look = createBuilder({ name: 'look', batchSize: 0 });
  look.assign('fit', forward(look, look.slot('checked', f32([checkedPoints, 1]))));
  const train = trainProgram();
  await engine.load({ programs: { train, look: look.build() }, slots, seed });
  const places = Float32Array.from({ length: checkedPoints }, (_, i) => positionOf(i, checkedPoints));
  const everyFourth = (values: Float32Array) => values.filter((_, i) => i % 4 === 0);
  await engine.write('checked', places);
  await engine.write('x', everyFourth(places));
  await engine.write('target', everyFourth(target));
  for (const [i, { name, units, inputs }] of layers.entries()) {
    const start = startValues('default', inputs, units);
    await engine.write(`${name}/weight`, drawWeights(start.weight, [units, inputs], createRandom(seed, weightStream + 2 * i)));
    await engine.write(`${name}/bias`, drawWeights(start.bias, [units], createRandom(seed, weightStream + 2 * i + 1)));
  }

  let step = 0;
  return {
    parameters: countParameters(hidden),
    async run(count) {
      const taken = Math.min(count, steps - step);
      if (taken <= 0) return;
      const scalars = new Float32Array(taken * train.scalarNames.length);
      for (let i = 0; i < taken; i++) {
        const rate = (learningRate * (1 + Math.cos((Math.PI * (step + i)) / steps))) / 2;
        const values = rule.scalars(optimizer, step + i, rate);
        train.scalarNames.forEach((name, k) => (scalars[i * train.scalarNames.length + k] = values[name] ?? NaN));
      }
      await engine.run('train', { steps: taken, firstStep: step, scalars });
      step += taken;
    },
    async read() {
      await engine.run('look', { steps: 1, firstStep: 0 });
      const fit = (await engine.read('fit')) as Float32Array;
      const maximumError = fit.reduce((most, value, i) => Math.max(most, Math.abs(value - target[i]!)), 0);
      return { step, loss: (await engine.read('loss'))[0]!, fit, maximumError };
    },
  };
}

const weightStream = 0x4c200000;
const f32 = (shape: readonly number[]): TensorType => ({ shape, dtype: 'f32' });

function layersOf(hidden: readonly number[]): { name: string; units: number; inputs: number }[] {
  const sizes = [1, ...hidden, 1];
  return sizes.slice(1).map((units, i) => ({ name: `layer${i + 1}`, units, inputs: sizes[i]! }));
}

export function countParameters(hidden: readonly number[]): number {
  return layersOf(hidden).reduce((sum, { units, inputs }) => sum + units * (inputs + 1), 0);
}

/** Equal hidden layers, so many and so wide that the network has as many parameters as whole units allow. */
export function shapeWith(depth: number, parameters: number): number[] {
  const shape = (width: number) => new Array<number>(depth).fill(width);
  let width = 1;
  while (countParameters(shape(width + 1)) <= parameters) width++;
  const [below, above] = [width, width + 1].map((own) => Math.abs(countParameters(shape(own)) - parameters));
  return shape(below! <= above! ? width : width + 1);
}
