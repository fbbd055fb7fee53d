/** A character network as Karpathy 2015 trained them on Shakespeare: 65 characters, three LSTM layers of 512. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

export const charRnn = defineModel({
  id: 'char-rnn',
  title: 'Character RNN',
  family: 'sequence',
  year: 2015,
  summary: 'Reads a text letter by letter and guesses the next one; sampled, it writes in the style it has read.',
  paper: 'Karpathy 2015, The unreasonable effectiveness of recurrent neural networks; Sutskever, Martens, Hinton 2011',
  note: 'Characters enter as learned rows of 65 numbers instead of one-hot.',
  build() {
    const d = drawing('Character RNN', '50 tokens');
    d.add('embedding', { vocabulary: 65, features: 65 });
    for (let i = 0; i < 3; i++) {
      d.add('lstm', { units: 512, returns: 'sequence' });
      d.add('dropout', { probability: 0.5 });
    }
    d.add('dense', { units: 65 });
    return d.finish();
  },
});
