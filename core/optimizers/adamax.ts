/** Adamax: Adam with the largest recent gradient in place of the root mean square; formulas and defaults as torch.optim.Adamax. */
import { adamParams } from './adam.ts';
import { average, decayed, defineOptimizer, stateAt } from './defineOptimizer.ts';
import { learningRateSpec, weightDecaySpec } from './specs.ts';

export const adamax = defineOptimizer({
  type: 'adamax',
  title: 'Adamax',
  doc: 'Adam that divides by the largest recent gradient: calmer where single gradients are huge.',
  source: 'Kingma, Ba 2015, Adam: a method for stochastic optimization, section 7.1',
  params: { ...adamParams, learningRate: { ...learningRateSpec, default: 0.002 }, weightDecay: weightDecaySpec },
  stateNames: () => ['mean', 'largest'],
  scalars: ({ beta1 }, step, learningRate) => ({ stepSize: learningRate / (1 - beta1 ** (step + 1)) }),
  update({ b, config, parameter, gradient, states, scalar }) {
    const g = decayed(b, gradient, parameter, config.weightDecay);
    const mean = average(b, stateAt(states, 0), g, config.beta1);
    const largest = b.maximum(b.multiply(stateAt(states, 1), config.beta2), b.add(b.unary('abs', g), config.epsilon));
    const change = b.divide(mean, largest);
    return { parameter: b.subtract(parameter, b.multiply(change, scalar('stepSize'))), states: [mean, largest] };
  },
});
