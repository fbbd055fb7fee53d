/** LeNet-5 with a fully connected C3, as it is rebuilt today: each filter of the second convolution sees all six channels. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const leNet5 = defineModel({
  id: 'lenet-5',
  title: 'LeNet-5',
  family: 'image',
  year: 1998,
  summary: 'The convolutional network that read cheques: two convolutions with pooling, three dense layers.',
  paper: 'LeCun, Bottou, Bengio, Haffner 1998, Gradient-based learning applied to document recognition',
  published: { parameters: 60_000, source: 'LeCun and others 1998, section II.B' },
  note: 'All filters of C3 see all channels, pooling has no weights, and the last layer is dense.',
  build() {
    const d = drawing('LeNet-5', '1 × 32 × 32');
    d.add('conv2d', { filters: 6, kernel: 5, activation: 'tanh' }, { name: 'C1' });
    d.add('avgPool2d', {}, { name: 'S2' });
    d.add('conv2d', { filters: 16, kernel: 5, activation: 'tanh' }, { name: 'C3' });
    d.add('avgPool2d', {}, { name: 'S4' });
    d.add('flatten');
    d.add('dense', { units: 120, activation: 'tanh' }, { name: 'C5' });
    d.add('dense', { units: 84, activation: 'tanh' }, { name: 'F6' });
    d.add('dense', { units: 10 });
    return d.finish();
  },
});
