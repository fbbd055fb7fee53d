/** Add: the elementwise sum of two or more inputs; smaller ones broadcast. */
import { sampleSize } from '../graph/shape.ts';
import { alignTo, inferJoint } from './broadcasting.ts';
import { defineLayer, isShapeProblem } from './defineLayer.ts';

export const add = defineLayer({
  type: 'add',
  version: 1,
  title: 'Add',
  family: 'structure',
  keywords: ['sum', 'residual', 'skip', 'merge'],
  doc: {
    summary:
      'Adds its inputs value by value; with one branch that skips layers this is a residual connection. A row of features is added to every place of an image, one number per channel, or to every step of a sequence.',
    source: 'He, Zhang, Ren, Sun 2016, Deep residual learning for image recognition',
  },
  params: {},
  inputCount: { min: 2, max: Infinity },
  hasOutput: true,
  inferShape: (context) => inferJoint(context, 'add.shapes'),
  weights: () => [],
  lower(context) {
    const joint = inferJoint(context, 'add.shapes');
    const { b, values } = context;
    const aligned = isShapeProblem(joint) ? values : values.map((value) => alignTo(b, value, joint));
    return aligned.reduce((sum, value) => b.add(sum, value));
  },
  describe: ({ inputs }) => `${inputs.length} inputs`,
  flops(context) {
    const joint = inferJoint(context, 'add.shapes');
    return isShapeProblem(joint) ? 0 : (context.inputs.length - 1) * sampleSize(joint);
  },
});
