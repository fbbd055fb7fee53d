/** Images: told apart, squeezed, drawn by an adversarial pair, by diffusion. */
import { drawing } from '../../../core/zoo/drawing.ts';
import { ddpm28 } from '../../../core/zoo/ddpm28.ts';
import { smallResNet } from '../../../core/zoo/resNet.ts';
import { bind, twoThreads, type ExampleNetwork } from './example.ts';

const dataSet = 'fashion-mnist';

export const imageNetworks: readonly ExampleNetwork[] = [
  {
    id: 'mlp',
    family: 'image',
    name: 'MLP for Fashion-MNIST',
    description: 'Three dense layers, 784-128-64-10: tells ten kinds of clothing apart.',
    dataSet,
  },
  {
    id: 'lenet5',
    family: 'image',
    name: 'LeNet-5',
    description: 'Two convolutions with pooling and three dense layers, 61,706 weights: the classic for small images.',
    dataSet,
    settings: { epochs: '20', 'optimizer.learningRate': '0.003', 'schedule.kind': 'cosine', ...twoThreads },
  },
  {
    id: 'cnn',
    family: 'image',
    name: 'CNN for Fashion-MNIST',
    description: 'Three convolutions, 32-64-64, and two dense layers: slower to train, and better.',
    dataSet,
  },
  {
    id: 'resnet20',
    family: 'image',
    name: 'ResNet-20',
    description: 'Twenty layers with shortcuts and batch norm, 0.27 million weights: depth that can be trained.',
    dataSet,
    settings: {
      'optimizer.type': 'sgd',
      'optimizer.learningRate': '0.1',
      'optimizer.weightDecay': '0.0001',
      'schedule.kind': 'cosine',
      epochs: '5',
      ...twoThreads,
    },
    build: () => bind(smallResNet('ResNet-20', '1 × 28 × 28', 10), 'image', 'label'),
  },
  {
    id: 'digits-cnn',
    family: 'image',
    name: 'CNN for handwritten digits',
    description: 'Two small convolutions for digits of 8 × 8 pixels: draw one and see it recognised.',
    dataSet: 'digits',
    settings: { epochs: '30', batchSize: '32' },
    build() {
      const d = drawing('CNN for digits', '1 × 8 × 8');
      d.add('conv2d', { filters: 16, kernel: 3, padding: 'same', activation: 'relu' });
      d.add('conv2d', { filters: 32, kernel: 3, padding: 'same', activation: 'relu' });
      d.add('maxPool2d');
      d.add('flatten');
      d.add('dropout', { probability: 0.25 });
      d.add('dense', { units: 64, activation: 'relu' });
      d.add('dense', { units: 10 });
      return bind(d.finish(), 'image', 'digit');
    },
  },
  {
    id: 'vae',
    family: 'generative',
    name: 'Variational autoencoder',
    description: 'Squeezes clothes into 16 numbers and draws them again; drawing the numbers gives new clothes.',
    dataSet,
    settings: { task: 'autoencoding', loss: 'binaryCrossEntropy', epochs: '10', batchSize: '128', ...twoThreads },
    build() {
      const d = drawing('Variational autoencoder', '1 × 28 × 28');
      d.add('flatten');
      const hidden = d.add('dense', { units: 400, activation: 'relu' }, { name: 'encoder' });
      const mean = d.add('dense', { units: 16 }, { name: 'mean', from: hidden });
      const spread = d.add('dense', { units: 16 }, { name: 'log variance', from: hidden });
      d.add('gaussianLatent', {}, { name: 'latent', from: [mean, spread] });
      d.add('dense', { units: 400, activation: 'relu' }, { name: 'decoder' });
      d.add('dense', { units: 784 }, { name: 'pixels' });
      return bind(d.finish(), 'image', 'image');
    },
  },
  {
    id: 'gan',
    family: 'generative',
    name: 'GAN',
    description: 'One network draws clothes from noise, another tells them from real ones; they learn from each other.',
    dataSet,
    settings: {
      task: 'adversarial',
      'task.latent': '64',
      'optimizer.learningRate': '0.0002',
      'optimizer.beta1': '0.5',
      epochs: '10',
      batchSize: '64',
      ...twoThreads,
    },
    build() {
      const d = drawing('GAN', '64');
      const upwards = { kernel: 4, stride: 2, padding: 1, bias: false };
      const generator = d.define('generator', (s) => {
        s.add('dense', { units: 64 * 7 * 7, bias: false });
        s.add('reshape', { shape: '64 × 7 × 7' });
        s.add('batchNorm');
        s.add('relu');
        s.add('convTranspose2d', { ...upwards, filters: 32 });
        s.add('batchNorm');
        s.add('relu');
        s.add('convTranspose2d', { ...upwards, filters: 1, bias: true });
        s.add('tanh');
      });
      const discriminator = d.define('discriminator', (s) => {
        for (const filters of [32, 64]) {
          s.add('conv2d', { filters, kernel: 4, stride: 2, padding: 1 });
          s.add('leakyRelu', { negativeSlope: 0.2 });
        }
        s.add('flatten');
        s.add('dropout', { probability: 0.3 });
        s.add('dense', { units: 1 });
      });
      d.block(generator, { name: 'generator' });
      const judged = d.block(discriminator, { name: 'discriminator' });
      d.add('output', {}, { name: 'drawn images' });
      const images = d.add('input', { shape: '1 × 28 × 28' }, { from: [], name: 'images' });
      d.block(discriminator, { name: 'the same discriminator', from: images, weightsOf: judged });
      return bind(d.finish(), 'noise', 'drawn', 'image', 'real');
    },
  },
  {
    id: 'ddpm',
    family: 'generative',
    name: 'Diffusion (DDPM)',
    description: 'A U-Net that takes noise out of images, a thousand small steps of it; from pure noise it draws clothes.',
    dataSet,
    settings: {
      task: 'diffusion',
      optimizer: 'adamw',
      'optimizer.learningRate': '0.001',
      'schedule.kind': 'cosine',
      'schedule.warmUp': '200',
      'controls.averageDecay': '0.998',
      'controls.clipNorm': '1',
      epochs: '5',
      batchSize: '32',
      ...twoThreads,
    },
    build: () => bind({ ...ddpm28.build(), name: 'Diffusion (DDPM)' }, 'noisy image', 'step', 'noise'),
  },
];
