/** Reshape: the same values in another shape, in row-major order. */
import { formatShape, namedShape, sampleSize } from '../graph/shape.ts';
import { defineLayer, type LayerContext, type ShapeProblem } from './defineLayer.ts';
import { onlyShape, onlyValue } from './helpers.ts';

interface Params {
  readonly shape: string;
}

export const reshape = defineLayer({
  type: 'reshape',
  version: 1,
  title: 'Reshape',
  family: 'structure',
  keywords: ['view', 'unflatten', 'image', 'sequence', 'dimensions'],
  doc: {
    summary:
      'Gives the values of a sample another shape without changing their order: 784 features become an image of 1 × 28 × 28, 24 features a sequence of 24 × 1. One size may be "?": it follows from the others.',
    source: 'PyTorch torch.reshape and torch.nn.Unflatten',
  },
  params: {
    shape: {
      kind: 'text',
      label: 'Shape',
      doc: 'Of one sample: features; time × features; channels × height × width; channels × depth × height × width.',
      default: '?',
      placeholder: '1 × 28 × 28',
    },
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const { sizes, problem } = readShape(context);
    return problem ?? namedShape(sizes) ?? [];
  },
  weights: () => [],
  lower(context) {
    const x = onlyValue(context.values);
    return context.b.reshape(x, [x.shape[0] ?? 1, ...readShape(context).sizes]);
  },
  describe: ({ params }) =>
    `to ${params.shape
      .split(/[\s,×x*]+/)
      .filter(Boolean)
      .join(' × ')}`,
  flops: () => 0,
});

/** The sizes of one sample, the unknown one filled in. */
function readShape({ params, inputs, inputNames, name }: LayerContext<Params>): {
  readonly sizes: readonly number[];
  readonly problem?: ShapeProblem;
} {
  const x = onlyShape(inputs);
  const count = sampleSize(x);
  const words = params.shape.split(/[\s,×x*]+/).filter((word) => word !== '');
  const sizes = words.map((word) => (word === '?' || word === '-1' ? -1 : Number(word)));
  const unknown = sizes.filter((size) => size === -1).length;
  const isWhole = sizes.every((size) => size === -1 || (Number.isInteger(size) && size > 0));
  if (sizes.length < 1 || sizes.length > 4 || unknown > 1 || !isWhole) {
    const message = `${name}: the shape should be 1 to 4 whole numbers such as 1 × 28 × 28, one of which may be "?", got "${params.shape}".`;
    return { sizes, problem: { code: 'reshape.syntax', message, hint: 'Correct the shape.' } };
  }
  const known = sizes.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const fits = unknown === 1 ? count % known === 0 : known === count;
  if (fits) return { sizes: sizes.map((size) => (size === -1 ? count / known : size)) };
  const repaired = sizes.flatMap((size, i) => {
    const others = size === -1 ? NaN : (known / size) * (unknown === 1 ? NaN : 1);
    return Number.isInteger(count / others) ? [sizes.with(i, count / others).join(' × ')] : [];
  });
  const problem: ShapeProblem = {
    code: 'reshape.count',
    message: `${name}: ${words.join(' × ')} ${unknown === 1 ? `needs a multiple of ${known}` : `has ${known}`} values, got ${formatShape(x)} from ${inputNames[0]}, which has ${count}.`,
    hint: repaired[0] === undefined ? `Give sizes whose product is ${count}.` : `For example ${repaired[0]}.`,
    fixes: repaired.map((shape) => ({ kind: 'setParam', label: `Set Shape to ${shape}`, node: '', param: 'shape', value: shape })),
  };
  return { sizes, problem };
}
