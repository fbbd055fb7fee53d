import { describe, expect, it } from 'vitest';
import type { ParamValues } from '../graph/document.ts';
import { inferShapes } from '../graph/inferShapes.ts';
import { chain } from '../graph/starterNetwork.ts';
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

  it('TimestepEmbedding', async () => {
    await checkLayer({
      type: 'timestepEmbedding',
      params: { features: 6 },
      inputs: ['F1'],
      shape: 'B × 6',
      fixtures: ['timestepEmbedding', 'timestepEmbedding, odd'],
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
  ['positionalEmbedding', 'C1 H4 W4', 'layer_1 expects sequences (B × time × features), got B × 1 × 4 × 4 from input_1.'],
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
