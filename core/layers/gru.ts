/**
 * GRU (PyTorch's GRU). With gates r, z, n stacked in this order in every weight:
 *
 *   r, z = σ(W_ih x + b_ih + W_hh h + b_hh),  n = tanh(W_in x + b_in + r · (W_hn h + b_hn)),  h' = (1 − z) · n + z · h
 *
 * The reset gate acts on the product with the hidden state, as in PyTorch and cuDNN, not on the state before it as in the paper.
 */
import { defineLayer } from './defineLayer.ts';
import { gate, recurrentLayer, type Cell } from './recurrence.ts';
import { recurrentParams } from './recurrentState.ts';

const cell: Cell = {
  gates: 3,
  gatesApart: 1,
  hasMemory: false,
  flopsPerUnit: 13,
  step(b, { input, recurrent, apart, state: { hidden }, name }) {
    const units = hidden.shape[1] ?? 1;
    const opened = (index: number, called: string) =>
      name(b.unary('sigmoid', b.add(gate(b, input, index, units), gate(b, recurrent, index, units))), called);
    const remembered = gate(b, recurrent, 2, units);
    const shifted = apart === undefined ? remembered : b.add(remembered, apart);
    const proposed = name(b.unary('tanh', b.add(gate(b, input, 2, units), b.multiply(opened(0, 'resetGate'), shifted))), 'newState');
    return { hidden: b.add(proposed, b.multiply(opened(1, 'updateGate'), b.subtract(hidden, proposed))) };
  },
};

export const gru = defineLayer({
  type: 'gru',
  version: 1,
  title: 'GRU',
  family: 'recurrent',
  keywords: ['recurrent', 'rnn', 'sequence', 'memory', 'time', 'gate', 'text', 'bidirectional', 'stacked', 'encoder', 'decoder', 'seq2seq'],
  doc: {
    summary:
      'Reads a sequence step by step, with two gates instead of the LSTM’s three and no memory besides its hidden state: one decides how much of the old state enters the proposal for a new one, the other how much of it replaces the old. Three quarters of the weights and often as good. A second input, if connected, is the state to start from.',
    source:
      'Cho and others 2014, Learning phrase representations using RNN encoder-decoder for statistical machine translation; formula as torch.nn.GRU',
  },
  params: recurrentParams,
  ...recurrentLayer(cell),
});
