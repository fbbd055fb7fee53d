/** BERT-Large, uncased, with the pooler over its first token: post-norm encoder blocks over the sum of three embeddings. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

const time = 512;
const features = 1024;

export const bertLarge = defineModel({
  id: 'bert-large',
  title: 'BERT-Large',
  family: 'text',
  year: 2018,
  summary: 'Reads a text in both directions at once by guessing hidden words; for years the start of every language task.',
  paper: 'Devlin, Chang, Lee, Toutanova 2018, BERT: pre-training of deep bidirectional transformers for language understanding',
  published: { parameters: 340_000_000, source: 'Devlin and others 2018, section 3' },
  note: 'Uncased vocabulary of 30,522, with the pooler, without the heads of pre-training.',
  build() {
    const d = drawing('BERT-Large', `${time} tokens`);
    const start = { initialiser: 'normal' };
    const block = d.define('encoder block', (s, input) => {
      s.add('selfAttention', { heads: 16 });
      s.add('dropout', { probability: 0.1 });
      s.add('add', {}, { from: [input, s.last()] });
      const attended = s.add('layerNorm', { epsilon: 1e-12 });
      s.add('dense', { units: 4 * features, activation: 'gelu', ...start });
      s.add('dense', { units: features, ...start });
      s.add('dropout', { probability: 0.1 });
      s.add('add', {}, { from: [attended, s.last()] });
      s.add('layerNorm', { epsilon: 1e-12 });
    });
    d.add('embedding', { vocabulary: 30_522, features, ...start }, { name: 'words' });
    const words = d.add('positionalEmbedding', start, { name: 'positions' });
    const segments = d.add('input', { shape: `${time} tokens` }, { from: [], name: 'sentence A or B' });
    const kinds = d.add('embedding', { vocabulary: 2, features, ...start }, { name: 'sentences', from: segments });
    d.add('add', {}, { from: [words, kinds] });
    d.add('layerNorm', { epsilon: 1e-12 });
    d.add('dropout', { probability: 0.1 });
    d.block(block, { repeat: 24, name: 'encoder' });
    d.add('slice', { dimension: 'T', start: 0, length: 1, drop: true }, { name: 'first token' });
    d.add('dense', { units: features, activation: 'tanh', ...start }, { name: 'pooler' });
    return d.finish();
  },
});
