/** Bilinear (PyTorch's Bilinear): y[o] = activation(Σ over i and j of x₁[i] · W[o, i, j] · x₂[j] + b[o]). */
import { dim, formatShape, sampleSize } from '../graph/shape.ts';
import { activationOptions, activationSuffix, applyActivation } from './activationMath.ts';
import { defineLayer, type WeightSpec } from './defineLayer.ts';
import { onlyShape, requireFeatures } from './helpers.ts';
import { initialiserParam, startValues } from './initialisers.ts';

export const bilinear = defineLayer({
  type: 'bilinear',
  version: 1,
  title: 'Bilinear',
  family: 'dense',
  keywords: ['product', 'interaction', 'pair', 'similarity', 'relation'],
  doc: {
    summary:
      'Takes two inputs and weighs every product of a value of the one with a value of the other: it sees how the two go together, which a Dense on both side by side does not. For relations and similarities.',
    source: 'Tenenbaum, Freeman 2000, Separating style and content with bilinear models; formula as torch.nn.Bilinear',
  },
  params: {
    units: { kind: 'integer', label: 'Units', doc: 'How many outputs the layer has.', default: 32, min: 1, max: 65_536, step: 1 },
    activation: { kind: 'choice', label: 'Activation', doc: 'Applied to every output.', default: 'linear', options: activationOptions },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds one learned number to every unit.', default: true },
    initialiser: initialiserParam,
  },
  inputCount: { min: 2, max: 2 },
  hasOutput: true,
  inferShape(context) {
    const { inputs, inputNames, name, params } = context;
    const [left = [], right = []] = inputs;
    const other = { ...context, inputs: [right], inputNames: inputNames.slice(1) };
    const problem = requireFeatures(context);
    if (problem !== undefined) return problem;
    const second = requireFeatures(other);
    if (second !== undefined) return { ...second, port: 1 };
    if (left.length === right.length && left.slice(1, -1).every((d, i) => d.size === right[i + 1]?.size)) {
      return [...left.slice(0, -1), dim('F', params.units)];
    }
    return {
      code: 'bilinear.shapes',
      port: 1,
      message: `${name} expects two rows of features or two sequences of equal length, got ${formatShape(left)} from ${inputNames[0]} and ${formatShape(right)} from ${inputNames[1]}.`,
      hint: 'Bring both to the same number of steps.',
    };
  },
  weights({ params, inputs }) {
    const [left = 1, right = 1] = inputs.map((shape) => shape.at(-1)?.size ?? 1);
    // PyTorch's default counts the first input only.
    const start = startValues(params.initialiser, params.initialiser === 'default' ? left : left * right, params.units);
    const specs: WeightSpec[] = [{ name: 'weight', shape: [params.units, left, right], initialiser: start.weight }];
    return params.bias ? [...specs, { name: 'bias', shape: [params.units], initialiser: start.bias }] : specs;
  },
  lower({ b, params, values, weights }) {
    const [left, right] = values;
    const { weight, bias } = weights;
    if (left === undefined || right === undefined || weight === undefined)
      throw new Error('Bilinear was lowered without inputs or weight.');
    const t = left.shape.length === 3 ? 't' : '';
    const half = b.contract(`b${t}i,oij->b${t}oj`, left, weight); // (B, T, units, right)
    const sum = b.contract(`b${t}oj,b${t}j->b${t}o`, half, right);
    return applyActivation(b, bias === undefined ? sum : b.add(sum, bias), params.activation);
  },
  describe({ params }) {
    return `${params.units} ${params.units === 1 ? 'unit' : 'units'}${activationSuffix(params.activation)}`;
  },
  flops({ params, inputs }) {
    const [left = 1, right = 1] = inputs.map((shape) => shape.at(-1)?.size ?? 1);
    return (sampleSize(onlyShape(inputs)) / left) * 2 * params.units * (left * right + right);
  },
});
