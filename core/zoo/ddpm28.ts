/**
 * A DDPM U-Net for grey images of 28 × 28 that trains on a processor: one residual block per level on the way down and up,
 * attention at 7 × 7. What costs little stays wide and what costs much narrow: a convolution at 28 × 28 is sixteen times
 * the work of the same at 7 × 7.
 */
import type { BlockId } from '../graph/document.ts';
import { defineModel } from './defineModel.ts';
import { drawing, type Drawing, type Sketch } from './drawing.ts';

const size = 28;
/** Channels at 28 × 28, 14 × 14 and 7 × 7. */
const levels = [32, 48, 96] as const;
const groups = 8;
/** Width of the noise level as every residual block gets it. */
const levelFeatures = 128;

const convolution = (filters: number, kernel = 3) => ({ filters, kernel, padding: (kernel - 1) / 2 });

function normActivate(s: Sketch): void {
  s.add('groupNorm', { groups });
  s.add('silu');
}

function residual(d: Drawing, channels: number, filters: number): BlockId {
  return d.defineWith(`residual ${channels} to ${filters}`, ['image', 'noise level'], (s, [image = '', level = '']) => {
    s.add('groupNorm', { groups }, { from: image });
    s.add('silu');
    const first = s.add('conv2d', convolution(filters));
    const shift = s.add('dense', { units: filters }, { from: level });
    s.add('add', {}, { from: [first, shift] });
    normActivate(s);
    const second = s.add('conv2d', convolution(filters));
    const shortcut = channels === filters ? image : s.add('conv2d', convolution(filters, 1), { name: 'shortcut', from: image });
    s.add('add', {}, { from: [second, shortcut] });
  });
}

function attention(d: Drawing, channels: number, places: number): BlockId {
  return d.define(`attention ${places} × ${places}`, (s, input) => {
    s.add('groupNorm', { groups });
    s.add('reshape', { shape: `${channels} × ${places * places}` });
    s.add('permute', { order: '2 1' });
    s.add('selfAttention', { heads: 4 });
    s.add('permute', { order: '2 1' });
    s.add('reshape', { shape: `${channels} × ${places} × ${places}` });
    s.add('add', {}, { from: [input, s.last()] });
  });
}

export const ddpm28 = defineModel({
  id: 'ddpm-28',
  title: 'DDPM U-Net 28 × 28',
  family: 'generative',
  year: 2020,
  summary: 'The diffusion U-Net at the size of small grey images: its samples come after minutes of training.',
  paper: 'Ho, Jain, Abbeel 2020, Denoising diffusion probabilistic models',
  note: 'Three levels with one block each instead of four with two; channels are reduced by a 1×1 convolution before an image is enlarged, which gives what the same convolution behind it would, at a quarter of the work.',
  build() {
    const d = drawing('DDPM U-Net 28 × 28', `1 × ${size} × ${size}`);
    const image = d.last();
    const [fine, middle, coarse] = levels;
    d.add('input', { shape: '1' }, { from: [], name: 'step' });
    d.add('timestepEmbedding', { features: 2 * fine });
    d.add('dense', { units: levelFeatures, activation: 'silu' });
    const level = d.add('dense', { units: levelFeatures, activation: 'silu' }, { name: 'noise level' });
    const block = (channels: number, filters: number) => d.block(residual(d, channels, filters), { from: [d.last(), level] });

    d.add('conv2d', convolution(fine), { from: image });
    const fineSkip = block(fine, fine);
    d.add('conv2d', { ...convolution(fine), stride: 2 }, { name: 'down 1' });
    const middleSkip = block(fine, middle);
    d.add('conv2d', { ...convolution(middle), stride: 2 }, { name: 'down 2' });
    block(middle, coarse);
    d.block(attention(d, coarse, size / 4), { name: 'attention' });
    block(coarse, coarse);
    for (const [filters, skip] of [
      [middle, middleSkip],
      [fine, fineSkip],
    ] as const) {
      d.add('conv2d', convolution(filters, 1));
      const enlarged = d.add('upsample', {}, { name: `up to ${filters}` });
      d.add('concat', {}, { from: [enlarged, skip] });
      block(2 * filters, filters);
    }
    normActivate(d);
    d.add('conv2d', convolution(1), { name: 'noise' });
    return d.finish();
  },
});
