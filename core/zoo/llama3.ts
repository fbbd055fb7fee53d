/** Llama 3 8B and 70B: RMSNorm before, grouped-query attention with rotary positions, SwiGLU; the last layer has rows of its own. */
import { defineModel } from './defineModel.ts';
import { drawing } from './drawing.ts';

const vocabulary = 128_256;
const paper = 'Grattafiori and others 2024, The Llama 3 herd of models';
const source = 'Grattafiori and others 2024, table 3';

interface Size {
  readonly features: number;
  readonly heads: number;
  readonly hidden: number;
  readonly blocks: number;
}

function llama(name: string, { features, heads, hidden, blocks }: Size) {
  const d = drawing(name, '8192 tokens');
  const block = d.define('decoder block', (s, input) => {
    s.add('rmsNorm', { epsilon: 1e-5 });
    s.add('selfAttention', { heads, keyHeads: 8, causal: true, bias: false, rotary: true, rotaryBase: 500_000 });
    const attended = s.add('add', {}, { from: [input, s.last()] });
    const normed = s.add('rmsNorm', { epsilon: 1e-5 });
    const gate = s.add('dense', { units: hidden, bias: false, activation: 'silu' }, { name: 'gate' });
    const up = s.add('dense', { units: hidden, bias: false }, { name: 'up', from: normed });
    s.add('multiply', {}, { from: [gate, up] });
    s.add('dense', { units: features, bias: false }, { name: 'down' });
    s.add('add', {}, { from: [attended, s.last()] });
  });
  d.add('embedding', { vocabulary, features }, { name: 'token embedding' });
  d.block(block, { repeat: blocks, name: 'decoder' });
  d.add('rmsNorm', { epsilon: 1e-5 });
  d.add('dense', { units: vocabulary, bias: false }, { name: 'next token' });
  return d.finish();
}

export const llama3Small = defineModel({
  id: 'llama-3-8b',
  title: 'Llama 3 8B',
  family: 'text',
  year: 2024,
  summary: 'Open weights and 15 trillion tokens of training: a small model that stands beside large ones of the years before.',
  paper,
  published: { parameters: 8_000_000_000, source },
  build: () => llama('Llama 3 8B', { features: 4096, heads: 32, hidden: 14_336, blocks: 32 }),
});

export const llama3Large = defineModel({
  id: 'llama-3-70b',
  title: 'Llama 3 70B',
  family: 'text',
  year: 2024,
  summary: 'The same block eighty times, twice as wide; eight heads of keys serve sixty-four of queries.',
  paper,
  published: { parameters: 70_000_000_000, source },
  build: () => llama('Llama 3 70B', { features: 8192, heads: 64, hidden: 28_672, blocks: 80 }),
});
