/**
 * LSTM (PyTorch's LSTM, one layer, one direction). With gates i, f, g, o stacked in this order in every weight:
 *
 *   i, f, o = σ(W_ih x + b_ih + W_hh h + b_hh),  g = tanh(…),  c' = f · c + i · g,  h' = o · tanh(c'),  h = c = 0 at first
 *
 * The steps are unrolled. The inputs of all steps are projected in one contraction before; that the gradient of W_hh is one
 * contraction too follows from the rules of `gradients`.
 */
import { batchDim, dim } from '../graph/shape.ts';
import type { Builder, Value } from '../program/builder.ts';
import { defineLayer, type Initialiser } from './defineLayer.ts';
import { onlyShape, onlyValue, requireSequence } from './helpers.ts';
import { initialiserParam, startValues } from './initialisers.ts';

export const lstm = defineLayer({
  type: 'lstm',
  version: 1,
  title: 'LSTM',
  family: 'recurrent',
  keywords: ['recurrent', 'rnn', 'sequence', 'memory', 'time', 'gate', 'text'],
  doc: {
    summary:
      'Reads a sequence step by step and keeps a memory of it. Gates decide at every step what is taken in, what is forgotten and what is shown, so that it can remember over many steps where a plain recurrent layer fades.',
    source: 'Hochreiter, Schmidhuber 1997, Long short-term memory; Gers, Schmidhuber, Cummins 2000; formula as torch.nn.LSTM',
  },
  params: {
    units: {
      kind: 'integer',
      label: 'Units',
      doc: 'Size of the hidden state and of the memory.',
      default: 128,
      min: 1,
      max: 65_536,
      step: 1,
    },
    returns: {
      kind: 'choice',
      label: 'Returns',
      doc: 'What leaves the layer.',
      default: 'last',
      options: [
        {
          value: 'last',
          label: 'Last state',
          doc: 'The hidden state after the last step: one row per sample, for a Dense that classifies.',
        },
        {
          value: 'sequence',
          label: 'Whole sequence',
          doc: 'The hidden state after every step, for a further recurrent layer or a prediction per step.',
        },
      ],
    },
    bias: { kind: 'boolean', label: 'Bias', doc: 'Adds learned numbers to every gate: two, as in PyTorch.', default: true },
    initialiser: initialiserParam,
  },
  inputCount: { min: 1, max: 1 },
  hasOutput: true,
  inferShape(context) {
    const problem = requireSequence(context);
    if (problem !== undefined) return problem;
    const { units, returns } = context.params;
    return returns === 'last' ? [batchDim, dim('F', units)] : [...onlyShape(context.inputs).slice(0, 2), dim('F', units)];
  },
  weights({ params: { units, bias, initialiser: choice }, inputs }) {
    const features = onlyShape(inputs)[2]?.size ?? 1;
    // PyTorch starts weights and biases alike, by the units instead of the inputs.
    const own: Initialiser = { kind: 'uniform', bound: 1 / Math.sqrt(units) };
    const start = (inputsEach: number) => startValues(choice, inputsEach, 4 * units, own);
    const specs = [
      { name: 'weightIh', shape: [4 * units, features], initialiser: start(features).weight },
      { name: 'weightHh', shape: [4 * units, units], initialiser: start(units).weight },
    ];
    const biases = ['biasIh', 'biasHh'].map((name) => ({
      name,
      shape: [4 * units],
      initialiser: choice === 'default' ? own : start(units).bias,
    }));
    return bias ? [...specs, ...biases] : specs;
  },
  lower({ b, params: { units, returns }, values, weights }) {
    const { weightIh, weightHh, biasIh, biasHh } = weights;
    if (weightIh === undefined || weightHh === undefined) throw new Error('LSTM was lowered without its weights.');
    const x = onlyValue(values); // (B, T, F)
    const [batch = 1, steps = 1] = x.shape;
    const sums = b.contract('bti,oi->tbo', x, weightIh); // (T, B, 4 · units): a step is one dense stretch
    const projected = biasIh === undefined || biasHh === undefined ? sums : b.add(sums, b.add(biasIh, biasHh));
    let hidden = b.constant(0, [batch, units]);
    let memory: Value | undefined;
    const states: Value[] = [];
    for (let t = 0; t < steps; t++) {
      const input = b.reshape(b.slice(projected, 0, t, 1), [batch, 4 * units]);
      const gates = b.add(input, b.contract('bi,oi->bo', hidden, weightHh));
      ({ hidden, memory } = step(b, gates, memory));
      states.push(b.reshape(hidden, [1, batch, units]));
    }
    return returns === 'last' ? hidden : b.transpose(b.concat(states, 0), [1, 0, 2]);
  },
  describe({ params: { units, returns } }) {
    return `${units} ${units === 1 ? 'unit' : 'units'} · ${returns === 'last' ? 'last state' : 'sequence'}`;
  },
  flops({ params: { units }, inputs }) {
    const [, steps, features] = onlyShape(inputs).map((d) => d.size ?? 1);
    return (steps ?? 1) * (8 * units * ((features ?? 1) + units) + 14 * units);
  },
});

/** Gates (B, 4 · units) and memory (B, units), absent where it is 0, to the next hidden state and memory. */
function step(b: Builder, gates: Value, memory: Value | undefined): { hidden: Value; memory: Value } {
  const units = (gates.shape[1] ?? 0) / 4;
  const part = (index: number) => b.slice(gates, 1, index * units, units);
  const taken = b.multiply(b.unary('sigmoid', part(0)), b.unary('tanh', part(2)));
  const next = memory === undefined ? taken : b.add(b.multiply(b.unary('sigmoid', part(1)), memory), taken);
  return { hidden: b.multiply(b.unary('sigmoid', part(3)), b.unary('tanh', next)), memory: next };
}
