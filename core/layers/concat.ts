/** Concat: inputs side by side, along the features (or, for images, the channels). */
import { formatShape, type Shape } from '../graph/shape.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape } from './helpers.ts';

export const concat = defineLayer({
  type: 'concat',
  version: 1,
  title: 'Concat',
  family: 'structure',
  keywords: ['concatenate', 'join', 'merge', 'skip'],
  doc: {
    summary:
      'Puts its inputs side by side: features after features, or channels after channels for images. Every other dimension must be equal.',
    source: 'Ronneberger, Fischer, Brox 2015, U-Net; as torch.cat',
  },
  params: {},
  inputCount: { min: 2, max: Infinity },
  hasOutput: true,
  inferShape({ inputs, inputNames, name }) {
    const first = onlyShape(inputs);
    const axis = joinedAxis(first);
    const port = inputs.findIndex(
      (shape) => shape.length !== first.length || shape.some((d, i) => i !== axis && d.size !== first[i]?.size),
    );
    if (port >= 0) {
      return {
        code: 'concat.shapes',
        port,
        message: `${name} joins along ${first[axis]?.name === 'C' ? 'channels' : 'features'} and expects all other dimensions equal, got ${formatShape(first)} from ${inputNames[0]} and ${formatShape(inputs[port] ?? [])} from ${inputNames[port]}.`,
        hint: 'Bring the branches to the same dimensions first, for example with Flatten.',
      };
    }
    const size = inputs.reduce((sum, shape) => sum + (shape[axis]?.size ?? 0), 0);
    return first.map((d, i) => (i === axis ? { ...d, size } : d));
  },
  weights: () => [],
  lower: ({ b, inputs, values }) => b.concat(values, joinedAxis(onlyShape(inputs))),
  describe: ({ inputs }) => `${inputs.length} inputs`,
  flops: () => 0,
});

/** Channels (axis 1) of images, else the last axis. */
function joinedAxis(shape: Shape): number {
  const channels = shape.findIndex((d) => d.name === 'C');
  return channels > 0 ? channels : shape.length - 1;
}
