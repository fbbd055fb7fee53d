/** A DCGAN for images of 28 × 28: the discriminator stands twice, once for drawn and once for real images, with one set of weights. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const dcgan28 = defineModel({
  id: 'dcgan-28',
  title: 'DCGAN 28 × 28',
  family: 'generative',
  year: 2015,
  summary: 'Two networks against each other: one draws images from noise, the other tells them from real ones.',
  paper: 'Radford, Metz, Chintala 2015, Unsupervised representation learning with deep convolutional generative adversarial networks',
  note: 'Sized for 28 × 28 pixels in grey instead of 64 × 64 in colour.',
  build() {
    const d = drawing('DCGAN 28 × 28', '100');
    const upwards = { kernel: 5, padding: 2, bias: false };
    const generator = d.define('generator', (s) => {
      s.add('dense', { units: 256 * 7 * 7, bias: false });
      s.add('reshape', { shape: '256 × 7 × 7' });
      s.add('batchNorm');
      s.add('relu');
      s.add('convTranspose2d', { ...upwards, filters: 128 });
      s.add('batchNorm');
      s.add('relu');
      s.add('convTranspose2d', { ...upwards, filters: 64, stride: 2, outputPadding: 1 });
      s.add('batchNorm');
      s.add('relu');
      s.add('convTranspose2d', { ...upwards, filters: 1, stride: 2, outputPadding: 1 });
      s.add('tanh');
    });
    const discriminator = d.define('discriminator', (s) => {
      for (const filters of [64, 128]) {
        s.add('conv2d', { filters, kernel: 5, stride: 2, padding: 2 });
        s.add('leakyRelu', { negativeSlope: 0.2 });
        s.add('dropout', { probability: 0.3 });
      }
      s.add('flatten');
      s.add('dense', { units: 1 });
    });
    d.block(generator, { name: 'generator' });
    const judged = d.block(discriminator, { name: 'discriminator' });
    d.add('output', { role: 'drawn' }, { name: 'drawn images' });
    const images = d.add('input', { shape: '1 × 28 × 28' }, { from: [], name: 'images' });
    d.block(discriminator, { name: 'the same discriminator', from: images, weightsOf: judged });
    return d.finish();
  },
});
