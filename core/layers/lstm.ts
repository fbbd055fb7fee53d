/**
 * LSTM (PyTorch's LSTM). With gates i, f, g, o stacked in this order in every weight:
 *
 *   i, f, o = σ(W_ih x + b_ih + W_hh h + b_hh),  g = tanh(…),  c' = f · c + i · g,  h' = o · tanh(c'),  h = c = 0 at first
 */
import { defineLayer } from './defineLayer.ts';
import { gate, recurrentLayer, type Cell } from './recurrence.ts';
import { recurrentParams } from './recurrentState.ts';

const cell: Cell = {
  gates: 4,
  hasMemory: true,
  flopsPerUnit: 14,
  step(b, { input, recurrent, state: { hidden, memory }, name }) {
    const units = hidden.shape[1] ?? 1;
    const gates = b.add(input, recurrent);
    const part = (index: number, called: string, fn: 'sigmoid' | 'tanh') => name(b.unary(fn, gate(b, gates, index, units)), called);
    const taken = b.multiply(part(0, 'inputGate', 'sigmoid'), part(2, 'candidate', 'tanh'));
    const next = name(memory === undefined ? taken : b.add(b.multiply(part(1, 'forgetGate', 'sigmoid'), memory), taken), 'cell');
    return { hidden: b.multiply(part(3, 'outputGate', 'sigmoid'), b.unary('tanh', next)), memory: next };
  },
};

export const lstm = defineLayer({
  type: 'lstm',
  version: 1,
  title: 'LSTM',
  family: 'recurrent',
  keywords: ['recurrent', 'rnn', 'sequence', 'memory', 'time', 'gate', 'text', 'bidirectional', 'stacked', 'encoder', 'decoder', 'seq2seq'],
  doc: {
    summary:
      'Reads a sequence step by step and keeps a memory of it. Gates decide at every step what is taken in, what is forgotten and what is shown, so that it can remember over many steps where a plain recurrent layer fades. A second input, if connected, is the state to start from: the whole state of another LSTM, or a row of as many numbers as there are units.',
    source: 'Hochreiter, Schmidhuber 1997, Long short-term memory; Gers, Schmidhuber, Cummins 2000; formula as torch.nn.LSTM',
  },
  params: recurrentParams,
  ...recurrentLayer(cell),
});
