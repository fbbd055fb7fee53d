/**
 * ResNet-18, ResNet-50 and the ResNet-20 of the small images, all with the projection shortcut (option B); the stride of a
 * bottleneck on its 3×3 as torchvision has it.
 */
import type { BlockId, NodeId } from '../graph/document.ts';
import { defineModel } from './defineModel.ts';
import { drawing, type Drawing, type Sketch } from './drawing.ts';

const paper = 'He, Zhang, Ren, Sun 2015, Deep residual learning for image recognition';

function convolution(s: Sketch, filters: number, kernel: number, stride: number, from?: NodeId): NodeId {
  s.add(
    'conv2d',
    { filters, kernel, stride, padding: (kernel - 1) / 2, bias: false, initialiser: 'heNormal' },
    from === undefined ? {} : { from },
  );
  return s.add('batchNorm');
}

/** The branch's end and the shortcut, which is projected where shapes differ, are added. */
function join(s: Sketch, end: NodeId, input: NodeId, projection?: { readonly filters: number; readonly stride: number }): void {
  const shortcut = projection === undefined ? input : convolution(s, projection.filters, 1, projection.stride, input);
  s.add('add', {}, { from: [end, shortcut] });
  s.add('relu');
}

/** Two 3×3 convolutions. */
function basic(d: Drawing, filters: number, stride: number, projected: boolean): BlockId {
  return d.define(`basic ${filters}${projected ? ' down' : ''}`, (s, input) => {
    convolution(s, filters, 3, stride);
    s.add('relu');
    join(s, convolution(s, filters, 3, 1), input, projected ? { filters, stride } : undefined);
  });
}

/** 1×1 to fewer channels, 3×3, 1×1 back to four times as many. */
function bottleneck(d: Drawing, filters: number, stride: number, projected: boolean): BlockId {
  const name = projected ? (stride > 1 ? ' down' : ' first') : '';
  return d.define(`bottleneck ${4 * filters}${name}`, (s, input) => {
    convolution(s, filters, 1, 1);
    s.add('relu');
    convolution(s, filters, 3, stride);
    s.add('relu');
    join(s, convolution(s, 4 * filters, 1, 1), input, projected ? { filters: 4 * filters, stride } : undefined);
  });
}

function resNet(name: string, block: typeof basic, repeats: readonly number[], firstProjected: boolean) {
  const d = drawing(name, '3 × 224 × 224');
  convolution(d, 64, 7, 2);
  d.add('relu');
  d.add('maxPool2d', { kernel: 3, stride: 2, padding: 1 });
  repeats.forEach((repeat, stage) => {
    const filters = 64 * 2 ** stage;
    const projected = stage > 0 || firstProjected;
    const stride = stage > 0 ? 2 : 1;
    if (projected) d.block(block(d, filters, stride, true), { name: `stage ${stage + 1} start` });
    d.block(block(d, filters, 1, false), { repeat: repeat - (projected ? 1 : 0), name: `stage ${stage + 1}` });
  });
  d.add('globalAvgPool2d');
  d.add('dense', { units: 1000 });
  return d.finish();
}

/**
 * The paper's form for CIFAR (section 4.2): three stages of 16, 32 and 64 filters after one 3×3 convolution, no pooling
 * before the end; 6 · blocks + 2 layers.
 * @param shape of one image, as Input takes it
 */
export function smallResNet(name: string, shape: string, classes: number, blocks = 3) {
  const d = drawing(name, shape);
  convolution(d, 16, 3, 1);
  d.add('relu');
  [16, 32, 64].forEach((filters, stage) => {
    if (stage > 0) d.block(basic(d, filters, 2, true), { name: `stage ${stage + 1} start` });
    d.block(basic(d, filters, 1, false), { repeat: blocks - (stage > 0 ? 1 : 0), name: `stage ${stage + 1}` });
  });
  d.add('globalAvgPool2d');
  d.add('dense', { units: classes });
  return d.finish();
}

export const resNet20 = defineModel({
  id: 'resnet-20',
  title: 'ResNet-20, CIFAR-10',
  family: 'image',
  year: 2015,
  summary: 'The residual network at the size of small images: trained in minutes, not days.',
  paper,
  published: { parameters: 270_000, source: 'He, Zhang, Ren, Sun 2015, table 6: 0.27 M' },
  note: 'Shortcuts between the stages are projected (option B), which the paper has for ImageNet; its shortcuts for CIFAR pad with zeros and have 2,752 parameters less.',
  build: () => smallResNet('ResNet-20, CIFAR-10', '3 × 32 × 32', 10),
});

export const resNet18 = defineModel({
  id: 'resnet-18',
  title: 'ResNet-18',
  family: 'image',
  year: 2015,
  summary: 'Shortcuts around every two convolutions let gradients reach the first layers.',
  paper,
  published: { parameters: 11_700_000, source: 'torchvision, model table: 11.7 M' },
  build: () => resNet('ResNet-18', basic, [2, 2, 2, 2], false),
});

export const resNet50 = defineModel({
  id: 'resnet-50',
  title: 'ResNet-50',
  family: 'image',
  year: 2015,
  summary: 'Fifty layers of bottlenecks with shortcuts; for years the yardstick of image recognition.',
  paper,
  published: { parameters: 25_600_000, source: 'torchvision, model table: 25.6 M' },
  build: () => resNet('ResNet-50', bottleneck, [3, 4, 6, 3], true),
});
