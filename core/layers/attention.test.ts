import { describe, expect, it } from 'vitest';
import type { ParamValues } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { checkLayer, readShape } from '../testing/checkLayer.ts';
import { runProgram } from '../testing/checkOp.ts';
import { draw } from '../testing/documents.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { createBuilder } from '../program/builder.ts';
import { isShapeProblem } from './defineLayer.ts';
import { findLayer, resolveParams } from './index.ts';
import { selfAttention } from './attention.ts';

describe('batteries', () => {
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

  it('SelfAttention with padding', async () => {
    await checkLayer({
      type: 'selfAttention',
      params: { heads: 2, causal: true, paddingToken: 1 },
      inputs: ['T3 F4', 'T3'],
      shape: 'B × 3 × 4',
      fixtures: ['selfAttention with padding', 'selfAttention, causal, with padding'],
    });
    await checkLayer({ type: 'selfAttention', params: { heads: 1, dropout: 0.4 }, inputs: ['T3 F2'], shape: 'B × 3 × 2', mode: 'train' });
  });

  it('CrossAttention', async () => {
    await checkLayer({
      type: 'crossAttention',
      params: { heads: 2 },
      inputs: ['T3 F4', 'T2 F3'],
      shape: 'B × 3 × 4',
      fixtures: ['crossAttention', 'crossAttention to a memory of other features'],
    });
    await checkLayer({
      type: 'crossAttention',
      params: { heads: 4, keyHeads: 2, dropout: 0.2 },
      inputs: ['T2 F4', 'T3 F2', 'T3'],
      shape: 'B × 2 × 4',
      mode: 'train',
      fixtures: ['crossAttention with padding', 'crossAttention with key heads'],
    });
  });
});

/** The problem of a layer where such shapes arrive. */
function refusal(type: string, inputs: readonly string[], params: ParamValues = {}) {
  const definition = findLayer(type);
  if (definition === undefined) throw new Error(type);
  const result = definition.inferShape({
    params: resolveParams(definition, params),
    inputs: inputs.map(readShape),
    inputNames: inputs.map((_, i) => `input_${i + 1}`),
    name: 'layer_1',
  });
  return isShapeProblem(result) ? result : undefined;
}

it.each([
  ['selfAttention', ['T5'], 0, 'layer_1 expects sequences (B × time × features), got B × 5 from input_1.'],
  ['crossAttention', ['T5 F4', 'F4'], 1, 'layer_1 expects sequences (B × time × features), got B × 4 from input_2.'],
  [
    'selfAttention',
    ['T5 F4', 'T6'],
    1,
    'layer_1 expects one token for each of 5 steps (B × 5) to see where there is padding, got B × 6 from input_2.',
  ],
  [
    'crossAttention',
    ['T5 F4', 'T3 F4', 'T5'],
    2,
    'layer_1 expects one token for each of 3 steps (B × 3) to see where there is padding, got B × 5 from input_3.',
  ],
])('%s refuses %j', (type, inputs, port, message) => {
  const problem = refusal(type, inputs);
  expect(problem?.message).toBe(message);
  expect(problem?.port ?? 0).toBe(port);
});

it('tokens may arrive as padding, and only there', () => {
  const edges = 'words>known known>read known>write words>write';
  const shapes = (connections: string) =>
    inferShapes(
      draw('words:input known:embedding read:selfAttention write:selfAttention', connections, { words: { shape: '6 tokens' } }),
      null,
    );
  const inAttention = (connections: string) => shapes(connections).nodes.get('write')?.problems ?? [];
  expect(inAttention(edges)).toEqual([]);
  expect(shapes(edges).nodes.get('write')?.summary).toBe('4 heads · padding unseen');
  expect(inAttention('words>known known>read words>write known>write')[0]).toMatchObject({
    code: 'shape.needsEmbedding',
    fixes: [{ kind: 'insertAfter', edge: 'words>write', layer: 'embedding' }],
  });
});

it('a sequence that is all padding gives numbers', async () => {
  const b = createBuilder({ name: 'padded', batchSize: 0 });
  const x = b.slot('x', { shape: [1, 2, 2], dtype: 'f32' });
  const weights = { inWeight: b.constant(0.5, [6, 2]), outWeight: b.constant(1, [2, 2]) };
  const padded = b.constant(1, [1, 2]);
  b.assign('out', selfAttention(b, x, { heads: 1, causal: true, dropout: 0 }, { weights, padded, mode: 'train' }));
  const slots = ['x', 'out'].map((name) => ({ name, kind: 'carry', type: { shape: [1, 2, 2], dtype: 'f32' } }) as const);
  const data = new Map([['x', Float64Array.of(1, 2, 3, 4)]]);
  const results = await runProgram({ engine: createReferenceEngine({ precision: 'f64' }), program: b.build(), slots, data });
  // The second step sees both alike: values 0.5 · (1 + 2) and 0.5 · (3 + 4).
  expect([...(results.get('out') ?? [])]).toEqual([3, 3, 5, 5]);
});

it('SelfAttention names heads that divide the features', () => {
  expect(refusal('selfAttention', ['T4 F12'], { heads: 5 })).toMatchObject({
    message: 'layer_1: 5 heads do not divide the 12 features from input_1.',
    hint: 'Use 4 or 6 heads, or a number of features that 5 divides.',
    fixes: [{ value: 4 }, { value: 6 }],
  });
  expect(refusal('selfAttention', ['T4 F6'], { heads: 8 })?.fixes).toMatchObject([{ value: 6 }]);
  expect(refusal('selfAttention', ['T4 F12'], { heads: 6, keyHeads: 4 })).toMatchObject({
    message: 'layer_1: 4 key heads do not divide its 6 heads.',
    fixes: [{ value: 3 }, { value: 6 }],
  });
  expect(refusal('selfAttention', ['T4 F12'], { heads: 4, rotary: true })?.message).toBe(
    'layer_1: rotary positions turn pairs of features, but a head has 3.',
  );
});
