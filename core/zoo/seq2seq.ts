/** Encoder and decoder of LSTMs: the decoder starts from the state in which reading left the encoder (Sutskever 2014). */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const seq2seq = defineModel({
  id: 'lstm-seq2seq',
  title: 'LSTM encoder-decoder',
  family: 'sequence',
  year: 2014,
  summary: 'One LSTM reads a sentence; another starts from the state this left and writes it in a second language.',
  paper:
    'Sutskever, Vinyals, Le 2014, Sequence to sequence learning with neural networks; Cho and others 2014, Learning phrase representations using RNN encoder-decoder',
  note: 'Two LSTM layers of 512 units and 10,000 words on each side; the paper has four of 1,000 units and 160,000 and 80,000 words.',
  build() {
    const d = drawing('LSTM encoder-decoder', '32 tokens');
    const [vocabulary, features, units] = [10_000, 256, 512];
    d.add('embedding', { vocabulary, features }, { name: 'words read' });
    const state = d.add('lstm', { units, layers: 2, returns: 'state' }, { name: 'encoder' });
    const written = d.add('input', { shape: '32 tokens' }, { from: [], name: 'written so far' });
    const words = d.add('embedding', { vocabulary, features }, { name: 'words written', from: written });
    d.add('lstm', { units, layers: 2, returns: 'sequence' }, { name: 'decoder', from: [words, state] });
    d.add('dense', { units: vocabulary }, { name: 'next word' });
    return d.finish();
  },
});
