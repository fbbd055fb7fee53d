/** EfficientNet-B0: inverted bottlenecks with a depthwise convolution in the middle and gates on their channels. */
import type { BlockId, NodeId } from '../graph/document.ts';
import { defineModel } from './defineModel.ts';
import { drawing, type Drawing, type Sketch } from './drawing.ts';

interface Stage {
  /** By how much a block widens its channels. */
  readonly expansion: number;
  readonly kernel: number;
  readonly stride: number;
  readonly filters: number;
  readonly blocks: number;
}

/** Table 1 of the paper. */
const stages: readonly Stage[] = [
  { expansion: 1, kernel: 3, stride: 1, filters: 16, blocks: 1 },
  { expansion: 6, kernel: 3, stride: 2, filters: 24, blocks: 2 },
  { expansion: 6, kernel: 5, stride: 2, filters: 40, blocks: 2 },
  { expansion: 6, kernel: 3, stride: 2, filters: 80, blocks: 3 },
  { expansion: 6, kernel: 5, stride: 1, filters: 112, blocks: 3 },
  { expansion: 6, kernel: 5, stride: 2, filters: 192, blocks: 4 },
  { expansion: 6, kernel: 3, stride: 1, filters: 320, blocks: 1 },
];

function convolution(s: Sketch, filters: number, kernel: number, stride = 1, groups = 1): NodeId {
  s.add('conv2d', { filters, kernel, stride, padding: (kernel - 1) / 2, groups, bias: false });
  return s.add('batchNorm');
}

/** Mobile inverted bottleneck (Sandler 2018) with squeeze and excitation (Hu 2018). */
function bottleneck(d: Drawing, name: string, channels: number, stage: Stage, stride: number): BlockId {
  const { expansion, kernel, filters } = stage;
  const wide = channels * expansion;
  return d.define(name, (s, input) => {
    if (expansion > 1) {
      convolution(s, wide, 1);
      s.add('silu');
    }
    convolution(s, wide, kernel, stride, wide);
    const features = s.add('silu');
    s.add('globalAvgPool2d');
    s.add('dense', { units: channels / 4, activation: 'silu' });
    const gates = s.add('dense', { units: wide, activation: 'sigmoid' });
    s.add('multiply', {}, { from: [features, gates] });
    convolution(s, filters, 1);
    if (stride > 1 || channels !== filters) return;
    s.add('stochasticDepth', { probability: 0.2 });
    s.add('add', {}, { from: [input, s.last()] });
  });
}

export const efficientNetB0 = defineModel({
  id: 'efficientnet-b0',
  title: 'EfficientNet-B0',
  family: 'image',
  year: 2019,
  summary: 'Found by search and built from depthwise convolutions: the accuracy of ResNet-50 with a fifth of its weights.',
  paper: 'Tan, Le 2019, EfficientNet: rethinking model scaling for convolutional neural networks',
  published: { parameters: 5_300_000, source: 'Tan, Le 2019, table 2' },
  note: 'Every block drops out with the same probability; in the original it grows with depth.',
  build() {
    const d = drawing('EfficientNet-B0', '3 × 224 × 224');
    convolution(d, 32, 3, 2);
    d.add('silu');
    let channels = 32;
    stages.forEach((stage, i) => {
      const { filters, stride, blocks } = stage;
      const start = bottleneck(d, `bottleneck ${filters} start`, channels, stage, stride);
      d.block(start, { name: `stage ${i + 1} start` });
      channels = filters;
      if (blocks > 1) d.block(bottleneck(d, `bottleneck ${filters}`, channels, stage, 1), { repeat: blocks - 1, name: `stage ${i + 1}` });
    });
    convolution(d, 1280, 1);
    d.add('silu');
    d.add('globalAvgPool2d');
    d.add('dropout', { probability: 0.2 });
    d.add('dense', { units: 1000 });
    return d.finish();
  },
});
