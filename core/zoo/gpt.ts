/** GPT-2 small and GPT-3 175B: the same pre-norm decoder block, 12 and 96 times; the last layer shares the rows of the tokens. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

interface Size {
  readonly time: number;
  readonly features: number;
  readonly heads: number;
  readonly blocks: number;
  readonly dropout: number;
}

const vocabulary = 50_257;

function gpt(name: string, { time, features, heads, blocks, dropout }: Size) {
  const d = drawing(name, `${time} tokens`);
  const start = { initialiser: 'normal' };
  const dense = { ...start, activation: 'linear' };
  const block = d.define('decoder block', (s, input) => {
    s.add('layerNorm');
    s.add('selfAttention', { heads, causal: true });
    s.add('dropout', { probability: dropout });
    const attended = s.add('add', {}, { from: [input, s.last()] });
    s.add('layerNorm');
    s.add('dense', { ...dense, units: 4 * features, activation: 'geluTanh' });
    s.add('dense', { ...dense, units: features });
    s.add('dropout', { probability: dropout });
    s.add('add', {}, { from: [attended, s.last()] });
  });
  const tokens = d.add('embedding', { vocabulary, features, ...start }, { name: 'token embedding' });
  d.add('positionalEmbedding', start);
  d.add('dropout', { probability: dropout });
  d.block(block, { repeat: blocks, name: 'decoder' });
  d.add('layerNorm');
  d.add('dense', { ...dense, units: vocabulary, bias: false }, { name: 'next token', weightsOf: tokens });
  return d.finish();
}

export const gpt2 = defineModel({
  id: 'gpt-2',
  title: 'GPT-2 small',
  family: 'text',
  year: 2019,
  summary: 'Twelve decoder blocks that predict the next piece of a word; the model whose larger sister was first held back.',
  paper: 'Radford, Wu, Child, Luan, Amodei, Sutskever 2019, Language models are unsupervised multitask learners',
  published: { parameters: 124_000_000, source: 'openai/gpt-2: 124M (the paper says 117M)' },
  build: () => gpt('GPT-2 small', { time: 1024, features: 768, heads: 12, blocks: 12, dropout: 0.1 }),
});

export const gpt3 = defineModel({
  id: 'gpt-3',
  title: 'GPT-3 175B',
  family: 'text',
  year: 2020,
  summary: 'The same block 96 times and a thousand times the weights: it learns a task from examples in its input.',
  paper: 'Brown and others 2020, Language models are few-shot learners',
  published: { parameters: 175_000_000_000, source: 'Brown and others 2020, table 2.1' },
  note: 'Every other block of the original attends to a sparse band of steps; the weights are the same.',
  build: () => gpt('GPT-3 175B', { time: 2048, features: 12_288, heads: 96, blocks: 96, dropout: 0.1 }),
});
