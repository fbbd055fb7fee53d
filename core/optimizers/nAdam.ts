/** NAdam: Adam with Nesterov's look ahead; formulas and defaults as torch.optim.NAdam. */
import { adamParams } from './adam.ts';
import { average, decayed, defineOptimizer, shrunk, stateAt } from './defineOptimizer.ts';
import { decoupledSpec, learningRateSpec, weightDecaySpec } from './specs.ts';

export const nAdam = defineOptimizer({
  type: 'nadam',
  title: 'NAdam',
  doc: 'Adam whose momentum looks one step ahead, as Nesterov’s does; the momentum grows over the first steps.',
  source: 'Dozat 2016, Incorporating Nesterov momentum into Adam',
  params: {
    ...adamParams,
    learningRate: { ...learningRateSpec, default: 0.002 },
    weightDecay: weightDecaySpec,
    decoupled: { ...decoupledSpec, advanced: true },
    momentumDecay: {
      kind: 'number',
      label: 'Momentum decay',
      doc: 'How fast the momentum grows to β₁.',
      default: 0.004,
      min: 0,
      max: 1,
      step: 0.001,
      advanced: true,
    },
  },
  stateNames: () => ['mean', 'square'],
  scalars({ beta1, beta2, momentumDecay, weightDecay }, step, learningRate) {
    const momentum = (t: number) => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay)); // μ_t
    const product = momentumProduct(beta1, momentumDecay, step + 1, momentum); // μ_1 · … · μ_t
    const [now, next] = [momentum(step + 1), momentum(step + 2)];
    return {
      gradientStep: (learningRate * (1 - now)) / (1 - product),
      meanStep: (learningRate * next) / (1 - product * next),
      squareCorrection: 1 / Math.sqrt(1 - beta2 ** (step + 1)),
      decay: learningRate * weightDecay,
    };
  },
  update(context) {
    const { b, config, gradient, states, scalar } = context;
    const { beta1, beta2, epsilon, weightDecay, decoupled } = config;
    const g = decoupled ? gradient : decayed(b, gradient, context.parameter, weightDecay);
    const parameter = decoupled ? shrunk(context, weightDecay) : context.parameter;
    const mean = average(b, stateAt(states, 0), g, beta1);
    const square = average(b, stateAt(states, 1), b.unary('square', g), beta2);
    const root = b.add(b.multiply(b.unary('sqrt', square), scalar('squareCorrection')), epsilon);
    const change = b.divide(b.add(b.multiply(g, scalar('gradientStep')), b.multiply(mean, scalar('meanStep'))), root);
    return { parameter: b.subtract(parameter, change), states: [mean, square] };
  },
});

/** The last product asked for, by constants: steps are asked in order, and a look back starts from 1 again. */
const lastProducts = new Map<string, { step: number; product: number }>();

function momentumProduct(beta1: number, decay: number, step: number, momentum: (t: number) => number): number {
  const key = `${beta1} ${decay}`;
  const last = lastProducts.get(key);
  let { step: t, product } = last !== undefined && last.step <= step ? last : { step: 0, product: 1 };
  while (t < step) product *= momentum(++t);
  lastProducts.set(key, { step, product });
  return product;
}
