/** RAdam: Adam that waits until the spread of the gradients is known; formulas and defaults as torch.optim.RAdam. */
import { adamParams } from './adam.ts';
import { average, decayed, defineOptimizer, shrunk, stateAt } from './defineOptimizer.ts';
import { decoupledSpec, weightDecaySpec } from './specs.ts';

export const rAdam = defineOptimizer({
  type: 'radam',
  title: 'RAdam',
  doc: 'Adam that takes plain steps of momentum until enough gradients were seen to trust their spread: a warm-up that needs no setting.',
  source: 'Liu, Jiang, He, Chen, Liu, Gao, Han 2020, On the variance of the adaptive learning rate and beyond',
  params: { ...adamParams, weightDecay: weightDecaySpec, decoupled: { ...decoupledSpec, advanced: true } },
  stateNames: () => ['mean', 'square'],
  scalars({ beta1, beta2, weightDecay }, step, learningRate) {
    const t = step + 1;
    const squareShare = 1 - beta2 ** t;
    const longest = 2 / (1 - beta2) - 1; // ρ_∞
    const length = longest - (2 * t * beta2 ** t) / squareShare; // ρ_t
    const trusted = length > 5;
    const rectification = trusted ? Math.sqrt(((length - 4) * (length - 2) * longest) / ((longest - 4) * (longest - 2) * length)) : 0;
    return {
      stepSize: learningRate / (1 - beta1 ** t),
      adaptive: rectification * Math.sqrt(squareShare),
      plain: trusted ? 0 : 1,
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
    const factor = b.add(b.divide(scalar('adaptive'), b.add(b.unary('sqrt', square), epsilon)), scalar('plain'));
    return { parameter: b.subtract(parameter, b.multiply(b.multiply(mean, factor), scalar('stepSize'))), states: [mean, square] };
  },
});
