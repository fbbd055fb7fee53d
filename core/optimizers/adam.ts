/** Adam with bias correction and coupled weight decay; formulas as torch.optim.Adam. */
import type { OptimizerConfig } from '../train/runConfig.ts';
import type { Value } from '../program/builder.ts';
import { decayed, learningRateSpec, weightDecaySpec, type OptimizerDefinition, type UpdateContext } from './defineOptimizer.ts';

type AdamConfig = Extract<OptimizerConfig, { type: 'adam' | 'adamw' }>;

/** What Adam and AdamW share; learning rate and moments by PyTorch's defaults. */
export const adamParams = {
  learningRate: { ...learningRateSpec, default: 0.001 },
  beta1: {
    kind: 'number',
    label: 'β₁',
    doc: 'How much of the old mean of the gradients is kept.',
    default: 0.9,
    min: 0,
    max: 0.9999,
    step: 0.01,
  },
  beta2: {
    kind: 'number',
    label: 'β₂',
    doc: 'How much of the old mean of the squared gradients is kept.',
    default: 0.999,
    min: 0,
    max: 0.99999,
    step: 0.001,
  },
  epsilon: {
    kind: 'number',
    label: 'ε',
    doc: 'Keeps the division finite where gradients are tiny.',
    default: 1e-8,
    min: 0,
    max: 1,
    step: 1e-8,
  },
} as const;

export const adam: OptimizerDefinition<Extract<OptimizerConfig, { type: 'adam' }>> = {
  title: 'Adam',
  doc: 'Gives every weight its own step size from the mean and spread of its recent gradients. Works well with its defaults.',
  source: 'Kingma, Ba 2015, Adam: a method for stochastic optimization',
  params: { ...adamParams, weightDecay: weightDecaySpec },
  stateNames: () => ['mean', 'square'],
  scalars: adamScalars,
  update: (context) => adamStep(context, decayed(context.b, context.gradient, context.parameter, context.config.weightDecay)),
};

export function adamScalars({ beta1, beta2 }: AdamConfig, step: number, learningRate: number): Readonly<Record<string, number>> {
  return {
    stepSize: learningRate / (1 - beta1 ** (step + 1)),
    squareCorrection: 1 / Math.sqrt(1 - beta2 ** (step + 1)),
  };
}

/** @param g the gradient, with any decay that is coupled to it */
export function adamStep({ b, config, parameter, states }: UpdateContext<AdamConfig>, g: Value): { parameter: Value; states: Value[] } {
  const [mean, square] = states;
  if (mean === undefined || square === undefined) throw new Error('Adam needs two states per parameter.');
  const newMean = b.add(mean, b.multiply(b.subtract(g, mean), 1 - config.beta1));
  const newSquare = b.add(b.multiply(square, config.beta2), b.multiply(b.unary('square', g), 1 - config.beta2));
  const root = b.multiply(b.unary('sqrt', newSquare), b.scalar('squareCorrection'));
  const change = b.divide(newMean, b.add(root, config.epsilon));
  return { parameter: b.subtract(parameter, b.multiply(change, b.scalar('stepSize'))), states: [newMean, newSquare] };
}
