/** Adam with bias correction and coupled weight decay; formulas as torch.optim.Adam. */
import type { Value } from '../program/builder.ts';
import { decayed, defineOptimizer, stateAt, type Update, type UpdateContext } from './defineOptimizer.ts';
import { betaSpecs, epsilonSpec, learningRateSpec, weightDecaySpec } from './specs.ts';

/** What Adam and AdamW share; learning rate and moments by PyTorch's defaults. */
export const adamParams = {
  learningRate: { ...learningRateSpec, default: 0.001 },
  ...betaSpecs,
  epsilon: epsilonSpec,
} as const;

export const amsgradSpec = {
  kind: 'boolean',
  label: 'AMSGrad',
  doc: 'Divides by the largest mean square so far, so that no step size grows again.',
  default: false,
  advanced: true,
} as const;

interface AdamConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly amsgrad: boolean;
}

export const adam = defineOptimizer({
  type: 'adam',
  title: 'Adam',
  doc: 'Gives every weight its own step size from the mean and spread of its recent gradients. Works well with its defaults.',
  source: 'Kingma, Ba 2015, Adam: a method for stochastic optimization; Reddi, Kale, Kumar 2018 (AMSGrad)',
  params: { ...adamParams, weightDecay: weightDecaySpec, amsgrad: amsgradSpec },
  stateNames: adamStates,
  scalars: adamScalars,
  update: (context) => adamStep(context, decayed(context.b, context.gradient, context.parameter, context.config.weightDecay)),
});

export function adamStates({ amsgrad }: AdamConfig): readonly string[] {
  return amsgrad ? ['mean', 'square', 'largest'] : ['mean', 'square'];
}

export function adamScalars({ beta1, beta2 }: AdamConfig, step: number, learningRate: number): Readonly<Record<string, number>> {
  return {
    stepSize: learningRate / (1 - beta1 ** (step + 1)),
    squareCorrection: 1 / Math.sqrt(1 - beta2 ** (step + 1)),
  };
}

/** @param g the gradient, with any decay that is coupled to it */
export function adamStep({ b, config, parameter, states, scalar }: UpdateContext<AdamConfig>, g: Value): Update {
  const mean = stateAt(states, 0);
  const newMean = b.add(mean, b.multiply(b.subtract(g, mean), 1 - config.beta1));
  const newSquare = b.add(b.multiply(stateAt(states, 1), config.beta2), b.multiply(b.unary('square', g), 1 - config.beta2));
  const largest = config.amsgrad ? [b.maximum(stateAt(states, 2), newSquare)] : [];
  const root = b.multiply(b.unary('sqrt', largest[0] ?? newSquare), scalar('squareCorrection'));
  const change = b.divide(newMean, b.add(root, config.epsilon));
  return { parameter: b.subtract(parameter, b.multiply(change, scalar('stepSize'))), states: [newMean, newSquare, ...largest] };
}
