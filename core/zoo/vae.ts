/** A variational autoencoder with 20 latent numbers. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const vae = defineModel({
  id: 'vae',
  title: 'Variational autoencoder',
  family: 'generative',
  year: 2013,
  summary: 'Squeezes an image into twenty numbers with a spread each, and draws it again; between images lie new ones.',
  paper: 'Kingma, Welling 2013, Auto-encoding variational Bayes',
  note: 'Hidden layers of 400 units, as in the PyTorch example.',
  build() {
    const d = drawing('Variational autoencoder', '1 × 28 × 28');
    d.add('flatten');
    const hidden = d.add('dense', { units: 400, activation: 'relu' }, { name: 'encoder' });
    const mean = d.add('dense', { units: 20 }, { name: 'mean', from: hidden });
    const spread = d.add('dense', { units: 20 }, { name: 'log variance', from: hidden });
    d.add('gaussianLatent', {}, { name: 'latent', from: [mean, spread] });
    d.add('dense', { units: 400, activation: 'relu' }, { name: 'decoder' });
    d.add('dense', { units: 784, activation: 'sigmoid' }, { name: 'image' });
    return d.finish();
  },
});
