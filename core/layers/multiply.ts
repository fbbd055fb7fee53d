/** Multiply: the elementwise product of two or more inputs; smaller ones broadcast. */
import { sampleSize } from '../graph/shape.ts';
import { alignTo, inferJoint } from './broadcasting.ts';
import { defineLayer, isShapeProblem } from './defineLayer.ts';

export const multiply = defineLayer({
  type: 'multiply',
  version: 1,
  title: 'Multiply',
  family: 'structure',
  keywords: ['product', 'gate', 'gating', 'squeeze', 'excitation', 'mask', 'scale', 'merge'],
  doc: {
    summary:
      'Multiplies its inputs value by value, so that one branch can open and close the other like a gate. A row of features scales the channels of an image (squeeze and excitation) or every step of a sequence.',
    source: 'Hu, Shen, Sun 2018, Squeeze-and-excitation networks; as torch.mul',
  },
  params: {},
  inputCount: { min: 2, max: Infinity },
  hasOutput: true,
  inferShape: (context) => inferJoint(context, 'multiply.shapes'),
  weights: () => [],
  lower(context) {
    const joint = inferJoint(context, 'multiply.shapes');
    const { b, values } = context;
    const aligned = isShapeProblem(joint) ? values : values.map((value) => alignTo(b, value, joint));
    return aligned.reduce((product, value) => b.multiply(product, value));
  },
  describe: ({ inputs }) => `${inputs.length} inputs`,
  flops(context) {
    const joint = inferJoint(context, 'multiply.shapes');
    return isShapeProblem(joint) ? 0 : (context.inputs.length - 1) * sampleSize(joint);
  },
});
