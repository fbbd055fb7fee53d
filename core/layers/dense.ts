/** Dense (PyTorch's Linear): y = activation(x · Wᵀ + b), W (units, features). */
import { dim, sampleSize, type Shape } from '../graph/shape.ts';
import { activationOptions, activationSuffix, applyActivation } from './activationMath.ts';
import { defineLayer, type WeightSpec } from './defineLayer.ts';
import { onlyShape, onlyValue, requireFeatures } from './helpers.ts';
import { initialiserParam, startValues } from './initialisers.ts';
import { linear } from './linear.ts';

export const dense = defineLayer({
  type: 'dense',
  version: 1,
  title: 'Dense',
  family: 'dense',
  keywords: ['linear', 'fully connected', 'mlp', 'perceptron', 'units', 'neurons'],
  doc: {
    summary:
      'Every unit sums all inputs, each with its own weight, adds a bias and applies the activation. The workhorse of small networks and the usual last layer: one unit per class, or one for a number.',
    source: 'Rosenblatt 1958, The perceptron; Goodfellow, Bengio, Courville: Deep Learning, 2016, chapter 6; formula as torch.nn.Linear',
  },
  params: {
    units: { kind: 'integer', label: 'Units', doc: 'How many outputs the layer has.', default: 64, min: 1, max: 1_000_000, step: 1 },
    activation: { kind: 'choice', label: 'Activation', doc: 'Applied to every output.', default: 'linear', options: activationOptions },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds one learned number to every unit.', default: true },
    initialiser: initialiserParam,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    return requireFeatures(context) ?? [...onlyShape(context.inputs).slice(0, -1), dim('F', context.params.units)];
  },
  weights({ params, inputs }) {
    const features = featureCount(onlyShape(inputs));
    const { weight, bias } = startValues(params.initialiser, features, params.units);
    const specs: WeightSpec[] = [{ name: 'weight', shape: [params.units, features], initialiser: weight }];
    return params.bias ? [...specs, { name: 'bias', shape: [params.units], initialiser: bias }] : specs;
  },
  lower({ b, params, values, weights }) {
    return applyActivation(b, linear(b, onlyValue(values), weights.weight, weights.bias), params.activation);
  },
  describe({ params }) {
    return `${params.units} ${params.units === 1 ? 'unit' : 'units'}${activationSuffix(params.activation)}`;
  },
  flops({ params, inputs }) {
    const x = onlyShape(inputs);
    return 2 * sampleSize(x) * params.units;
  },
});

function featureCount(shape: Shape): number {
  return shape.at(-1)?.size ?? 1;
}
