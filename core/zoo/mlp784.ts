/** The multilayer perceptron with which handwritten digits are usually begun. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const mlp784 = defineModel({
  id: 'mlp-784',
  title: 'MLP 784-128-64-10',
  family: 'image',
  year: 1986,
  summary: 'Three dense layers on the pixels of a small image: the network most people train first.',
  paper: 'Rumelhart, Hinton, Williams 1986, Learning representations by back-propagating errors',
  build() {
    const d = drawing('MLP 784-128-64-10', '1 × 28 × 28');
    d.add('flatten');
    d.add('dense', { units: 128, activation: 'relu' });
    d.add('dense', { units: 64, activation: 'relu' });
    d.add('dense', { units: 10 });
    return d.finish();
  },
});
