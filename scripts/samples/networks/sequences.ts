/** Text and time: letters that follow, days that come, dates that are rewritten. */
import { drawing } from '../../../core/zoo/drawing.ts';
import type { Drawing } from '../../../core/zoo/drawing.ts';
import { bind, twoThreads, type ExampleNetwork } from './example.ts';

/** Characters of the text as it comes with Layerbench. */
const characters = 80;
const text = { dataSet: 'moby-dick', target: 'character' } as const;

function forecast(name: string, draw: (d: Drawing) => void) {
  const d = drawing(name, '28 × 25');
  draw(d);
  return bind(d.finish(), 'sequence', 'ridership');
}

const chicago = {
  dataSet: 'chicago',
  settings: {
    task: 'forecasting',
    'task.past': '28',
    'task.horizon': '7',
    epochs: '15',
    batchSize: '64',
    'schedule.kind': 'cosine',
    ...twoThreads,
  },
} as const;

export const sequenceNetworks: readonly ExampleNetwork[] = [
  {
    id: 'char-gpt',
    family: 'sequence',
    name: 'Character GPT',
    description: 'Four transformer blocks of width 128 that read Moby Dick letter by letter and write on.',
    dataSet: text.dataSet,
    settings: {
      'task.steps': '64',
      'task.stride': '32',
      optimizer: 'adamw',
      'optimizer.learningRate': '0.002',
      'optimizer.weightDecay': '0.01',
      'schedule.kind': 'cosine',
      'schedule.warmUp': '100',
      'controls.clipNorm': '1',
      epochs: '3',
      batchSize: '32',
      ...twoThreads,
    },
    build() {
      const [features, heads] = [128, 4];
      const d = drawing('Character GPT', '64 tokens');
      const block = d.define('decoder block', (s, input) => {
        s.add('layerNorm');
        s.add('selfAttention', { heads, causal: true });
        const attended = s.add('add', {}, { from: [input, s.last()] });
        s.add('layerNorm');
        s.add('dense', { units: 4 * features, activation: 'geluTanh' });
        s.add('dense', { units: features });
        s.add('add', {}, { from: [attended, s.last()] });
      });
      // Small start values, as GPT-2 has them: drawn from N(0, 1), the tokens would drown what the blocks add to them.
      d.add('embedding', { vocabulary: characters, features, initialiser: 'normal' }, { name: 'characters' });
      d.add('positionalEmbedding', { initialiser: 'normal' });
      d.block(block, { repeat: 4, name: 'decoder' });
      d.add('layerNorm');
      d.add('dense', { units: characters }, { name: 'next character' });
      return bind(d.finish(), text.target, text.target);
    },
  },
  {
    id: 'char-lstm',
    family: 'sequence',
    name: 'Character LSTM',
    description: 'An LSTM of 128 units that reads Moby Dick letter by letter and writes on.',
    dataSet: text.dataSet,
    settings: {
      'task.steps': '64',
      'optimizer.learningRate': '0.003',
      'schedule.kind': 'cosine',
      'controls.clipNorm': '1',
      epochs: '4',
      batchSize: '32',
      ...twoThreads,
    },
    build() {
      const d = drawing('Character LSTM', '64 tokens');
      d.add('embedding', { vocabulary: characters, features: 64 }, { name: 'characters' });
      d.add('lstm', { units: 128, returns: 'sequence' });
      d.add('dense', { units: characters }, { name: 'next character' });
      return bind(d.finish(), text.target, text.target);
    },
  },
  {
    id: 'lstm-chicago',
    family: 'sequence',
    name: 'LSTM forecast',
    description: 'Looks back on four weeks of train passengers in Chicago and predicts the next seven days.',
    ...chicago,
    build: () =>
      forecast('LSTM forecast', (d) => {
        d.add('lstm', { units: 64 });
        d.add('dropout', { probability: 0.3 });
        d.add('dense', { units: 7 });
      }),
  },
  {
    id: 'gru-chicago',
    family: 'sequence',
    name: 'GRU forecast',
    description: 'The same with a GRU: two gates instead of three, and no memory of its own.',
    ...chicago,
    build: () =>
      forecast('GRU forecast', (d) => {
        d.add('gru', { units: 64 });
        d.add('dropout', { probability: 0.3 });
        d.add('dense', { units: 7 });
      }),
  },
  {
    id: 'conv1d-chicago',
    family: 'sequence',
    name: '1-d CNN forecast',
    description: 'The same with convolutions over time: a week at a glance.',
    ...chicago,
    build: () =>
      forecast('1-d CNN forecast', (d) => {
        d.add('conv1d', { filters: 32, kernel: 7, padding: 'same', activation: 'relu' });
        d.add('conv1d', { filters: 32, kernel: 7, padding: 'same', activation: 'relu' });
        d.add('flatten');
        d.add('dropout', { probability: 0.3 });
        d.add('dense', { units: 7 });
      }),
  },
  {
    id: 'seq2seq-dates',
    family: 'sequence',
    name: 'Dates rewritten',
    description: 'An encoder reads a date as people write it; a decoder, looking back at it, writes it as computers do.',
    dataSet: 'dates',
    settings: {
      'optimizer.learningRate': '0.004',
      'schedule.kind': 'cosine',
      'controls.clipNorm': '1',
      epochs: '12',
      batchSize: '64',
      ...twoThreads,
    },
    build() {
      const units = 96;
      const d = drawing('Dates rewritten', '34 tokens');
      const read = d.last();
      d.add('embedding', { vocabulary: 59, features: 32 }, { name: 'characters read' });
      const encoder = d.add('gru', { units: units / 2, bidirectional: true, returns: 'sequence' }, { name: 'encoder' });
      const written = d.add('input', { shape: '11 tokens' }, { from: [], name: 'written so far' });
      d.add('embedding', { vocabulary: 14, features: 32 }, { name: 'characters written', from: written });
      const decoder = d.add('gru', { units, returns: 'sequence' }, { name: 'decoder' });
      const seen = d.add('crossAttention', { heads: 1 }, { name: 'looks at', from: [decoder, encoder, read] });
      d.add('concat', {}, { from: [decoder, seen] });
      d.add('dense', { units, activation: 'tanh' });
      d.add('dense', { units: 14 }, { name: 'next character' });
      return bind(d.finish(), 'written', 'written so far', 'iso');
    },
  },
];
