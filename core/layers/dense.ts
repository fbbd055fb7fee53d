/** Dense (PyTorch's Linear): y = activation(x · Wᵀ + b), W (units, features). */
import { dim, sampleSize, type Shape } from '../graph/shape.ts';
import { activationOptions, activations, isActivationName } from './activationMath.ts';
import { defineLayer, type Initialiser, type WeightSpec } from './defineLayer.ts';
import { onlyShape, onlyValue, requireFeatures } from './helpers.ts';

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
    initialiser: {
      kind: 'choice',
      label: 'Initial weights',
      default: 'default',
      doc: 'How the weights start. With any choice but the default the biases start at 0.',
      options: [
        {
          value: 'default',
          label: 'Default',
          doc: 'Uniform in ±1/√inputs for weights and biases, as PyTorch does (Kaiming uniform with a = √5).',
        },
        { value: 'xavierUniform', label: 'Xavier uniform', doc: 'Suits sigmoid, tanh and softmax (Glorot 2010).' },
        { value: 'xavierNormal', label: 'Xavier normal', doc: 'Suits sigmoid, tanh and softmax (Glorot 2010).' },
        { value: 'heUniform', label: 'He uniform', doc: 'Suits ReLU and its relatives (He 2015).' },
        { value: 'heNormal', label: 'He normal', doc: 'Suits ReLU and its relatives (He 2015).' },
        { value: 'normal', label: 'Normal 0.02', doc: 'Normal with deviation 0.02, as in GPT-2.' },
        { value: 'zeros', label: 'Zeros', doc: 'Every unit starts equal and stays equal: only for showing why that fails.' },
      ],
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    return requireFeatures(context) ?? [...onlyShape(context.inputs).slice(0, -1), dim('F', context.params.units)];
  },
  weights({ params, inputs }) {
    const features = featureCount(onlyShape(inputs));
    const specs: WeightSpec[] = [
      { name: 'weight', shape: [params.units, features], initialiser: weightInitialiser(params.initialiser, features, params.units) },
    ];
    if (params.bias) {
      const initialiser: Initialiser =
        params.initialiser === 'default' ? { kind: 'uniform', bound: 1 / Math.sqrt(features) } : { kind: 'zeros' };
      specs.push({ name: 'bias', shape: [params.units], initialiser });
    }
    return specs;
  },
  lower({ b, params, values, weights }) {
    const x = onlyValue(values);
    const { weight, bias } = weights;
    if (weight === undefined) throw new Error('Dense was lowered without its weight.');
    const sum = b.contract(x.shape.length === 3 ? 'bti,oi->bto' : 'bi,oi->bo', x, weight);
    const shifted = bias === undefined ? sum : b.add(sum, bias);
    return isActivationName(params.activation) ? activations[params.activation].apply(b, shifted) : shifted;
  },
  describe({ params }) {
    const activation =
      isActivationName(params.activation) && params.activation !== 'linear' ? ` · ${activations[params.activation].title}` : '';
    return `${params.units} ${params.units === 1 ? 'unit' : 'units'}${activation}`;
  },
  flops({ params, inputs }) {
    const x = onlyShape(inputs);
    return 2 * sampleSize(x) * params.units;
  },
});

function featureCount(shape: Shape): number {
  return shape.at(-1)?.size ?? 1;
}

function weightInitialiser(choice: string, fanIn: number, fanOut: number): Initialiser {
  switch (choice) {
    case 'xavierUniform':
      return { kind: 'uniform', bound: Math.sqrt(6 / (fanIn + fanOut)) };
    case 'xavierNormal':
      return { kind: 'normal', standardDeviation: Math.sqrt(2 / (fanIn + fanOut)) };
    case 'heUniform':
      return { kind: 'uniform', bound: Math.sqrt(6 / fanIn) };
    case 'heNormal':
      return { kind: 'normal', standardDeviation: Math.sqrt(2 / fanIn) };
    case 'normal':
      return { kind: 'normal', standardDeviation: 0.02 };
    case 'zeros':
      return { kind: 'zeros' };
    default:
      return { kind: 'uniform', bound: 1 / Math.sqrt(fanIn) };
  }
}
