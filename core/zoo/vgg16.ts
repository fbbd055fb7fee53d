/** VGG-16, configuration D of the paper. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const vgg16 = defineModel({
  id: 'vgg-16',
  title: 'VGG-16',
  family: 'image',
  year: 2014,
  summary: 'Nothing but 3×3 convolutions in ever deeper stacks; most of its weights stand in one dense layer.',
  paper: 'Simonyan, Zisserman 2014, Very deep convolutional networks for large-scale image recognition',
  published: { parameters: 138_000_000, source: 'Simonyan, Zisserman 2014, table 2' },
  build() {
    const d = drawing('VGG-16', '3 × 224 × 224');
    const stages: [filters: number, convolutions: number][] = [
      [64, 2],
      [128, 2],
      [256, 3],
      [512, 3],
      [512, 3],
    ];
    for (const [filters, convolutions] of stages) {
      for (let i = 0; i < convolutions; i++) d.add('conv2d', { filters, kernel: 3, padding: 1, activation: 'relu' });
      d.add('maxPool2d');
    }
    d.add('flatten');
    for (let i = 0; i < 2; i++) {
      d.add('dense', { units: 4096, activation: 'relu' });
      d.add('dropout');
    }
    d.add('dense', { units: 1000 });
    return d.finish();
  },
});
