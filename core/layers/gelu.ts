/** GELU: x · Φ(x), exact or with the tanh approximation. */
import { geluExact, geluTanh } from './activationMath.ts';
import { defineActivation } from './activationLayer.ts';

export const gelu = defineActivation({
  type: 'gelu',
  title: 'GELU',
  keywords: ['gaussian', 'transformer'],
  summary: 'Weighs each value by how large it is among normally distributed values: a smooth ReLU, usual in transformers.',
  source: 'Hendrycks, Gimpel 2016, Gaussian error linear units',
  params: {
    approximation: {
      kind: 'choice',
      label: 'Formula',
      doc: 'Exact, or the tanh approximation that GPT-2 used.',
      default: 'none',
      options: [
        { value: 'none', label: 'Exact', doc: 'x · Φ(x) with the error function.' },
        { value: 'tanh', label: 'Tanh', doc: '0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))).' },
      ],
    },
  },
  apply: (b, x, params) => (params.approximation === 'tanh' ? geluTanh(b, x) : geluExact(b, x)),
  describe: (params) => (params.approximation === 'tanh' ? 'tanh formula' : 'exact'),
});
