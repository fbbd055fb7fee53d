/** Add: the elementwise sum of two or more equal shapes. */
import { formatShape, sampleSize, shapesEqual } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';

export const add = defineLayer({
  type: 'add',
  version: 1,
  title: 'Add',
  family: 'structure',
  keywords: ['sum', 'residual', 'skip', 'merge'],
  doc: {
    summary:
      'Adds its inputs value by value; all must have the same shape. With one branch that skips layers this is a residual connection.',
    source: 'He, Zhang, Ren, Sun 2016, Deep residual learning for image recognition',
  },
  params: {},
  inputCount: { min: 2, max: Infinity },
  hasOutput: true,
  inferShape({ inputs, inputNames, name }) {
    const first = onlyShape(inputs);
    const port = inputs.findIndex((shape) => !shapesEqual(shape, first));
    if (port < 0) return first;
    return {
      code: 'add.shapes',
      port,
      message: `${name} expects equal shapes, got ${formatShape(first)} from ${inputNames[0]} and ${formatShape(inputs[port] ?? [])} from ${inputNames[port]}.`,
      hint: 'Give both branches the same number of units, or join them with Concat.',
    };
  },
  weights: () => [],
  lower: ({ b, values }) => values.reduce((sum, value) => b.add(sum, value)),
  describe: ({ inputs }) => `${inputs.length} inputs`,
  flops: ({ inputs }) => (inputs.length - 1) * sampleSize(onlyShape(inputs)),
});
