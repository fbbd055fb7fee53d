/**
 * The U-Net of DDPM for CIFAR-10: two residual blocks on each of four levels, attention at 16 × 16, skips from every block
 * of the way down to one of the way up. Which noise an image has reaches every residual block.
 */
import type { BlockId, NodeId } from '../graph/document.ts';
import { defineModel } from './defineModel.ts';
import { drawing, type Drawing, type Sketch } from './drawing.ts';

const base = 128;
/** Channels of the levels, 32 × 32 to 4 × 4. */
const levels = [base, 2 * base, 2 * base, 2 * base];
const blocksPerLevel = 2;
/** Attention stands on this level. */
const attentionLevel = 1;

const convolution = (filters: number, kernel = 3) => ({ filters, kernel, padding: (kernel - 1) / 2 });

function normActivate(s: Sketch, from?: NodeId): NodeId {
  s.add('groupNorm', { groups: 32, epsilon: 1e-6 }, from === undefined ? {} : { from });
  return s.add('silu');
}

function residual(d: Drawing, name: string, channels: number, filters: number): BlockId {
  return d.defineWith(name, ['image', 'noise level'], (s, [image = '', level = '']) => {
    normActivate(s, image);
    const first = s.add('conv2d', convolution(filters));
    s.add('silu', {}, { from: level });
    const shift = s.add('dense', { units: filters });
    normActivate(s, s.add('add', {}, { from: [first, shift] }));
    s.add('dropout', { probability: 0.1 });
    const second = s.add('conv2d', convolution(filters));
    const shortcut = channels === filters ? image : s.add('conv2d', convolution(filters, 1), { name: 'shortcut', from: image });
    s.add('add', {}, { from: [second, shortcut] });
  });
}

/** Every place looks at all others: the image as a sequence of its places. */
function attention(d: Drawing, channels: number, size: number): BlockId {
  return d.define(`attention ${size} × ${size}`, (s, input) => {
    s.add('groupNorm', { groups: 32, epsilon: 1e-6 });
    s.add('reshape', { shape: `${channels} × ${size * size}` });
    s.add('permute', { order: '2 1' });
    s.add('selfAttention', { heads: 1 });
    s.add('permute', { order: '2 1' });
    s.add('reshape', { shape: `${channels} × ${size} × ${size}` });
    s.add('add', {}, { from: [input, s.last()] });
  });
}

export const ddpmCifar10 = defineModel({
  id: 'ddpm-cifar10',
  title: 'DDPM U-Net, CIFAR-10',
  family: 'generative',
  year: 2020,
  summary: 'Learns to take a little noise away; a thousand times in a row, an image comes out of pure noise.',
  paper: 'Ho, Jain, Abbeel 2020, Denoising diffusion probabilistic models',
  published: { parameters: 35_700_000, source: 'Ho, Jain, Abbeel 2020, appendix B' },
  note: 'Pads on both sides where an image is halved; the original pads below and to the right.',
  build() {
    const d = drawing('DDPM U-Net, CIFAR-10', '3 × 32 × 32');
    const image = d.last();
    const known = new Map<string, BlockId>();
    const res = (channels: number, filters: number, from: NodeId): NodeId => {
      const name = channels === filters ? `residual ${filters}` : `residual ${channels} to ${filters}`;
      const id = known.get(name) ?? residual(d, name, channels, filters);
      known.set(name, id);
      return d.block(id, { from: [from, level] });
    };
    const attend = [16, 4].map((size, i) => attention(d, levels[i === 0 ? attentionLevel : 3] ?? base, size));
    d.add('input', { shape: '1' }, { from: [], name: 'step' });
    d.add('timestepEmbedding', { features: base });
    d.add('dense', { units: 4 * base, activation: 'silu' });
    const level = d.add('dense', { units: 4 * base }, { name: 'noise level' });

    let last = d.add('conv2d', convolution(base), { from: image });
    let channels = base;
    const skips: { readonly from: NodeId; readonly channels: number }[] = [{ from: last, channels }];
    levels.forEach((filters, i) => {
      for (let k = 0; k < blocksPerLevel; k++) {
        last = res(channels, filters, last);
        channels = filters;
        if (i === attentionLevel) last = d.block(attend[0] ?? '', { name: `attention down ${k + 1}` });
        skips.push({ from: last, channels });
      }
      if (i === levels.length - 1) return;
      last = d.add('conv2d', { ...convolution(filters), stride: 2 }, { name: `down ${i + 1}` });
      skips.push({ from: last, channels });
    });
    last = res(channels, channels, last);
    last = d.block(attend[1] ?? '', { name: 'attention in the middle' });
    last = res(channels, channels, last);
    for (const [i, filters] of [...levels.entries()].reverse()) {
      for (let k = 0; k <= blocksPerLevel; k++) {
        const skip = skips.pop();
        if (skip === undefined) throw new Error('The way up has more blocks than the way down.');
        last = d.add('concat', {}, { from: [last, skip.from] });
        last = res(channels + skip.channels, filters, last);
        channels = filters;
        if (i === attentionLevel) last = d.block(attend[0] ?? '', { name: `attention up ${k + 1}` });
      }
      if (i === 0) break;
      d.add('upsample');
      last = d.add('conv2d', convolution(filters), { name: `up ${i}` });
    }
    normActivate(d, last);
    d.add('conv2d', convolution(3), { name: 'noise' });
    return d.finish();
  },
});
