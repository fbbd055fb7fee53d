/** AlexNet in one column, as Krizhevsky 2014 and torchvision have it. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const alexNet = defineModel({
  id: 'alexnet',
  title: 'AlexNet',
  family: 'image',
  year: 2012,
  summary: 'Won ImageNet by a wide margin and began the years of deep learning: five convolutions, ReLU, dropout.',
  paper: 'Krizhevsky, Sutskever, Hinton 2012, ImageNet classification with deep convolutional neural networks',
  published: { parameters: 60_000_000, source: 'Krizhevsky, Sutskever, Hinton 2012, abstract' },
  note: 'One column of filters instead of two on two processors (Krizhevsky 2014), as in torchvision.',
  build() {
    const d = drawing('AlexNet', '3 × 224 × 224');
    d.add('conv2d', { filters: 64, kernel: 11, stride: 4, padding: 2, activation: 'relu' });
    d.add('maxPool2d', { kernel: 3, stride: 2 });
    d.add('conv2d', { filters: 192, kernel: 5, padding: 2, activation: 'relu' });
    d.add('maxPool2d', { kernel: 3, stride: 2 });
    for (const filters of [384, 256, 256]) d.add('conv2d', { filters, kernel: 3, padding: 1, activation: 'relu' });
    d.add('maxPool2d', { kernel: 3, stride: 2 });
    d.add('flatten');
    for (let i = 0; i < 2; i++) {
      d.add('dropout');
      d.add('dense', { units: 4096, activation: 'relu' });
    }
    d.add('dense', { units: 1000 });
    return d.finish();
  },
});
