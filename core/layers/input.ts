/** Input: where the data enters. Names a role of the data set; shape and scaling follow from it. */
import { batchDim, dim, edgesShape, namedShape, type Shape } from '../graph/shape.ts';
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
      doc: 'Shape of one sample, used only while no data set is chosen: 13 for features, 1 × 28 × 28 for images (channels × height × width), 64 tokens for text, 34 nodes × 8 and 156 edges for a graph.',
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
    if (/tokens?\s*$|nodes|edges/.test(params.shape)) return params.shape.trim();
    return params.shape === ''
      ? 'no data chosen'
      : params.shape
          .split(/[\s,×x]+/)
          .filter(Boolean)
          .join(' × ');
  },
});

/** `784`, `1 × 28 × 28`, `1,28,28`, `1x28x28`, `64 tokens`, `34 nodes × 8`, `156 edges` → a shape with the batch first. */
function parseShape(text: string, name: string): Shape | ShapeProblem {
  const tokens = Number(/^\s*(\d+)\s*tokens?\s*$/.exec(text)?.[1]);
  if (tokens > 0 && tokens <= maximumElements) return [batchDim, dim('T', tokens)];
  const graph = graphShape(text);
  if (graph !== undefined) return graph;
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

/** Nodes with features, edges, or edges with features. */
function graphShape(text: string): Shape | undefined {
  const [, count, what, features] = /^\s*(\d+)\s*(node|edge)s?\s*(?:[×x*,]\s*(\d+)\s*)?$/.exec(text) ?? [];
  const [size, width] = [Number(count), Number(features ?? 1)];
  if (what === undefined || !(size > 0) || !(width > 0) || size * width > maximumElements) return undefined;
  if (what === 'edge' && features === undefined) return edgesShape(size);
  return [batchDim, dim(what === 'node' ? 'N' : 'E', size), dim('F', width)];
}
