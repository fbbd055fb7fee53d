import { it } from 'vitest';
import { checkLayer, type LayerCheck } from '../testing/checkLayer.ts';

const checks: Omit<LayerCheck, 'inputs' | 'shape'>[] = [
  { type: 'relu', fixtures: ['relu'], range: [0.1, 2] },
  { type: 'leakyRelu', fixtures: ['leakyRelu', 'leakyRelu 0.2'], params: { negativeSlope: 0.3 }, range: [-2, -0.1] },
  { type: 'prelu', fixtures: ['prelu'], range: [-2, -0.1] },
  { type: 'elu', fixtures: ['elu', 'elu 0.5'], params: { alpha: 0.7 }, range: [-2, -0.1] },
  { type: 'selu', fixtures: ['selu'], range: [-2, -0.1] },
  { type: 'gelu', fixtures: ['gelu'] },
  { type: 'gelu', fixtures: ['gelu tanh'], params: { approximation: 'tanh' } },
  { type: 'silu', fixtures: ['silu'] },
  { type: 'mish', fixtures: ['mish'] },
  { type: 'sigmoid', fixtures: ['sigmoid'] },
  { type: 'tanh', fixtures: ['tanh'] },
  { type: 'identity', fixtures: ['identity'] },
  { type: 'softplus', fixtures: ['softplus'] },
  { type: 'hardSigmoid', fixtures: ['hardSigmoid'] },
  { type: 'hardSwish', fixtures: ['hardSwish'] },
  { type: 'softmax', fixtures: ['softmax', 'softmax of a batch'] },
  { type: 'logSoftmax', fixtures: ['logSoftmax', 'logSoftmax of a batch'] },
];

it.each(checks)('$type $fixtures', async (check) => {
  await checkLayer({ inputs: ['F5'], shape: 'B × 5', ...check });
});

it.each(['relu', 'gelu'])('%s on images', async (type) => {
  await checkLayer({ type, inputs: ['C2 H2 W3'], shape: 'B × 2 × 2 × 3', range: [0.2, 2] });
});

it('prelu with a slope per channel', async () => {
  const params = { perChannel: true };
  await checkLayer({
    type: 'prelu',
    params,
    inputs: ['C2 H2 W2'],
    shape: 'B × 2 × 2 × 2',
    range: [-2, -0.1],
    fixtures: ['prelu per channel'],
  });
});
