/** SwiGLU (Shazeer 2020; Llama): y = W_down · (silu(W_gate x) · W_up x), at every step alike. */
import { sampleSize } from '../graph/shape.ts';
import { silu } from './activationMath.ts';
import { defineLayer } from './defineLayer.ts';
import { onlyShape, onlyValue, requireFeatures } from './helpers.ts';
import { initialiserParam } from './initialisers.ts';
import { linear, linearWeights } from './linear.ts';

export const swiGlu = defineLayer({
  type: 'swiGlu',
  version: 1,
  title: 'SwiGLU',
  family: 'attention',
  keywords: ['swish', 'gated linear unit', 'glu', 'feed-forward', 'ffn', 'mlp', 'transformer', 'llama'],
  doc: {
    summary:
      'A feed-forward layer whose hidden units are opened and closed by gates of their own: two Dense layers side by side, one through SiLU, multiplied and brought back to as many features as arrived. Used in Llama in place of Dense, activation, Dense.',
    source: 'Shazeer 2020, GLU variants improve transformer',
  },
  params: {
    hidden: {
      kind: 'integer',
      label: 'Hidden units',
      doc: 'Units and gates in between; 0: 8/3 of the features, which makes as many weights as four times the features without gates.',
      default: 0,
      min: 0,
      max: 1_000_000,
      step: 1,
    },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds learned numbers in all three linear maps.', default: false },
    initialiser: initialiserParam,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape: (context) => requireFeatures(context) ?? onlyShape(context.inputs),
  weights({ params, inputs }) {
    const features = onlyShape(inputs).at(-1)?.size ?? 1;
    const hidden = gatedUnits(params.hidden, features);
    return [
      ...linearWeights('gate', features, hidden, params),
      ...linearWeights('up', features, hidden, params),
      ...linearWeights('down', hidden, features, params),
    ];
  },
  lower({ b, values, weights }) {
    const x = onlyValue(values);
    const gates = silu(b, linear(b, x, weights.gateWeight, weights.gateBias));
    const hidden = b.multiply(gates, linear(b, x, weights.upWeight, weights.upBias));
    return linear(b, hidden, weights.downWeight, weights.downBias);
  },
  describe({ params, inputs }) {
    const features = inputs[0]?.at(-1)?.size;
    const isOpen = params.hidden === 0 && (features === undefined || features === null);
    return `${isOpen ? '8/3 × features' : gatedUnits(params.hidden, features ?? 1)} hidden units`;
  },
  flops({ params, inputs }) {
    const x = onlyShape(inputs);
    return 6 * sampleSize(x) * gatedUnits(params.hidden, x.at(-1)?.size ?? 1);
  },
});

function gatedUnits(hidden: number, features: number): number {
  return hidden === 0 ? Math.max(1, Math.floor((8 * features) / 3)) : hidden;
}
