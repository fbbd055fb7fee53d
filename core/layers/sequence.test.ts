import { describe, expect, it } from 'vitest';
import type { ParamValues } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { chain } from '../graph/starterNetwork.ts';
import { createBuilder } from '../program/builder.ts';
import { gradients } from '../program/gradient.ts';
import { simplify } from '../plan/simplify.ts';
import { checkLayer, readShape } from '../testing/checkLayer.ts';
import { isShapeProblem } from './defineLayer.ts';
import { findLayer, resolveParams } from './index.ts';

describe('batteries', () => {
  it('LayerNorm', async () => {
    await checkLayer({ type: 'layerNorm', inputs: ['F5'], shape: 'B × 5', fixtures: ['layerNorm', 'layerNorm without weights'] });
    await checkLayer({ type: 'layerNorm', inputs: ['T2 F4'], shape: 'B × 2 × 4', fixtures: ['layerNorm on a sequence'] });
  });

  it('Embedding', async () => {
    await checkLayer({
      type: 'embedding',
      params: { vocabulary: 4, features: 3 },
      inputs: ['T5'],
      shape: 'B × 5 × 3',
      fixtures: ['embedding'],
    });
  });

  it('PositionalEmbedding', async () => {
    await checkLayer({ type: 'positionalEmbedding', inputs: ['T3 F4'], shape: 'B × 3 × 4', fixtures: ['positionalEmbedding'] });
  });

  it('LSTM', async () => {
    await checkLayer({ type: 'lstm', params: { units: 2 }, inputs: ['T5 F3'], shape: 'B × 2', fixtures: ['lstm, last'] });
    await checkLayer({
      type: 'lstm',
      params: { units: 2, returns: 'sequence' },
      inputs: ['T4 F3'],
      shape: 'B × 4 × 2',
      fixtures: ['lstm, sequence', 'lstm without bias, two steps'],
    });
    await checkLayer({ type: 'lstm', params: { units: 1, bias: false }, inputs: ['T1 F2'], shape: 'B × 1' });
  });

  it('TimestepEmbedding', async () => {
    await checkLayer({
      type: 'timestepEmbedding',
      params: { features: 6 },
      inputs: ['F1'],
      shape: 'B × 6',
      fixtures: ['timestepEmbedding', 'timestepEmbedding, odd'],
    });
  });

  it('SelfAttention', async () => {
    await checkLayer({
      type: 'selfAttention',
      params: { heads: 2 },
      inputs: ['T3 F4'],
      shape: 'B × 3 × 4',
      fixtures: ['selfAttention', 'selfAttention without bias'],
    });
    await checkLayer({
      type: 'selfAttention',
      params: { heads: 2, causal: true },
      inputs: ['T4 F4'],
      shape: 'B × 4 × 4',
      fixtures: ['selfAttention, causal'],
    });
    await checkLayer({
      type: 'selfAttention',
      params: { heads: 4, keyHeads: 2, causal: true },
      inputs: ['T3 F4'],
      shape: 'B × 3 × 4',
      fixtures: ['selfAttention with key heads'],
    });
    await checkLayer({
      type: 'selfAttention',
      params: { heads: 2, keyHeads: 1, causal: true, bias: false, rotary: true, rotaryBase: 500 },
      inputs: ['T3 F4'],
      shape: 'B × 3 × 4',
      fixtures: ['selfAttention, rotary', 'selfAttention as in Llama'],
    });
  });
});

function refusal(type: string, input: string, params: ParamValues = {}) {
  const definition = findLayer(type);
  if (definition === undefined) throw new Error(type);
  const result = definition.inferShape({
    params: resolveParams(definition, params),
    inputs: [readShape(input)],
    inputNames: ['input_1'],
    name: 'layer_1',
  });
  return isShapeProblem(result) ? result : undefined;
}

