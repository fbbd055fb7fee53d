/** Input: where the data enters. Names a role of the data set; shape and scaling follow from it. */
import { batchDim, dim, namedShape, type Shape } from '../graph/shape.ts';
import { defineLayer, type ShapeProblem } from './defineLayer.ts';

/** At most 4 dimensions besides the batch and 2²⁸ elements: what one sample may reasonably be. */
const maximumElements = 2 ** 28;

export const input = defineLayer({
  type: 'input',
  version: 1,
  title: 'Input',
  family: 'input',
  keywords: ['data', 'image', 'features', 'source'],
  doc: {
    summary:
      'Where the data enters the network. It names a role of the data set, for example its images or its feature columns; the shape of one sample and its scaling come from there.',
    source: 'Goodfellow, Bengio, Courville: Deep Learning, 2016, section 6.1',
  },
  params: {
    role: { kind: 'role', roleKind: 'input', label: 'Bound to', doc: 'Which part of the data set enters here.', default: '' },
    shape: {
      kind: 'text',
      label: 'Shape without data',
      default: '',
      placeholder: '1 × 28 × 28',
      doc: 'Shape of one sample, used only while no data set is chosen: 13 for features, 1 × 28 × 28 for images (channels × height × width), 64 tokens for text.',
    },
  },
  inputCount: { min: 0, max: 0 },
  hasOutput: true,
  inferShape({ params, role, name }) {
    return role === undefined ? parseShape(params.shape, name) : role.shape;
  },
  weights: () => [],
  lower({ name, values }) {
    // Lowering puts the gathered, cast and scaled batch here before it asks any layer.
    const value = values[0];
    if (value === undefined) throw new Error(`Input ${name} was lowered without data.`);
    return value;
  },
  describe({ params, role }) {
    if (role !== undefined) return role.description;
    if (/tokens?\s*$/.test(params.shape)) return params.shape.trim();
    return params.shape === ''
      ? 'no data chosen'
      : params.shape
          .split(/[\s,×x]+/)
          .filter(Boolean)
          .join(' × ');
  },
});

/** `784`, `1 × 28 × 28`, `1,28,28`, `1x28x28`, `64 tokens` → a shape with the batch first. */
function parseShape(text: string, name: string): Shape | ShapeProblem {
  const tokens = Number(/^\s*(\d+)\s*tokens?\s*$/.exec(text)?.[1]);
  if (tokens > 0 && tokens <= maximumElements) return [batchDim, dim('T', tokens)];
  const words = text.split(/[\s,×x*]+/).filter((word) => word !== '');
  const sizes = words.map(Number);
  const elements = sizes.reduce((product, size) => product * size, 1);
  const shape = namedShape(sizes);
  if (shape === undefined || !sizes.every((size) => Number.isInteger(size) && size > 0) || elements > maximumElements) {
    return {
      code: 'input.shape',
      message: `${name}: the shape without data should be 1 to 4 whole numbers such as 784 or 1 × 28 × 28, got "${text}".`,
      hint: 'Correct the shape, or choose a data set.',
    };
  }
  return shape;
}
