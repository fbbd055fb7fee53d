import { describe, expect, it } from 'vitest';
import { inferShapes } from '../graph/inferShapes.ts';
import { checkLayer } from '../testing/checkLayer.ts';
import { draw } from '../testing/documents.ts';

describe('batteries', () => {
  it('FeedForward', async () => {
    await checkLayer({ type: 'feedForward', params: { activation: 'tanh' }, inputs: ['F2'], shape: 'B × 2' });
    await checkLayer({
      type: 'feedForward',
      params: { hidden: 3, activation: 'silu', dropout: 0.3 },
      inputs: ['T2 F2'],
      shape: 'B × 2 × 2',
      mode: 'train',
      fixtures: ['feedForward', 'feedForward of rows, without bias'],
    });
  });

  it('SwiGLU', async () => {
    await checkLayer({
      type: 'swiGlu',
      params: { hidden: 2 },
      inputs: ['T2 F3'],
      shape: 'B × 2 × 3',
      fixtures: ['swiGlu', 'swiGlu with bias'],
    });
  });

  it('SinusoidalEmbedding', async () => {
    await checkLayer({
      type: 'sinusoidalEmbedding',
      inputs: ['T3 F4'],
      shape: 'B × 3 × 4',
      fixtures: ['sinusoidalEmbedding', 'sinusoidalEmbedding, odd, scaled'],
    });
  });

  it('TransformerEncoder', async () => {
    await checkLayer({
      type: 'transformerEncoder',
      params: { heads: 2, hidden: 2, activation: 'tanh' },
      inputs: ['T2 F4', 'T2'],
      shape: 'B × 2 × 4',
      mode: 'train',
      fixtures: ['transformerEncoder', 'transformerEncoder with padding'],
    });
    await checkLayer({
      type: 'transformerEncoder',
      params: { heads: 2, keyHeads: 1, hidden: 3, activation: 'gelu', norm: 'pre', causal: true },
      inputs: ['T3 F4'],
      shape: 'B × 3 × 4',
      fixtures: ['transformerEncoder, pre-norm, causal', 'transformerEncoder without bias'],
    });
  });

  it('TransformerDecoder', async () => {
    await checkLayer({
      type: 'transformerDecoder',
      params: { heads: 1, hidden: 2, activation: 'tanh' },
      inputs: ['T2 F4', 'T3 F3', 'T3'],
      shape: 'B × 2 × 4',
      fixtures: ['transformerDecoder', 'transformerDecoder, pre-norm', 'transformerDecoder with padding'],
    });
  });
});

it('an encoder and a decoder of blocks fit together', () => {
  const { problems, nodes } = inferShapes(
    draw(
      'read:input known:embedding where:sinusoidalEmbedding encoder:transformerEncoder said:input so:embedding decoder:transformerDecoder',
      'read>known known>where where>encoder read>encoder said>so so>decoder encoder>decoder read>decoder',
      { read: { shape: '6 tokens' }, said: { shape: '4 tokens' }, decoder: { norm: 'pre' }, encoder: { keyHeads: 2 } },
    ),
    null,
  );
  expect(problems.filter(({ where }) => where?.kind === 'node')).toEqual([]);
  expect(nodes.get('encoder')?.summary).toBe('4 heads · 2 for keys · post-norm · padding unseen');
  expect(nodes.get('decoder')?.summary).toBe('4 heads · pre-norm · causal · padding unseen');
  // Features of 64: attention 4 · 64² + 4 · 64 each, feed-forward 8 · 64² + 5 · 64, norms 128 each.
  expect(nodes.get('decoder')?.parameters).toBe(2 * (4 * 4096 + 256) + 8 * 4096 + 320 + 3 * 128);
});

it.each([
  ['transformerDecoder', 'x>block y>block', 'y', 'block expects sequences (B × time × features), got B × 8 from y.'],
  ['transformerEncoder', 'y>block', 'y', 'block expects sequences (B × time × features), got B × 8 from y.'],
  ['feedForward', 'z>block', 'z', 'block expects a row of features (B × F), got B × 1 × 2 × 2 from z.'],
  ['swiGlu', 'z>block', 'z', 'block expects a row of features (B × F), got B × 1 × 2 × 2 from z.'],
  ['sinusoidalEmbedding', 'y>block', 'y', 'block expects sequences (B × time × features), got B × 8 from y.'],
])('%s refuses %s', (type, edges, from, message) => {
  const { nodes } = inferShapes(
    draw(`x0:input x:embedding y:input z:input block:${type}`, `x0>x ${edges}`, {
      x0: { shape: '3 tokens' },
      y: { shape: '8' },
      z: { shape: '1 × 2 × 2' },
    }),
    null,
  );
  const [problem] = nodes.get('block')?.problems ?? [];
  expect(problem?.message).toBe(message);
  expect(problem?.fixes?.[0]).toMatchObject({ kind: 'insertAfter', edge: `${from}>block` });
});

it('a block names heads that divide the features', () => {
  const { nodes } = inferShapes(
    draw('x:input e:embedding block:transformerEncoder', 'x>e e>block', { x: { shape: '3 tokens' }, e: { features: 10 } }),
    null,
  );
  expect(nodes.get('block')?.problems[0]).toMatchObject({
    message: 'block: 4 heads do not divide the 10 features from e.',
    fixes: [
      { param: 'heads', value: 2 },
      { param: 'heads', value: 5 },
    ],
  });
});