it.each([
  ['embedding', 'F5', 'layer_1 expects tokens (B × time, whole numbers), got B × 5 from input_1.'],
  ['lstm', 'F5', 'layer_1 expects sequences (B × time × features), got B × 5 from input_1.'],
  ['positionalEmbedding', 'C1 H4 W4', 'layer_1 expects sequences (B × time × features), got B × 1 × 4 × 4 from input_1.'],
  ['selfAttention', 'T5', 'layer_1 expects sequences (B × time × features), got B × 5 from input_1.'],
  ['layerNorm', 'C1 H4 W4', 'layer_1 expects a row of features (B × F), got B × 1 × 4 × 4 from input_1.'],
])('%s refuses %s', (type, input, message) => {
  expect(refusal(type, input)?.message).toBe(message);
});

it('tokens reach an Embedding only; elsewhere one is offered', () => {
  const shapes = (...layers: (readonly [string, ParamValues])[]) =>
    inferShapes(chain('text', [['input', { shape: '8 tokens' }], ...layers]), null);
  const { problems, nodes } = shapes(['embedding', { vocabulary: 50_257 }], ['lstm', {}]);
  expect(problems).toEqual([]);
  expect(nodes.get('n2')?.summary).toBe('50,257 tokens → 64');
  expect(nodes.get('n3')?.summary).toBe('128 units · last state');
  const [problem] = shapes(['dense', {}]).problems;
  expect(problem).toMatchObject({
    message: 'dense_1 expects features, got tokens (B × 8, whole numbers) from input_1.',
    fixes: [{ kind: 'insertAfter', edge: 'e1', layer: 'embedding' }],
  });
});

it('SelfAttention names heads that divide the features', () => {
  expect(refusal('selfAttention', 'T4 F12', { heads: 5 })).toMatchObject({
    message: 'layer_1: 5 heads do not divide the 12 features from input_1.',
    hint: 'Use 4 or 6 heads, or a number of features that 5 divides.',
    fixes: [{ value: 4 }, { value: 6 }],
  });
  expect(refusal('selfAttention', 'T4 F6', { heads: 8 })?.fixes).toMatchObject([{ value: 6 }]);
  expect(refusal('selfAttention', 'T4 F12', { heads: 6, keyHeads: 4 })).toMatchObject({
    message: 'layer_1: 4 key heads do not divide its 6 heads.',
    fixes: [{ value: 3 }, { value: 6 }],
  });
  expect(refusal('selfAttention', 'T4 F12', { heads: 4, rotary: true })?.message).toBe(
    'layer_1: rotary positions turn pairs of features, but a head has 3.',
  );
});

it('the gradients of an unrolled LSTM are few contractions and no long chain of additions', () => {
  const lstm = findLayer('lstm');
  if (lstm === undefined) throw new Error('lstm');
  const steps = 12;
  const context = {
    params: resolveParams(lstm, { units: 3, returns: 'sequence' }),
    inputs: [readShape(`T${steps} F4`)],
    inputNames: ['x'],
    name: 'lstm_1',
  };
  const b = createBuilder({ name: 'lstm', batchSize: 0 });
  const weights = Object.fromEntries(lstm.weights(context).map(({ name, shape }) => [name, b.slot(name, { shape, dtype: 'f32' })]));
  const x = b.slot('x', { shape: [2, steps, 4], dtype: 'f32' });
  const out = lstm.lower({ ...context, b, values: [x], weights, mode: 'train' });
  const all = [x, ...Object.values(weights)];
  const changes = gradients(b, b.sum(b.unary('square', out), [0, 1, 2]), all);
  changes.forEach((change, i) => b.assign(['x', ...Object.keys(weights)][i] ?? '', change));
  const { ops } = simplify(b.build());
  const count = (name: string) => ops.filter(({ op }) => op === name).length;
  // Forward 1 + T, backward T − 1 through time, and one each for x, W_ih and W_hh.
  expect(count('contract')).toBe(1 + steps + (steps - 1) + 3);
  const weightGradients = ops.filter((op) => op.op === 'contract' && op.attrs.out === 'oi').map(({ attrs }) => attrs);
  expect(weightGradients).toEqual([
    { left: 'bti', right: 'tbo', out: 'oi' },
    { left: 'tbi', right: 'tbo', out: 'oi' },
  ]);
  expect(count('pad')).toBe(0);
  // Gates per step, all gate gradients once for both weights, the states before and after each step.
  expect(count('concat')).toBe(steps + 3);
});
