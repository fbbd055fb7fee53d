/** Encoder and decoder of LSTMs: what the encoder has read reaches every step of the decoder (Cho 2014). */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const seq2seq = defineModel({
  id: 'lstm-seq2seq',
  title: 'LSTM encoder-decoder',
  family: 'sequence',
  year: 2014,
  summary: 'One LSTM reads a sentence into a single row of numbers, another writes it in a second language.',
  paper:
    'Cho and others 2014, Learning phrase representations using RNN encoder-decoder; Sutskever, Vinyals, Le 2014, Sequence to sequence learning with neural networks',
  note: 'Two LSTM layers of 512 units, 10,000 words on each side; the decoder gets the encoder’s last state at every step.',
  build() {
    const d = drawing('LSTM encoder-decoder', '32 tokens');
    const [vocabulary, features, units] = [10_000, 256, 512];
    d.add('embedding', { vocabulary, features }, { name: 'words read' });
    d.add('lstm', { units, returns: 'sequence' }, { name: 'encoder 1' });
    d.add('lstm', { units, returns: 'last' }, { name: 'encoder 2' });
    const meaning = d.add('dense', { units: features }, { name: 'meaning' });
    const written = d.add('input', { shape: '32 tokens' }, { from: [], name: 'written so far' });
    const words = d.add('embedding', { vocabulary, features }, { name: 'words written', from: written });
    d.add('add', {}, { from: [words, meaning] });
    d.add('lstm', { units, returns: 'sequence' }, { name: 'decoder 1' });
    d.add('lstm', { units, returns: 'sequence' }, { name: 'decoder 2' });
    d.add('dense', { units: vocabulary }, { name: 'next word' });
    return d.finish();
  },
});
